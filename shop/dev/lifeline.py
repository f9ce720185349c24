"""Run a program that cannot outlive its parent.

    python -I -S lifeline.py PARENT SIGNAL UID:GID|- PROGRAM [ARGUMENTS]

It gives up root's rights where asked, ties itself to the parent (Linux sends SIGNAL the moment the parent
dies, even by SIGKILL), and becomes the program. Everything is imported before the rights go, since the Python
that runs this may stand in a folder that only root can enter.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def drop_rights(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.umask(0o077)


def die_with(parent: int, *, signal: int) -> None:
    """Ask the kernel for `signal` when `parent` is gone, and go at once if it is gone already. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("The parent process is gone.")


def main(arguments: list[str]) -> None:
    parent, signal, owner, *program = arguments
    if owner != "-":
        uid, gid = owner.split(":")
        drop_rights(int(uid), int(gid))
    die_with(int(parent), signal=int(signal))  # after the change of user, which clears the wish
    try:
        os.execv(program[0], program)  # nosec B606
    except OSError as error:
        sys.exit(f"{program[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
