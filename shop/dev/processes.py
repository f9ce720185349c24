"""Which process is which. A pid alone proves nothing: numbers come round again.

The roster is the written memory of what a run started, so that the next run can end what a killed one left
behind and nothing else.
"""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from shop.dev.files import write_private


def identity(pid: int) -> str | None:
    """What tells this process from any other with the same number; None when it is gone (or a zombie)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _identity_by_ps(pid)
    except ProcessLookupError:
        return None
    return None if fields[0] in "ZX" else f"{boot} {fields[19]}"


def _identity_by_ps(pid: int) -> str | None:
    """The same where there is no /proc (macOS)."""
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.split()
    return None if not shown or shown[0].startswith("Z") else " ".join(shown[1:])


def end_group(pid: int, *, first: int = signal.SIGTERM, patience: float = 5.0) -> None:
    """Ask the process group led by `pid` to stop, wait up to `patience` seconds, then make it."""
    who = identity(pid)
    if not who or not signal_group(pid, first):
        return
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if identity(pid) != who:
            return
        time.sleep(0.05)
    signal_group(pid, signal.SIGKILL)


def signal_group(pid: int, number: int) -> bool:
    """Signal the group; whether there was one to signal."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def working_in(folder: Path) -> list[int]:
    """The live processes whose working directory is `folder`; none where there is no /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if os.readlink(entry) == str(folder.resolve()) and identity(int(entry.parent.name)):
                found.append(int(entry.parent.name))
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return found


def end(pid: int) -> None:
    """Kill one process and return when it is gone."""
    who, until = identity(pid), time.monotonic() + 5
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    while who and identity(pid) == who and time.monotonic() < until:
        time.sleep(0.02)


class Roster:
    """What one run has started, in a file: name, pid, identity, and the signal that stops each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict] = []

    def add(self, pid: int, *, name: str, stop_signal: int) -> None:
        self.rows.append({"name": name, "pid": pid, "identity": identity(pid), "signal": int(stop_signal)})
        self._save()

    def discard(self, pid: int) -> None:
        self.rows = [row for row in self.rows if row["pid"] != pid]
        self._save()

    def _save(self) -> None:
        if self.rows:
            write_private(self.path, json.dumps(self.rows, indent=1))
        else:
            self.path.unlink(missing_ok=True)

    def end_leftovers(self) -> list[str]:
        """End what an earlier run left behind (last started, first ended); the names of what was running."""
        try:
            rows = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return []
        found = [row for row in reversed(rows) if row["identity"] and identity(row["pid"]) == row["identity"]]
        for row in found:
            end_group(row["pid"], first=row["signal"], patience=4.0)
        self.path.unlink(missing_ok=True)
        return [row["name"] for row in found]
