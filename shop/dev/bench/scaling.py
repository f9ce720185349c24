"""How the time of a page grows with the catalogue: one visitor, nothing kept, the same database filled further and further."""

import argparse
import json
import os

from rich.console import Console
from rich.table import Table

from shop.dev.bench.catalogue import Sample, sample
from shop.dev.bench.measuring import Measured, measure, page
from shop.dev.bench.running import Running

Figures = dict[int, dict[str, Measured]]


def sizes(text: str) -> list[int]:
    """ "1000,100000" → [1000, 100000]"""
    try:
        found = sorted({int(part) for part in text.split(",")})
    except ValueError:
        raise argparse.ArgumentTypeError("numbers with commas between them: 1000,100000") from None
    if found[0] < 100:
        raise argparse.ArgumentTypeError("at least 100 products: fewer fill no page")
    return found


def run(asked: list[int], *, seconds: float, as_json: bool, console: Console) -> int:
    figures: Figures = {}
    with Running(products=asked[0], console=console, name="bench-scale", is_fresh=True) as running:
        chosen = sample(running.database_url)
        for size in asked:
            if size > running.products:
                rate = running.grow(size)
                console.print(f"{rate:,.0f} products a second were added.")
            running.settle()
            console.print(f"Measuring with {size:,} products …")
            figures[size] = {
                name: _alone(path, port=running.port, seconds=seconds) for name, path in pages(chosen).items()
            }
    load = [round(one, 1) for one in os.getloadavg()]
    if as_json:
        print(json.dumps({"load": load, "median_ms": _medians(figures)}))
    else:
        console.print(
            table(figures), f"Load of the machine at the end: {load[0]} (1 min), {load[2]} (15 min)."
        )
    return 0


def pages(chosen: Sample) -> dict[str, str]:
    return {
        "home": "/",
        "leaf category": chosen.category,
        "all of a branch": "/c/synthetic/",
        "leaf category, filtered": f"{chosen.category}?f-finish=Amber",
        "product": chosen.product,
        "search, three words": f"/search/?q={chosen.words}",
        "search, one broad word": f"/search/?q={chosen.word}",
    }


def _alone(path: str, *, port: int, seconds: float) -> Measured:
    """By one visitor: time without waiting in a queue."""
    for _process in range(4):  # each of the web's processes has seen the page
        measure(page(path), port=port, seconds=0.2, concurrency=2)
    return measure(page(path), port=port, seconds=seconds, concurrency=1)


def _medians(figures: Figures) -> dict[int, dict[str, float]]:
    return {
        size: {name: round(one.p50_ms, 1) for name, one in found.items()} for size, found in figures.items()
    }


def table(figures: Figures) -> Table:
    first = next(iter(figures.values()))
    shown = Table(title="Median (95 %) time of a page that is not kept, in ms")
    shown.add_column("")
    for size in figures:
        shown.add_column(f"{size:,}", justify="right")
    for size in [*figures][1:]:
        shown.add_column(f"× at {size:,}", justify="right")
    for name, alone in first.items():
        times = [f"{found[name].p50_ms:.1f} ({found[name].p95_ms:.1f})" for found in figures.values()]
        ratios = [f"{found[name].p50_ms / alone.p50_ms:.2f}" for found in [*figures.values()][1:]]
        shown.add_row(name, *times, *ratios)
    return shown
