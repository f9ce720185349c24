"""The test suite on real servers: `bin/test [--long] [pytest arguments]`.

Without DATABASE_URL and REDIS_URL it runs on a PostgreSQL and a Valkey of its own in `.data/test/`, which are gone
when it ends. The whole suite runs in one process more than the machine has cores (much of it waits for servers and a
browser), a selection in one; `-n` decides otherwise.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from shop.dev import browser, postgres, valkey
from shop.dev.binaries import NotInstalled
from shop.dev.child import DidNotStart
from shop.dev.place import ROOT, InUse, Place
from shop.dev.systemuser import NoSystemUser

SETTINGS = {"max_connections": "300", "shared_buffers": "256MB", "max_wal_size": "2GB"}
FOREIGN = (
    "SHOP_",
    "SECRET_KEY",
    "EMAIL_URL",
    "SENTRY_DSN",
    "DJANGO_SETTINGS_MODULE",
)  # a shop's, not the suite's
KEPT = ("SHOP_NO_BROWSER",)
MOST_CORES = 4  # each process has a database of its own to migrate


def main(arguments: list[str]) -> int:
    """Run the suite; pytest's own exit code, or 1 when it could not be started."""
    try:
        chromium = browser.provide(say)
        if not chromium:
            warn_of_no_browser()
        with a_place() as place, servers(place) as addresses:
            code = run_pytest(arguments, environment=environment(addresses, place=place, chromium=chromium))
    except (DidNotStart, NotInstalled, NoSystemUser) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    if not chromium:
        warn_of_no_browser()
    return code


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def warn_of_no_browser() -> None:
    say("!" * 100)
    say(
        "!! NO BROWSER: tests marked `browser` (the journeys) are skipped. Install Chromium, or set CHROMIUM to its path."
    )
    say("!" * 100)


@contextmanager
def a_place() -> Iterator[Place]:
    """A data folder that no other run of the suite holds, swept of what a killed one left."""
    for number in range(1, 10):
        place = Place("test" if number == 1 else f"test-{number}")
        try:
            with place.held():
                place.roster.end_leftovers()
                yield place
                return
        except InUse:
            continue
    raise DidNotStart("Nine runs of the test suite are under way in this folder; wait for one to end.")


@contextmanager
def servers(place: Place) -> Iterator[dict[str, str]]:
    """The addresses of PostgreSQL and Valkey: those that the environment names, else our own for this run."""
    with ExitStack() as stack:
        addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        if "DATABASE_URL" not in addresses:
            running = postgres.running(place.folder, settings=SETTINGS, roster=place.roster)
            addresses["DATABASE_URL"] = stack.enter_context(running).url()
        if "REDIS_URL" not in addresses:
            addresses["REDIS_URL"] = stack.enter_context(
                valkey.running(place.folder, roster=place.roster)
            ).url()
        yield addresses


def environment(addresses: Mapping[str, str], *, place: Place, chromium: str | None) -> dict[str, str]:
    """What pytest sees: the surroundings without any shop's settings, and the addresses."""
    inherited = {
        name: text for name, text in os.environ.items() if name in KEPT or not name.startswith(FOREIGN)
    }
    browsing = {"CHROMIUM": chromium} if chromium else {"SHOP_NO_BROWSER": "1"}
    return {**inherited, **addresses, **browsing, "SHOP_ENV": "test", "SHOP_DATA": str(place.folder)}


def pytest_arguments(arguments: list[str]) -> list[str]:
    """`--long` lifts the exclusion of long tests; the whole suite gets several processes."""
    long = ["-m", ""] if "--long" in arguments else []
    rest = [argument for argument in arguments if argument != "--long"]
    cores = os.cpu_count() or 1
    parallel = [] if rest or cores < 2 else ["-n", str(min(cores, MOST_CORES) + 1)]
    return [*long, *parallel, *rest]


def run_pytest(arguments: list[str], *, environment: Mapping[str, str]) -> int:
    """Run pytest in the foreground. It answers Ctrl-C itself; a polite kill is handed on to it."""
    command = [sys.executable, "-m", "pytest", *pytest_arguments(arguments)]
    suite = subprocess.Popen(command, cwd=ROOT, env=dict(environment))
    signal.signal(signal.SIGINT, lambda number, frame: None)
    signal.signal(signal.SIGTERM, lambda number, frame: suite.send_signal(signal.SIGINT))
    return suite.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
