"""The shop's own programs as processes, on the test's database: web server, workers, the outbox's own loop.

They get the settings that the test's fixtures made, can be killed by pid without a chance to say goodbye, and are gone
when the test ends, however it ends.
"""

import http.client
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from shop.dev import ports, surroundings
from shop.dev.child import Child
from shop.dev.place import ROOT
from shop.dev.stripe_sim.running import wait_until

HANDED_ON = (
    "SHOP_STRIPE_SECRET_KEY",
    "SHOP_STRIPE_PUBLISHABLE_KEY",
    "SHOP_STRIPE_API_BASE",
    "SHOP_STRIPE_CHECKOUT_BASE",
    "SHOP_STRIPE_JS_URL",
)
QUEUES = "critical,default,mail,media"


def database_url(*, port: int | None = None) -> str:
    """Of the test's own database; through another port (a proxy's) if asked."""
    at = connection.settings_dict
    who = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    return f"postgres://{who}@{at['HOST'] or ports.HOST}:{port or at['PORT'] or 5432}/{quote(at['NAME'])}"


def children_of(pid: int) -> list[int]:
    """Direct children, by /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return sorted(found)


@dataclass
class Program:
    """One of them, running."""

    child: Child
    url: str = ""

    @property
    def pid(self) -> int:
        assert self.child.process
        return self.child.process.pid

    @property
    def log(self) -> str:
        """What it has said since its last start."""
        with open(self.child.log, "rb") as lines:
            lines.seek(self.child.log_start)
            return lines.read().decode(errors="replace")

    def workers(self) -> list[int]:
        """The processes that do its work: gunicorn's, or those of Celery's pool."""
        return children_of(self.pid)

    def kill(self) -> None:
        """It and everything it started, at once."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self.child.process
        self.child.process.wait(timeout=10)

    def wait(self) -> None:
        self.child.wait_ready(seconds=90)

    def restart(self) -> None:
        self.child.stop()
        self.child.start()
        self.wait()


@dataclass
class Servers:
    """Starts programs; a context that ends all of them."""

    folder: Path
    redis_url: str
    more: dict[str, str] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *error) -> None:
        self.stack.close()

    def web(self, *, workers: int = 2, threads: int = 4, wait: bool = True, **environment: str) -> Program:
        """gunicorn as in production; answers when this returns, or after `program.wait()`."""
        port = ports.any_free()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "shop.wsgi:application",
            "--bind",
            f"{ports.HOST}:{port}",
        ]
        command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
        command += ["--preload", "--graceful-timeout", "3", "--no-control-socket"]
        url = f"http://{ports.HOST}:{port}"
        over = {"SHOP_ROLE": "web", "SHOP_URL": url} | environment
        return self._start("web", command, over, url=url, is_ready=lambda _child: serves(port), wait=wait)

    def worker(
        self, *, queues: str = QUEUES, processes: int = 1, wait: bool = True, **environment: str
    ) -> Program:
        """A Celery worker; ready for work when this returns."""
        name = f"hands-{ports.any_free()}@localhost"
        command = [sys.executable, "-m", "celery", "-A", "shop", "worker", "-Q", queues, "-c", str(processes)]
        command += ["-n", name, "-l", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        over = {"SHOP_ROLE": "worker"} | environment
        is_ready = lambda child: child.has_said(" ready.")  # noqa: E731
        return self._start("worker", command, over, is_ready=is_ready, wait=wait)

    def outbox(self, **environment: str) -> Program:
        """`run_outbox --loop`: hands that need no broker."""
        command = [sys.executable, str(ROOT / "manage.py"), "run_outbox", "--loop", "--pause", "0.2"]
        over = {"SHOP_ROLE": "worker", "PYTHONUNBUFFERED": "1"} | environment
        return self._start("outbox", command, over, is_ready=lambda child: child.has_said("delivered"))

    def _start(
        self,
        name: str,
        command: list[str],
        over: dict[str, str],
        *,
        is_ready,
        url: str = "",
        wait: bool = True,
    ) -> Program:
        log = self.folder / f"{name}-{len(list(self.folder.glob('*.log')))}.log"
        child = Child(
            name=name,
            command=command,
            log=log,
            environment=self.environment(**over),
            folder=ROOT,
            is_ready=is_ready,
            patience=4.0,
        )
        child.start()
        self.stack.callback(child.stop)
        program = Program(child, url)
        if wait:
            program.wait()
        return program

    def environment(self, **over: str) -> dict[str, str]:
        handed = {name: str(getattr(settings, name)) for name in HANDED_ON if getattr(settings, name)}
        if "SHOP_STRIPE_SECRET_KEY" in handed:
            handed["SHOP_STRIPE_WEBHOOK_SECRETS"] = ",".join(settings.SHOP_STRIPE_WEBHOOK_SECRETS)
            handed["SHOP_STRIPE_TIMEOUT"] = "1,2"
        return surroundings.whole(
            {
                "DJANGO_SETTINGS_MODULE": "shop.tests.faults.settings",
                "SHOP_ENV": "test",
                "SHOP_DEBUG": "0",
                "SHOP_DATA": str(self.folder),
                "SHOP_PROXIES": "1",
                "SECRET_KEY": settings.SECRET_KEY,
                "DATABASE_URL": database_url(),
                "REDIS_URL": self.redis_url,
                "PYTHONPATH": str(ROOT),
            }
            | handed
            | self.more
            | over
        )


def serves(port: int) -> bool:
    """Whether the shop answers a request, not merely a connection."""
    asking = http.client.HTTPConnection(ports.HOST, port, timeout=10)
    try:
        asking.request("GET", "/health/")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()


__all__ = ["Program", "Servers", "children_of", "database_url", "serves", "wait_until"]
