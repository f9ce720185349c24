"""PostgreSQL refuses to run as root. For root we lend it a system user that owns nothing."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from shop.dev import lifeline

CANDIDATES = ("postgres", "nobody", "daemon")


class NoSystemUser(RuntimeError):
    """Root without any user to hand the database to."""


@dataclass(frozen=True)
class SystemUser:
    name: str
    uid: int
    gid: int


def for_postgres() -> SystemUser | None:
    """The user that PostgreSQL runs as: None is ourselves."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return SystemUser(name, entry.pw_uid, entry.pw_gid)
    raise NoSystemUser(
        "PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody. "
        "Start as an ordinary user, or set DATABASE_URL to a server of your own."
    )


def command(program: list[str], *, user: SystemUser | None, parent: int, signal: int) -> list[str]:
    """The command line that runs `program` as `user` and ties it to `parent` (see lifeline.py)."""
    owner = f"{user.uid}:{user.gid}" if user else "-"
    return [
        sys.executable,
        "-I",
        "-S",
        lifeline.__file__,
        str(parent),
        str(int(signal)),
        owner,
        *map(str, program),
    ]


def can_run(program: list[str], *, user: SystemUser | None, folder: Path) -> bool:
    """Whether `user` can start `program` with `folder` to work in: tries every permission on the way."""
    steps = ["/bin/sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", str(folder), *program]
    try:
        done = subprocess.run(
            command(steps, user=user, parent=os.getpid(), signal=15), capture_output=True, cwd="/", timeout=20
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
