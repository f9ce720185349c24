"""What it costs to bring a file of products in: CPU seconds of the importer and of the database, and the importer's memory.

CPU and not the clock: other programs on the machine change the clock. The database's is told by Linux alone. The file is
our own table, four variants a product, with choices, properties, categories, prices and stock.
"""

import argparse
import csv
import json
import os
import random
import subprocess  # nosec B404 - our own command
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from shop.dev.bench.measuring import WentWrong
from shop.dev.bench.running import Running
from shop.dev.place import ROOT
from shop.dev.programs import MANAGE

PROCESSES = Path("/proc")
SIZES = ["S", "M", "L", "XL"]
WORDS = "amber basalt cedar dune ember fjord grove hazel indigo juniper kelp lagoon maple nectar onyx pebble".split()
PRODUCT = [
    "slug",
    "name",
    "status",
    "short_description",
    "description",
    "brand",
    "categories",
    "option1_name",
]
PRODUCT += ["option1_values", "attribute:material", "attribute:finish"]
VARIANT = ["option1_value", "sku", "price", "compare_at_price", "cost", "weight_g", "stock"]


@dataclass(frozen=True)
class Cost:
    lines: int
    importer_cpu: float
    database_cpu: float
    seconds: float
    memory_mb: float

    @property
    def per_100_000(self) -> float:
        return (self.importer_cpu + self.database_cpu) * 100_000 / self.lines


def line_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1000:
        raise argparse.ArgumentTypeError("at least 1000 lines: fewer measure the start of the program")
    return int(text)


def run(lines: int, *, as_json: bool, console: Console) -> int:
    """A tenth of the lines first, so that it is seen whether memory grows with the file."""
    found = []
    with Running(
        products=1000, console=console, name="bench-import", is_fresh=True, is_serving=False
    ) as running:
        for size in (lines // 10, lines):
            file = running.place.folder / f"products-{size}.csv"
            write(file, lines=size)
            console.print(f"Importing {size:,} lines …")
            found.append(measured(running, file, lines=size))
    print(json.dumps([asdict(cost) for cost in found])) if as_json else console.print(table(found))
    return 0


def write(file: Path, *, lines: int) -> None:
    chance = random.Random(lines)  # noqa: S311  # nosec B311 - the same file each time
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow([*PRODUCT, *VARIANT])
        for number in range(lines):
            product, size = divmod(number, len(SIZES))
            key = f"i{lines}-{product}"
            price = chance.randrange(900, 9900)
            was = f"{price * 1.2 / 100:.2f}" if product % 5 == 0 else ""
            about = _product(key, chance) if size == 0 else [key, *[""] * (len(PRODUCT) - 1)]
            goods = [f"{price / 100:.2f}", was, f"{price / 200:.2f}", chance.randrange(100, 2000)]
            rows.writerow([*about, SIZES[size], f"{key}-{SIZES[size]}", *goods, chance.randrange(40)])


def _product(key: str, chance: random.Random) -> list[str]:
    name = f"{' '.join(chance.sample(WORDS, 3)).title()} {key}"
    text = " ".join(chance.choices(WORDS, k=40))
    one, other, brand, branch = (chance.choice(WORDS).title() for _ in range(4))
    words = [key, name, "active", f"A {one} thing.", text, brand]
    return [*words, f"Imported > {branch}", "Size", ",".join(SIZES), one, other]


def measured(running: Running, file: Path, *, lines: int) -> Cost:
    command = [*MANAGE, "import_products", str(file)]
    with psycopg.connect(running.database_url) as db:
        server = _parent_of(db.info.backend_pid)
    before, began = _ended_children_cpu(server), time.perf_counter()
    importer = subprocess.Popen(  # nosec B603 - our own command
        command, cwd=ROOT, env=os.environ | running.environment(), stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(importer.pid, 0)
    seconds = time.perf_counter() - began
    importer.returncode = os.waitstatus_to_exitcode(status)
    if importer.returncode:
        raise WentWrong(f"the import ended with {importer.returncode}")
    time.sleep(1)  # until the server has seen the end of the process that served the importer
    return Cost(
        lines,
        round(used.ru_utime + used.ru_stime, 1),
        round(_ended_children_cpu(server) - before, 1),
        round(seconds, 1),
        round(used.ru_maxrss / 1024, 1),
    )


def _parent_of(pid: int) -> int:
    if not PROCESSES.exists():
        return 0
    return int((PROCESSES / f"{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _ended_children_cpu(pid: int) -> float:
    """Seconds of the server's processes that have ended: the importer's own, and helpers that ran meanwhile."""
    if not PROCESSES.exists():
        return 0.0
    fields = (PROCESSES / f"{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def table(found: list[Cost]) -> Table:
    shown = Table(title="Importing products")
    for heading in ("lines", "importer CPU s", "database CPU s", "CPU s per 100,000", "clock s", "memory MB"):
        shown.add_column(heading, justify="right")
    for cost in found:
        shown.add_row(
            f"{cost.lines:,}",
            f"{cost.importer_cpu:.1f}",
            f"{cost.database_cpu:.1f}",
            f"{cost.per_100_000:.0f}",
            f"{cost.seconds:.1f}",
            f"{cost.memory_mb:.0f}",
        )
    return shown
