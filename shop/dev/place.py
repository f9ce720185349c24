"""The folder of one running shop, `.data/<name>/`: held by one run at a time, and gone with a reset."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from shop.dev.files import secret
from shop.dev.processes import Roster

ROOT = Path(__file__).resolve().parents[2]


class InUse(RuntimeError):
    """Another run holds the folder; `pid` is its process, or 0 if unknown."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


class Place:
    """Paths, secrets and the roster of the shop called `name` (the demo's port, or `test`)."""

    def __init__(self, name: str, *, below: Path | None = None) -> None:
        self.folder = (below or ROOT / ".data") / name
        self.logs = self.folder / "logs"

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.folder / "processes.json")

    def secret(self, name: str) -> str:
        """A random secret of this shop, made once and kept."""
        (self.folder / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
        return secret(self.folder / "secrets" / name)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for the length of a `with` block; the kernel lets go of it however the run ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise InUse(int(lock.read().strip() or 0)) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def clear(self) -> None:
        """Delete everything but the lock, which the caller holds; what ran here must have ended."""
        for path in self.folder.iterdir():
            if path.name == "lock":
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
