"""What is measured: the shop on a synthetic catalogue, twice (pages kept for 30 s, and not at all), and the bare view.

All behind the same web server with the same settings. Servers and data are the bench's own, in `.data/bench/`, and are
made anew only when the number of products changes.
"""

import os
import sys
import time
from contextlib import ExitStack

import psycopg
from rich.console import Console

from shop.dev import ports, postgres, surroundings, valkey
from shop.dev.child import Child
from shop.dev.place import ROOT, Place
from shop.dev.programs import MANAGE

SERVER = [
    "--worker-class",
    "gthread",
    "--workers",
    "2",
    "--threads",
    "4",
    "--log-level",
    "error",
    "--no-control-socket",
]
NOWHERE = "dummymail://"


class Running:
    """A context: on entering everything is up, on leaving everything is gone."""

    def __init__(
        self,
        *,
        products: int,
        console: Console,
        name: str = "bench",
        is_fresh: bool = False,
        is_serving: bool = True,
    ):
        """`is_fresh`: without what an earlier run left. `is_serving`: with the web servers, not the database alone."""
        self.products, self.console, self.is_fresh = products, console, is_fresh
        self.is_serving = is_serving
        self.place = Place(name)
        self.stack = ExitStack()
        self.port, self.cached_port, self.bare_port = (ports.any_free() for _ in range(3))

    def __enter__(self) -> "Running":
        try:
            self._open()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *error) -> None:
        self.stack.close()

    def _open(self) -> None:
        self.stack.enter_context(self.place.held())
        if self.is_fresh:
            self.place.roster.end_leftovers()
            self.place.clear()
        self.place.logs.mkdir(exist_ok=True)
        self.place.roster.end_leftovers()
        self.console.print("Starting PostgreSQL and Valkey …")
        database = self.stack.enter_context(
            postgres.running(self.place.folder, durable=True, roster=self.place.roster)
        )
        cache = self.stack.enter_context(valkey.running(self.place.folder, roster=self.place.roster))
        database.ensure_database()
        self.database_url, self.redis_url = database.url(), cache.url()
        self._fill()
        if self.is_serving:
            self._serve_all()

    def _serve_all(self) -> None:
        self._serve("shop", self.port, "shop.wsgi:application", SHOP_PAGE_CACHE_SECONDS="0")
        self._serve("shop-cached", self.cached_port, "shop.wsgi:application", SHOP_PAGE_CACHE_SECONDS="30")
        self._serve("bare", self.bare_port, "shop.dev.bench.bare:application")

    def _fill(self) -> None:
        note = self.place.folder / f"filled-{self.products}"
        commands = [["migrate", "--no-input", "-v", "0"], ["collectstatic", "--no-input", "-v", "0"]]
        if not note.exists():
            commands += [["load_demo", "--orders", "0"], ["seed_catalog", "--products", str(self.products)]]
        for command in commands:
            self.console.print(f"manage.py {' '.join(command)} …")
            self._run(command)
        note.touch()

    def grow(self, products: int) -> float:
        """Add synthetic products until there are so many; returns how many a second were added."""
        more, began = products - self.products, time.perf_counter()
        self.console.print(f"manage.py seed_catalog --products {more} …")
        self._run(["seed_catalog", "--products", str(more)])
        seconds = time.perf_counter() - began
        self.products = products
        return more / seconds

    def settle(self) -> None:
        """What autovacuum would do in the next minutes, so that sizes are measured alike."""
        with psycopg.connect(self.database_url, autocommit=True) as db:
            db.execute("VACUUM ANALYZE")

    def _run(self, command: list[str]) -> None:
        child = Child(
            name=command[0],
            command=[*MANAGE, *command],
            log=self.place.logs / "commands.log",
            environment=self.environment(),
            folder=ROOT,
        )
        child.start(roster=self.place.roster)
        self.stack.callback(child.stop, roster=self.place.roster)
        if child.wait():
            raise RuntimeError(f"{command[0]} failed.{child.last_words()}")

    def _serve(self, name: str, port: int, application: str, **over: str) -> None:
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{ports.HOST}:{port}", *SERVER]
        child = Child(
            name=name,
            command=command,
            log=self.place.logs / f"{name}.log",
            environment=self.environment(SHOP_ROLE="web", SHOP_URL=f"http://{ports.HOST}:{port}", **over),
            folder=ROOT,
            is_ready=lambda _child: ports.answers(port),
        )
        child.start(roster=self.place.roster)
        self.stack.callback(child.stop, roster=self.place.roster)
        child.wait_ready(seconds=60)

    def environment(self, **over: str) -> dict[str, str]:
        return surroundings.whole(
            {
                "SHOP_ENV": "development",
                "SHOP_DATA": str(self.place.folder),
                "SHOP_URL": f"http://{ports.HOST}:{self.port}",
                "SHOP_PROXIES": "1",
                "SHOP_LOG_LEVEL": "ERROR",
                "EMAIL_URL": NOWHERE,
                "DATABASE_URL": self.database_url,
                "REDIS_URL": self.redis_url,
                "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
            }
            | over
        )
