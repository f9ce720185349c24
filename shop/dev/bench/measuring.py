"""Many visitors at once, for some seconds: how many answers a second, and how long each took."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shop.dev.bench.client import Visitor

Work = Callable[
    [Visitor], Awaitable[list[float]]
]  # does one thing, returns the seconds that each of its answers took


class WentWrong(RuntimeError):
    """The shop answered something other than what was measured for."""


@dataclass(frozen=True)
class Measured:
    """`per_second` counts whole pieces of work; the milliseconds are those of single answers."""

    per_second: float
    p50_ms: float
    p95_ms: float
    done: int


def measure(
    work: Work, *, port: int, seconds: float, concurrency: int, same_visitor: bool = True
) -> Measured:
    """Repeat `work` with `concurrency` visitors; each starts afresh for each piece unless it is the `same_visitor`."""
    return asyncio.run(_measure(work, port, seconds, concurrency, same_visitor))


async def _measure(work, port, seconds, concurrency, same_visitor) -> Measured:
    times: list[float] = []
    done = 0
    until = time.perf_counter() + seconds

    async def visit():
        nonlocal done
        visitor = Visitor("127.0.0.1", port)
        while time.perf_counter() < until:
            times.extend(await work(visitor))
            done += 1
            if not same_visitor:
                await visitor.close()
                visitor = Visitor("127.0.0.1", port)
        await visitor.close()

    began = time.perf_counter()
    await asyncio.gather(*(visit() for _ in range(concurrency)))
    took = time.perf_counter() - began
    times.sort()
    return Measured(done / took, times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000, done)


def page(path: str) -> Work:
    """Look at one page, which must answer 200."""

    async def work(visitor: Visitor) -> list[float]:
        answer = await visitor.get(path)
        if answer.status != 200:
            raise WentWrong(f"{path} answered {answer.status}")
        return [answer.seconds]

    return work
