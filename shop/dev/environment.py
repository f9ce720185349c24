"""The virtual environment: made once, mended when half made, left alone when whole.

Runs on a bare Python (standard library only), as a script: `python -I shop/dev/environment.py demo|test`.
The stamp, which names what was installed and from which files, is written last, so an environment without a
fitting stamp is never trusted.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "demo": ["requirements.txt", "requirements-demo.txt"],
    "test": ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"],
}
BASE_PYTHON = (
    getattr(sys, "_base_executable", "") or sys.executable
)  # never the environment's own: it may be removed
HAS_ENSUREPIP = importlib.util.find_spec("ensurepip") is not None
UNDER_WAY = "being-filled"  # stands in .venv while pip is at work: a killed pip leaves it behind
PIP = ["--disable-pip-version-check", "--no-input"]
NO_NETWORK = (
    "name resolution",
    "Name or service not known",
    "nodename nor servname",
    "NewConnectionError",
    "Network is unreachable",
    "ProxyError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
)
NO_ROOM = "The disk is full: the environment needs about 700 MB. Make room and start again."


class Trouble(Exception):
    """Something that the person at the keyboard must know; the message is a whole paragraph."""


def main(kind: str) -> int:
    """Bring the environment of `kind` (demo or test) in order; 0, or 1 with one clear paragraph on stderr."""
    try:
        if not is_ready(ROOT, kind=kind):
            with only_one(ROOT):
                if not is_ready(ROOT, kind=kind):
                    build(ROOT, kind=kind)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"\n{explain(error)}", file=sys.stderr)
        return 1
    return 0


def explain(error: OSError) -> str:
    """A file-system error in one paragraph."""
    where = error.filename or ROOT
    if error.errno == 28:
        return NO_ROOM
    return (
        f"{where} cannot be written ({error.strerror}). The set-up keeps everything inside "
        f"{ROOT}: run it as that folder's owner, or clone the project to a folder of your own."
    )


def fingerprint(root: Path, *, kind: str) -> str:
    """A hash of the requirements files that make up `kind`."""
    digest = hashlib.sha256()
    for name in FILES[kind]:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()


def is_ready(root: Path, *, kind: str) -> bool:
    """Whether the stamp says that this very environment, at this very place, holds what `kind` asks for."""
    stamp = read_stamp(root)
    if stamp.get("root") != str(root) or not interpreter(root).exists():
        return False
    return any(stamp.get(wider) == fingerprint(root, kind=wider) for wider in {kind, "test"})


def read_stamp(root: Path) -> dict[str, str]:
    try:
        stamp = json.loads((root / ".venv" / "stamp.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def interpreter(root: Path) -> Path:
    return root / ".venv" / "bin" / "python"


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Hold the set-up's lock; a second set-up in the same folder waits and then finds everything done."""
    if not os.access(root, os.W_OK):
        raise PermissionError(13, "permission denied", str(root))
    (root / ".data").mkdir(exist_ok=True)
    with open(root / ".data" / "setup.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work in this folder; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(root: Path, *, kind: str) -> None:
    """Make or mend the environment and stamp it."""
    began = time.monotonic()
    check_folder(root)
    if not works(root):
        make(root)
    under_way = root / ".venv" / UNDER_WAY
    under_way.touch()
    (root / ".venv" / "stamp.json").unlink(missing_ok=True)
    try:
        install(root, requirements=FILES[kind][-1])
    except Trouble:  # pip ended by itself and left no half of a package behind
        under_way.unlink()
        raise
    write_stamp(root, kind=kind)
    under_way.unlink()
    print(f"The environment is ready ({time.monotonic() - began:.0f} s).", flush=True)


def check_folder(root: Path) -> None:
    if ":" in str(root):
        raise Trouble(
            f"A virtual environment cannot live below a folder with a colon in its name: {root}. "
            "Move or clone the project to another folder."
        )


def works(root: Path) -> bool:
    """Whether `.venv` is sound, of a fitting Python, where it was made, and was never cut short."""
    python = interpreter(root)
    if (
        not python.exists()
        or (root / ".venv" / UNDER_WAY).exists()
        or read_stamp(root).get("root", str(root)) != str(root)
    ):
        return False
    version: list[str | Path] = [
        python,
        "-I",
        "-c",
        "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)",
    ]
    return succeeds(version) and (not HAS_ENSUREPIP or succeeds([python, "-I", "-m", "pip", "--version"]))


def succeeds(command: list[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def make(root: Path) -> None:
    """A fresh, empty environment in place of whatever half of one stands there."""
    folder = root / ".venv"
    if folder.exists() or folder.is_symlink():
        print("The virtual environment in .venv is incomplete or was moved; making it anew.", flush=True)
        folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
    print(f"Making a virtual environment with Python {sys.version.split()[0]} …", flush=True)
    if importlib.util.find_spec("venv") is None:
        raise Trouble(no_venv())
    command = [BASE_PYTHON, "-I", "-m", "venv", *([] if HAS_ENSUREPIP else ["--without-pip"]), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        words = (done.stderr or done.stdout).strip()
        raise Trouble(f"Python could not make a virtual environment:\n{words}\n{no_venv()}")


def no_venv() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"This Python ({BASE_PYTHON}) lacks venv or pip. On Debian or Ubuntu: "
        f"apt install python{version}-venv. Or name another Python: PYTHON=/path/to/python3.12 bin/setup"
    )


def installer(root: Path) -> list[str]:
    """The pip command: the environment's own, or its Python's (on a Debian without python3-venv)."""
    python = str(interpreter(root))
    for command in ([python, "-I", "-m", "pip"], [BASE_PYTHON, "-I", "-m", "pip", "--python", python]):
        if succeeds([*command, "--version"]):
            return command
    raise Trouble(no_venv())


def install(root: Path, *, requirements: str) -> None:
    """Install one requirements file; pip's own words go to a log, the terminal sees how far it is."""
    log = root / ".data" / "setup.log"
    command = [*installer(root), "install", *PIP, "--progress-bar", "off", "-r", str(root / requirements)]
    print(f"Installing {requirements} (the first time this takes a minute or two) …", flush=True)
    pip = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(log, "w") as out, Meter() as meter, pip:
        for line in pip.stdout or ():
            out.write(line)
            meter.show(line)
    if pip.returncode:
        raise Trouble(why_pip_failed(log.read_text(), log=log))


def why_pip_failed(output: str, *, log: Path) -> str:
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    if any(sign in output for sign in NO_NETWORK):
        reason = (
            "pip cannot reach the package index. Check the network (behind a proxy set HTTPS_PROXY; with a "
            "mirror of your own set PIP_INDEX_URL) and start again: what is already there is kept."
        )
    elif "No space left on device" in output:
        reason = NO_ROOM
    else:
        reason = "pip could not install the requirements: " + (errors[-1][7:] if errors else "see its log.")
    return f"{reason}\nEverything that pip said is in {log}"


class Meter:
    """One line that moves on a terminal; elsewhere a line now and then."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.count, self.said = 0, time.monotonic()

    def __enter__(self) -> "Meter":
        return self

    def __exit__(self, *exc: object) -> None:
        if self.live:
            print("\r\033[K", end="", flush=True)

    def show(self, line: str) -> None:
        words = line.split()
        if words[:1] == ["Collecting"]:
            self.count += 1
            text = f"  {self.count} packages looked up, now {words[1]}"
        elif line.startswith("Installing collected"):
            text = f"  unpacking {len(words) - 3} packages"
        else:
            return
        if self.live:
            print(f"\r\033[K{text[:78]}", end="", flush=True)
        elif time.monotonic() - self.said > 10 or text.startswith("  unp"):
            self.said = time.monotonic()
            print(text, flush=True)


def write_stamp(root: Path, *, kind: str) -> None:
    stamp = {
        "root": str(root),
        **{k: fingerprint(root, kind=k) for k in FILES if FILES[k][-1] in FILES[kind]},
    }
    fresh = root / ".venv" / "stamp.json.new"
    fresh.write_text(json.dumps(stamp, indent=1))
    fresh.replace(root / ".venv" / "stamp.json")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FILES:
        sys.exit("usage: bin/setup [demo|test]")
    sys.exit(main(sys.argv[1]))
