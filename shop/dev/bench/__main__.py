"""`bin/bench [--products 1000] [--seconds 5] [--concurrency 16]`: prints a table, and with --json the figures.

`bin/bench --scale 1000,100000`: how the time of a page grows with the catalogue.

`bin/bench --import 100000`: what it costs to bring a file of so many lines in.
"""

import argparse
import json
import sys

from rich.console import Console
from rich.table import Table

from shop.dev.bench import commits, importing, purchase, scaling
from shop.dev.bench.catalogue import sample
from shop.dev.bench.measuring import Measured, WentWrong, Work, measure, page
from shop.dev.bench.running import Running
from shop.dev.child import DidNotStart


def main() -> int:
    asks = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    asks.add_argument("--products", type=int, default=1000)
    asks.add_argument("--seconds", type=float, default=5.0, help="how long each figure is measured")
    asks.add_argument("--concurrency", type=int, default=16, help="visitors at once")
    asks.add_argument(
        "--scale", type=scaling.sizes, help="numbers of products, the smallest first: 1000,100000"
    )
    asks.add_argument("--import", dest="imported", type=importing.line_count, help="lines of the file")
    asks.add_argument("--json", action="store_true")
    asked = asks.parse_args()
    console = Console(stderr=asked.json)
    try:
        if asked.imported:
            return importing.run(asked.imported, as_json=asked.json, console=console)
        if asked.scale:
            return scaling.run(asked.scale, seconds=asked.seconds, as_json=asked.json, console=console)
        with Running(products=asked.products, console=console) as running:
            figures = take(running, asked, console)
    except (WentWrong, DidNotStart) as error:
        console.print(f"Not measured: {error}", style="red", markup=False)
        return 1
    print(json.dumps(figures)) if asked.json else console.print(table(figures))
    return 0


def take(running: Running, asked: argparse.Namespace, console: Console) -> dict:
    """{name: {"per_second", "ratio", "p50_ms", "p95_ms", "of"}}: pages relative to the bare view, orders to commits."""
    chosen = sample(running.database_url)
    how = {"seconds": asked.seconds, "concurrency": asked.concurrency}
    console.print("Measuring the limits …")
    bare = warm(page("/"), port=running.bare_port, **how)
    commit_rate = commits.commits_per_second(running.database_url, seconds=round(asked.seconds))
    figures = {
        "bare Django view": figure(bare, bare.per_second, "bare view"),
        "PostgreSQL commits": {"per_second": commit_rate, "ratio": 1.0, "of": "commits"},
    }
    pages = {
        "home": "/",
        "category": chosen.category,
        "product": chosen.product,
        "search": f"/search/?q={chosen.word}",
    }
    for kind, port in (("cached", running.cached_port), ("uncached", running.port)):
        for name, path in pages.items():
            console.print(f"Measuring {name}, {kind} …")
            figures[f"{name}, {kind}"] = figure(
                warm(page(path), port=port, **how), bare.per_second, "bare view"
            )
    for count, paths in ((1, chosen.three_products[:1]), (3, chosen.three_products)):
        console.print(f"Measuring whole purchases of {count} …")
        bought = measure(purchase.buying(paths), port=running.port, same_visitor=False, **how)
        figures[f"purchases of {count}"] = figure(bought, commit_rate, "commits")
    return figures


def warm(work: Work, *, port: int, seconds: float, concurrency: int) -> Measured:
    """Measured after a first second, in which processes load what they need."""
    measure(work, port=port, seconds=1, concurrency=concurrency)
    return measure(work, port=port, seconds=seconds, concurrency=concurrency)


def figure(measured: Measured, limit: float, of: str) -> dict:
    return {
        "per_second": round(measured.per_second, 1),
        "ratio": round(measured.per_second / limit, 4),
        "p50_ms": round(measured.p50_ms, 1),
        "p95_ms": round(measured.p95_ms, 1),
        "of": of,
    }


def table(figures: dict) -> Table:
    shown = Table(title="The shop beside the limits of this machine")
    for heading in ("", "per second", "of the limit", "limit", "median ms", "95 % ms"):
        shown.add_column(heading, justify="left" if not heading else "right")
    for name, found in figures.items():
        percent = f"{found['ratio'] * 100:.1f} %"
        shown.add_row(
            name,
            f"{found['per_second']:,.1f}",
            percent,
            found["of"],
            str(found.get("p50_ms", "")),
            str(found.get("p95_ms", "")),
        )
    return shown


if __name__ == "__main__":
    sys.exit(main())
