"""Opens the demo shop, step by step, keeps it open, and closes it.

Nothing of it is left running afterwards, however it ends: children die with us (on Linux), and the next start ends
what a killed one left.
"""

import errno
import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from shop.dev import fingerprints, ports, surroundings, welcome
from shop.dev.binaries import NotInstalled
from shop.dev.child import DidNotStart
from shop.dev.place import InUse, Place
from shop.dev.postgres import Postgres
from shop.dev.programs import Programs
from shop.dev.steps import Steps
from shop.dev.supervisor import Rank, StepFailed, Supervisor
from shop.dev.systemuser import NoSystemUser
from shop.dev.valkey import Valkey

STEPS = 7
EXPECTED = (DidNotStart, StepFailed, NotInstalled, NoSystemUser)


class CannotOpen(RuntimeError):
    """The shop cannot be opened like this; the message says why and what to do."""


@dataclass(frozen=True)
class Wishes:
    """What the command line asked for."""

    port: int = 8000
    reset: bool = False
    orders: int = 40


def run(wishes: Wishes, *, console: Console) -> int:
    """Open the shop and keep it open until Ctrl-C; the exit code."""
    place = Place(str(wishes.port))
    try:
        check_environment()
        with place.held():
            Opening(wishes, place=place, console=console).run()
    except InUse as error:
        return complain(console, already_open(wishes, pid=error.pid))
    except CannotOpen as error:
        return complain(console, str(error))
    except OSError as error:
        return complain(console, explain(error, place=place))
    return 0


def complain(console: Console, message: str) -> int:
    console.print(message, markup=False, highlight=False, style="red", soft_wrap=True)
    return 1


def explain(error: OSError, *, place: Place) -> str:
    """A file-system error, in one paragraph with what to do."""
    told = f"{error.filename or place.folder}: {error.strerror or error}."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        owner = "If an earlier run as another user made it, remove it as that user or run as that user again."
        return f"{told} The demo keeps its data in {place.folder.parent}, which must be writable. {owner}"
    if error.errno == errno.ENOSPC:
        return f"{told} Make room (the demo needs about 500 MB) and start again."
    return told


def check_environment() -> None:
    if os.environ.get("SHOP_ENV", "development") != "development":
        raise CannotOpen(
            "The demo fills a shop with invented data: it runs with SHOP_ENV=development only. Unset SHOP_ENV."
        )


def already_open(wishes: Wishes, *, pid: int) -> str:
    return (
        f"The demo is already running on port {wishes.port} (process {pid}): http://{ports.HOST}:{wishes.port}/\n"
        "Stop it with Ctrl-C in its terminal, or open a second shop beside it: "
        f"bin/demo --port {next_port(wishes.port)}"
    )


def next_port(port: int) -> int:
    return next((p for p in range(port + 1, min(port + 200, 65536)) if ports.is_free(p)), ports.any_free())


class Opening:
    """One run of the demo, from the first check to the last child stopped."""

    def __init__(self, wishes: Wishes, *, place: Place, console: Console) -> None:
        self.wishes, self.place, self.console = wishes, place, console
        self.steps = Steps(console, total=STEPS)
        self.supervisor = Supervisor(roster=place.roster, tell=self.tell)
        self.database = None if os.environ.get("DATABASE_URL") else Postgres(place.folder)
        self.cache = None if os.environ.get("REDIS_URL") else Valkey(place.folder)

    def tell(self, text: str) -> None:
        self.console.print(
            f"{time.strftime('%H:%M:%S')} {text}", markup=False, highlight=False, soft_wrap=True
        )

    def run(self) -> None:
        self.supervisor.obey_signals()
        began = time.monotonic()
        try:
            self.clear_the_ground()
            programs = self.open()
            self.console.print(welcome.text(programs.own, place=self.place, seconds=time.monotonic() - began))
            self.supervisor.watch()
        except KeyboardInterrupt:
            self.console.print("\nClosing the shop …")
        except EXPECTED as error:
            raise CannotOpen(f"{error}\n{self.advice()}") from None
        finally:
            self.supervisor.stop()
        self.console.print("Everything is stopped.")

    def advice(self) -> str:
        return (
            "Everything that was started is stopped again. If it was interrupted or changed, the data may be at fault: "
            f"bin/demo --port {self.wishes.port} --reset makes the demo shop anew."
        )

    # Before anything starts

    def clear_the_ground(self) -> None:
        """End what a killed run left, obey --reset, and see that the port is ours."""
        left = self.place.roster.end_leftovers()
        if self.database and self.database.end_leftover():
            left.append("PostgreSQL")
        if left:
            self.tell(
                f"An earlier run was killed. Ended what it left behind: {', '.join(dict.fromkeys(left))}."
            )
        if self.wishes.reset:
            self.reset()
        self.check_port()

    def reset(self) -> None:
        self.tell(
            f"Removing the demo data of port {self.wishes.port} ({self.place.folder}): database, pictures, mails, "
            "simulated payments, secrets, logs."
        )
        if self.database:
            self.database.remove()
            self.database = Postgres(self.place.folder)
        else:
            self.tell("The database named by DATABASE_URL is yours and stays as it is.")
        self.place.clear()

    def check_port(self) -> None:
        """Refuse a port that somebody else listens on; what we ended ourselves gets a moment to let go."""
        port = self.wishes.port
        until = time.monotonic() + 4
        while not ports.is_free(port) and not ports.answers(port) and time.monotonic() < until:
            time.sleep(0.2)
        if not ports.is_free(port):
            raise CannotOpen(
                f"Port {port} is in use by another program. Stop that one, or choose another port for the shop: "
                f"bin/demo --port {next_port(port)}"
            )

    # The steps

    def open(self) -> Programs:
        """Start everything; the programs, once the shop answers."""
        with self.steps.step("Starting PostgreSQL and Valkey"):
            at = self.start_servers()
        programs = Programs(self.place, at=at)
        surroundings.write_down(self.place, own=programs.own)
        with self.steps.step("Bringing database, styles and scripts up to date"):
            self.bring_up_to_date(programs)
        with self.steps.step("Starting the simulated payment provider, carriers and VAT register"):
            self.start_all(Rank.PEER, [programs.stripe(), programs.carrier(), programs.vies()])
        self.load(programs)
        with self.steps.step("Starting workers and schedule"):
            self.start_all(Rank.WORKER, self.workers(programs), wait=False)
        with self.steps.step("Opening the shop"):
            self.start_all(Rank.WEB, [programs.web()])
        with self.steps.step("Waiting for the workers"):
            self.wait_for(Rank.WORKER)
        return programs

    def start_servers(self) -> surroundings.Addresses:
        servers = [server for server in (self.database, self.cache) if server]
        for server in servers:
            server.prepare()
        logs = {self.database: "postgres.log", self.cache: "valkey.log"}
        self.start_all(Rank.SERVER, [server.child(log=self.place.logs / logs[server]) for server in servers])
        if self.database:
            self.database.ensure_database()
        kept = self.place.folder / "ports.json"
        return surroundings.Addresses(
            shop=self.wishes.port,
            stripe=ports.remembered(kept, name="stripe"),
            carrier=ports.remembered(kept, name="carrier"),
            vies=ports.remembered(kept, name="vies"),
            database_url=self.database.url() if self.database else os.environ["DATABASE_URL"],
            redis_url=self.cache.url() if self.cache else os.environ["REDIS_URL"],
        )

    def start_all(self, rank: Rank, children: list, *, wait: bool = True) -> None:
        for child in children:
            self.supervisor.start(child, rank=rank)
        if wait:
            self.wait_for(rank)

    def wait_for(self, rank: Rank) -> None:
        for post in self.supervisor.posts:
            if post.rank == rank:
                post.child.wait_ready(seconds=60)

    def bring_up_to_date(self, programs: Programs) -> None:
        """Migrate and collect the static files, side by side; each only when its files changed since last time."""
        migrate = programs.command("Migration", "migrate", "--no-input")
        collect = programs.command(
            "Collecting static files", "collectstatic", "--no-input", "-v", "0", log="static"
        )
        work = [(self.note("migrations", programs), fingerprints.of_migrations(), migrate)]
        work.append((self.place.folder / "static.fingerprint", fingerprints.of_static_files(), collect))
        due = [
            (note, now, child) for note, now, child in work if not note.exists() or note.read_text() != now
        ]
        if collect in (child for _, _, child in due):
            shutil.rmtree(self.place.folder / "static", ignore_errors=True)
        self.supervisor.run(*(child for _, _, child in due))
        for note, now, _ in due:
            note.write_text(now)

    def load(self, programs: Programs) -> None:
        """Fill an empty shop; a shop that was filled keeps what has happened in it since."""
        note = self.note("loaded", programs)
        if note.exists():
            with self.steps.step("The demo shop is filled already"):
                return
        with self.steps.step("Filling the shop with the Isoline demo", speaks=True):
            self.supervisor.run(
                programs.command(
                    "Loading the demo", "load_demo", "--orders", str(self.wishes.orders), speaks=True
                )
            )
            note.touch()

    def note(self, what: str, programs: Programs) -> Path:
        """Where it is written down that something was done to this very database, to the end."""
        whose = (
            "embedded"
            if self.database
            else hashlib.sha256(programs.at.database_url.encode()).hexdigest()[:16]
        )
        return self.place.folder / f"{what}-{whose}"

    def workers(self, programs: Programs) -> list:
        return [
            programs.worker("main", queues="critical,default,mail", processes=2),
            programs.worker("media", queues="media", processes=1),
            programs.schedule(),
        ]
