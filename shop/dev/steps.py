"""Progress on the terminal: one line a step, moving while it lasts, with its time when it is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Steps:
    """Counts and shows the steps of a start."""

    def __init__(self, console: Console, *, total: int) -> None:
        self.console, self.total, self.number = console, total, 0

    @contextmanager
    def step(self, text: str, *, speaks: bool = False) -> Iterator[None]:
        """Show a step while the block runs. One that `speaks` writes to the terminal itself."""
        self.number += 1
        began = time.monotonic()
        label = f"[dim]{self.number:>2}/{self.total}[/dim] {text}"
        if speaks or not self.console.is_terminal:
            self.console.print(f"{label} …")
            yield
        else:
            with self.console.status(f"{label} …"):
                yield
        self.console.print(f"[green]✓[/green] {label} [dim]{time.monotonic() - began:.1f} s[/dim]")
