"""The programs of the demo, as they run in production, and the simulated peers."""

import http.client
import sys
from collections.abc import Callable
from typing import Any

from shop.dev import ports, surroundings
from shop.dev.child import Child
from shop.dev.place import ROOT, Place

MANAGE = [sys.executable, str(ROOT / "manage.py")]
PARCELS_MOVE = "30"  # seconds from one stage of a simulated parcel to the next
Ready = Callable[[Child], bool]


class Programs:
    """Makes the children of the shop at `place` that listen `at` those addresses."""

    def __init__(self, place: Place, *, at: surroundings.Addresses) -> None:
        self.place, self.at = place, at
        self.own = surroundings.for_demo(place, at=at)

    def _child(self, name: str, command: list[str], *, log: str, role: str = "command", **over: Any) -> Child:
        environment = surroundings.whole({**self.own, "SHOP_ROLE": role})
        path = self.place.logs / f"{log}.log"
        return Child(name=name, command=command, log=path, environment=environment, folder=ROOT, **over)

    def command(self, name: str, *arguments: str, speaks: bool = False, log: str = "commands") -> Child:
        """A management command; one that `speaks` shows its own progress on the terminal."""
        return self._child(name, [*MANAGE, *arguments], log=log, inherits_terminal=speaks)

    def stripe(self) -> Child:
        command = [sys.executable, "-m", "shop.dev.stripe_sim", "--port", str(self.at.stripe)]
        command += [
            "--state",
            self._state("stripe"),
            "--webhook-url",
            f"{self.own['SHOP_URL']}/hooks/stripe/",
        ]
        command += ["--webhook-secret", self.own["SHOP_STRIPE_WEBHOOK_SECRETS"]]
        command += ["--secret-key", self.own["SHOP_STRIPE_SECRET_KEY"]]
        command += ["--publishable-key", self.own["SHOP_STRIPE_PUBLISHABLE_KEY"]]
        return self._child("Stripe simulator", command, log="stripe", is_ready=_listens(self.at.stripe))

    def carrier(self) -> Child:
        command = [sys.executable, "-m", "shop.dev.carrier_sim", "--port", str(self.at.carrier)]
        command += ["--state", self._state("carrier"), "--webhook-url", f"{self.own['SHOP_URL']}/hooks"]
        command += ["--ups-credential", self.own["SHOP_UPS_WEBHOOK_CREDENTIAL"]]
        command += ["--fedex-token", self.own["SHOP_FEDEX_WEBHOOK_TOKEN"], "--auto-seconds", PARCELS_MOVE]
        return self._child("Carrier simulator", command, log="carrier", is_ready=_listens(self.at.carrier))

    def vies(self) -> Child:
        command = [sys.executable, "-m", "shop.dev.vies_sim", "--port", str(self.at.vies)]
        return self._child("VAT register simulator", command, log="vies", is_ready=_listens(self.at.vies))

    def _state(self, name: str) -> str:
        """The file in which a simulator remembers; gone with a reset."""
        folder = self.place.folder / "sim"
        folder.mkdir(exist_ok=True)
        return str(folder / f"{name}.sqlite3")

    def worker(self, name: str, *, queues: str, processes: int) -> Child:
        options = ["-Q", queues, "-c", str(processes), "-n", f"{name}-{self.at.shop}@localhost", "-l", "INFO"]
        command = [sys.executable, "-m", "celery", "-A", "shop", "worker", *options]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        over: dict[str, Any] = {"log": f"worker-{name}", "is_ready": _says(" ready."), "patience": 6.0}
        return self._child(f"Worker ({queues})", command, role="worker", **over)

    def schedule(self) -> Child:
        folder = self.place.folder / "schedule"
        folder.mkdir(exist_ok=True)
        kept = ["-s", str(folder / "celerybeat"), "--pidfile", "", "-l", "INFO"]
        command = [sys.executable, "-m", "celery", "-A", "shop", "beat", *kept]
        over: dict[str, Any] = {"log": "schedule", "is_ready": _says("beat: Starting"), "patience": 3.0}
        return self._child("Schedule", command, role="worker", **over)

    def web(self) -> Child:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "shop.wsgi:application",
            "--bind",
            f"{ports.HOST}:{self.at.shop}",
        ]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"]
        command += ["--graceful-timeout", "3", "--timeout", "60", "--no-control-socket"]
        return self._child("Web server", command, log="web", role="web", is_ready=_serves(self.at.shop))


def _listens(port: int) -> Ready:
    return lambda child: ports.answers(port)


def _serves(port: int) -> Ready:
    """Whether the shop answers a request, not merely a connection."""

    def ask(child: Child) -> bool:
        connection = http.client.HTTPConnection(ports.HOST, port, timeout=10)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    return ask


def _says(words: str) -> Ready:
    return lambda child: child.has_said(words)
