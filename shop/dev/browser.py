"""A Chromium for the journeys: the one that is there, else Debian's, else Playwright's, else a loud word."""

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find() -> str | None:
    """The path of a Chromium that starts, or None. `CHROMIUM` names one; SHOP_NO_BROWSER=1 denies all."""
    if os.environ.get("SHOP_NO_BROWSER") == "1":
        return None
    return next((path for path in _candidates() if starts(path)), None)


def _candidates() -> list[str]:
    named = os.environ.get("CHROMIUM")
    if named:
        return [named]
    installed = [path for name in NAMES if (path := shutil.which(name))]
    return installed + [
        path for place in PLACES for path in sorted(glob.glob(os.path.expanduser(place)), reverse=True)
    ]


def starts(path: str) -> bool:
    """Whether the program runs here at all (a browser without its system libraries does not)."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def launch_options() -> dict[str, object]:
    """What Playwright needs to start it.

    Our own pages only, so the sandbox that containers deny is not missed. Frames of other sites share their page's process:
    on a busy machine a click right after a change of layout would else be sent to where such a frame was before.
    """
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-site-isolation-trials"]
    return {"executable_path": find(), "args": flags}


def provide(tell: Callable[[str], None]) -> str | None:
    """Find a Chromium or install one; `tell` says what happens. None when there is no way."""
    if os.environ.get("SHOP_NO_BROWSER") == "1":
        return None
    if os.environ.get("CHROMIUM"):
        if not (found := find()):
            tell(f"CHROMIUM={os.environ['CHROMIUM']} does not start.")
        return found
    found, ways = find(), _ways()
    while not found and ways:
        describe, install = ways.pop(0)
        tell(f"No Chromium found. {describe} …")
        install()
        found = find()
    return found


def _ways() -> list[tuple[str, Callable[[], object]]]:
    ways: list[tuple[str, Callable[[], object]]] = []
    if os.geteuid() == 0 and shutil.which("apt-get") and _is_debian():
        ways.append(("Installing Debian's with apt-get", _install_debians))
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    ways.append(("Fetching Playwright's", lambda: _quietly(playwright)))
    return ways


def _is_debian() -> bool:
    """Debian itself: Ubuntu's package of that name only points to a snap."""
    try:
        return "ID=debian" in Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False


def _install_debians() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quietly(["apt-get", "-qq", "update"], env=environment)
    _quietly(["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"], env=environment)


def _quietly(command: list[str], **over: Any) -> None:
    """Run an installer; its failure shows in the search that follows, its words only if it failed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, **over)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {command[0]}: {error}", file=sys.stderr)
        return
    if done.returncode:
        print("\n".join((done.stderr or done.stdout).strip().splitlines()[-3:]), file=sys.stderr)
