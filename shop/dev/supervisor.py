"""Starts the demo's programs, starts crashed ones again, and stops everything in order.

Each program has a rank. Stopping goes from the last rank to the first, so that a program never outlives what
it leans on; within a rank all are asked at once. A second Ctrl-C kills what is left.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from types import FrameType

from shop.dev.child import Child, DidNotStart
from shop.dev.processes import Roster

DELAYS = (1, 2, 5, 10, 30)  # seconds before the first, second … new start
STEADY = 60  # seconds after which a program's earlier crashes are forgotten


class Rank(IntEnum):
    """What leans on what: a program needs those of lower ranks."""

    SERVER = 1
    PEER = 2
    WORKER = 3
    WEB = 4


class StepFailed(RuntimeError):
    """A command that had to succeed did not; the message ends with its last words."""


@dataclass
class Post:
    """A child at its post: how often it crashed lately, and when it may start again."""

    child: Child
    rank: Rank
    crashes: int = 0
    began: float = 0.0
    due: float | None = None


class Supervisor:
    """Keeps children running until told to stop, from the main thread; `tell` shows a line to the person."""

    def __init__(self, *, roster: Roster, tell: Callable[[str], None]) -> None:
        self.roster, self.tell = roster, tell
        self.posts: list[Post] = []
        self.stopping = self.hurrying = False

    def obey_signals(self) -> None:
        """Ctrl-C, a polite kill and a closed terminal all mean: stop everything."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.stopping:
            self.hurrying = True
        else:
            self.stopping = True
            raise KeyboardInterrupt

    # Starting

    def start(self, child: Child, *, rank: Rank) -> None:
        """Start a child and keep it running from now on."""
        post = Post(child, rank, began=time.monotonic())
        self.posts.append(post)
        child.start(roster=self.roster)

    def run(self, *children: Child) -> None:
        """Run commands side by side to their end; raise StepFailed when one fails."""
        try:
            for child in children:
                child.start(roster=self.roster)
            for child in children:
                if child.process and child.process.wait():
                    code = child.process.returncode
                    raise StepFailed(f"{child.name} failed (exit code {code}).{child.last_words()}")
        finally:
            for child in children:
                child.stop(roster=self.roster)

    # Watching

    def watch(self) -> None:
        """Until a signal comes, start again whatever ends."""
        while True:
            for post in self.posts:
                self.tend(post, now=time.monotonic())
            time.sleep(0.3)

    def tend(self, post: Post, *, now: float) -> None:
        """Look after one post: notice a crash, or start again what is due."""
        if post.due is not None:
            if now >= post.due:
                self._start_again(post, now=now)
        elif not post.child.is_running:
            self._note_crash(post, now=now)

    def _note_crash(self, post: Post, *, now: float) -> None:
        code = post.child.process.returncode if post.child.process else None
        post.child.stop(roster=self.roster)
        post.crashes = 1 if now - post.began > STEADY else post.crashes + 1
        words = post.child.last_words()
        delay = DELAYS[min(post.crashes, len(DELAYS)) - 1]
        post.due = now + delay
        self.tell(f"{post.child.name} ended (exit code {code}); starting it again in {delay} s.{words}")

    def _start_again(self, post: Post, *, now: float) -> None:
        post.due, post.began = None, now
        try:
            post.child.start(roster=self.roster)
            post.child.wait_ready(seconds=15)
        except DidNotStart:
            return  # the next look counts it as a crash, or finds it slow but alive
        self.tell(f"{post.child.name} is running again.")

    # Stopping

    def stop(self) -> None:
        """Stop everything that was started, the last rank first; nothing is left when this returns."""
        self.stopping = True
        for rank in sorted(Rank, reverse=True):
            children = [post.child for post in self.posts if post.rank == rank]
            for child in children:
                child.ask_to_stop()
            self._await(children)
            for child in children:
                child.stop(roster=self.roster, patience=0)
        self.posts.clear()

    def _await(self, children: list[Child]) -> None:
        until = time.monotonic() + max((child.patience for child in children), default=0)
        while any(child.is_running for child in children) and time.monotonic() < until and not self.hurrying:
            time.sleep(0.05)
