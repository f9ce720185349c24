"""One long-running program in our care: a process group of its own, a log, ready or not, stopped in time."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shop.dev import systemuser
from shop.dev.processes import Roster, signal_group
from shop.dev.systemuser import SystemUser

LARGE = 10_000_000  # bytes of log; the one before is kept as .old


class DidNotStart(RuntimeError):
    """A program ended, or hung, before it was ready; the message ends with the last lines of its log."""


@dataclass
class Child:
    """A program, how to tell that it is ready, and how to stop it.

    `stop_signal` asks it to end; after `patience` seconds it is killed. It gets the same signal when we die
    (on Linux).
    """

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = Path("/")
    is_ready: Callable[["Child"], bool] = lambda child: True
    stop_signal: int = signal.SIGTERM
    patience: float = 5.0
    user: SystemUser | None = None
    inherits_terminal: bool = False
    process: subprocess.Popen | None = None
    log_start: int = 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, *, roster: Roster | None = None) -> None:
        """Start the program (from the main thread: the kernel ties a child to the thread that started it)."""
        self.log_start = _room_for(self.log)
        tied = systemuser.command(self.command, user=self.user, parent=os.getpid(), signal=self.stop_signal)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                tied,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=None if self.inherits_terminal else out,
                stderr=None if self.inherits_terminal else out,
                start_new_session=True,
            )
        if roster:
            roster.add(self.process.pid, name=self.name, stop_signal=self.stop_signal)

    def wait(self) -> int:
        """Return its exit code once it has ended by itself."""
        if self.process is None:
            raise DidNotStart(f"{self.name} was never started.")
        return self.process.wait()

    def wait_ready(self, *, seconds: float = 30.0) -> None:
        """Return once the program is ready; raise DidNotStart when it ends or takes too long."""
        until = time.monotonic() + seconds
        while not self.is_ready(self):
            if not self.is_running:
                code = self.process.returncode if self.process else None
                raise DidNotStart(f"{self.name} ended at once (exit code {code}).{self.last_words()}")
            if time.monotonic() > until:
                raise DidNotStart(
                    f"{self.name} was not ready after {seconds:.0f} seconds.{self.last_words()}"
                )
            time.sleep(0.05)

    def has_said(self, words: str) -> bool:
        """Whether the log holds `words` since the last start."""
        with open(self.log, "rb") as lines:
            lines.seek(self.log_start)
            return words.encode() in lines.read()

    def last_words(self, *, lines: int = 6) -> str:
        """The end of the log, for a person to read."""
        try:
            end = self.log.read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            end = []
        return "".join(f"\n  | {line}" for line in end) + f"\n  (all of it: {self.log})"

    def ask_to_stop(self) -> None:
        if self.process and self.is_running:
            signal_group(self.process.pid, self.stop_signal)

    def stop(self, *, roster: Roster | None = None, patience: float | None = None) -> None:
        """Stop the program and whatever it started itself; returns when nothing of it is left."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(timeout=self.patience if patience is None else patience)
        except subprocess.TimeoutExpired:
            pass
        finally:
            signal_group(
                self.process.pid, signal.SIGKILL
            )  # the deaf, and children that outlived their leader
            self.process.wait()
            if roster:
                roster.discard(self.process.pid)
            self.process = None  # its number may be somebody else's from now on


def _room_for(log: Path) -> int:
    """Make the log's folder, put a large old log aside, and return where this run's lines will begin."""
    log.parent.mkdir(parents=True, exist_ok=True)
    size = log.stat().st_size if log.exists() else 0
    if size < LARGE:
        return size
    log.replace(log.with_suffix(".old"))
    return 0
