import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shop.dev.child import Child, DidNotStart
from shop.dev.place import ROOT
from shop.dev.processes import Roster, identity
from shop.dev.supervisor import DELAYS, Rank, StepFailed, Supervisor


@pytest.fixture
def supervisor(tmp_path):
    told: list[str] = []
    supervisor = Supervisor(roster=Roster(tmp_path / "processes.json"), tell=told.append)
    supervisor.told = told
    yield supervisor
    supervisor.hurrying = True
    supervisor.stop()


def shell(script: str, *, tmp_path: Path, name: str = "Program", **over) -> Child:
    return Child(
        name=name, command=["/bin/sh", "-c", script], log=tmp_path / f"{name}.log", folder=tmp_path, **over
    )


def wait_for(condition, *, seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def read_pid(path: Path) -> int:
    wait_for(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())


def test_stopping_leaves_neither_a_child_nor_its_children(supervisor, tmp_path):
    supervisor.start(shell("sleep 60 & echo $! > grandchild; wait", tmp_path=tmp_path), rank=Rank.WEB)
    grandchild = read_pid(tmp_path / "grandchild")
    child = supervisor.posts[0].child.process.pid
    supervisor.stop()
    assert identity(child) is None
    wait_for(lambda: identity(grandchild) is None)
    assert not (tmp_path / "processes.json").exists()


def test_a_child_that_ignores_the_request_is_killed_in_time(supervisor, tmp_path):
    deaf = shell("trap '' TERM; touch deaf; while :; do sleep 1; done", tmp_path=tmp_path, patience=0.5)
    supervisor.start(deaf, rank=Rank.WORKER)
    wait_for((tmp_path / "deaf").exists)
    began = time.monotonic()
    supervisor.stop()
    assert not deaf.is_running
    assert time.monotonic() - began < 3


def test_what_leans_on_something_stops_before_it(supervisor, tmp_path):
    for name, rank in (("server", Rank.SERVER), ("worker", Rank.WORKER), ("web", Rank.WEB)):
        script = f"trap 'echo {name} >> stopped; exit' TERM; touch {name}; while :; do sleep 0.05; done"
        supervisor.start(shell(script, tmp_path=tmp_path, name=name), rank=rank)
    wait_for(lambda: all((tmp_path / name).exists() for name in ("server", "worker", "web")))
    supervisor.stop()
    assert (tmp_path / "stopped").read_text().split() == ["web", "worker", "server"]


def test_a_crashed_child_is_told_of_and_started_again_ever_later(supervisor, tmp_path):
    supervisor.start(shell("echo out of luck; exit 3", tmp_path=tmp_path), rank=Rank.WORKER)
    post = supervisor.posts[0]
    now = post.began
    for delay in DELAYS[:3]:
        post.child.process.wait()
        supervisor.tend(post, now=now)
        assert post.due == now + delay
        assert "exit code 3" in supervisor.told[-1]
        assert "out of luck" in supervisor.told[-1]
        supervisor.tend(post, now=post.due - 0.1)
        assert not post.child.is_running
        now = post.due
        supervisor.tend(post, now=now)


def test_a_steady_child_is_forgiven_its_earlier_crashes(supervisor, tmp_path):
    supervisor.start(shell("exit 3", tmp_path=tmp_path), rank=Rank.WORKER)
    post = supervisor.posts[0]
    post.crashes = 4
    post.child.process.wait()
    supervisor.tend(post, now=post.began + 3600)
    assert post.crashes == 1


def test_a_command_that_fails_is_told_with_its_last_words(supervisor, tmp_path):
    with pytest.raises(StepFailed) as failure:
        supervisor.run(shell("echo no such table; exit 1", tmp_path=tmp_path, name="Migration"))
    assert "Migration failed (exit code 1)" in str(failure.value)
    assert "no such table" in str(failure.value)
    assert str(tmp_path / "Migration.log") in str(failure.value)


def test_a_program_that_ends_before_it_is_ready_is_told_of(tmp_path):
    child = shell("echo address in use; exit 98", tmp_path=tmp_path, is_ready=lambda child: False)
    child.start()
    with pytest.raises(DidNotStart, match=r"exit code 98(.|\n)*address in use"):
        child.wait_ready(seconds=5)


def test_readiness_is_read_from_the_present_start_only(tmp_path):
    child = shell("sleep 60", tmp_path=tmp_path, is_ready=lambda child: child.has_said("ready"))
    child.log.write_text("ready, said the run before\n")
    child.start()
    try:
        assert not child.is_ready(child)
    finally:
        child.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_children_die_with_a_supervisor_that_is_killed(tmp_path):
    script = f"""
import sys, time
from pathlib import Path
from shop.dev.child import Child
child = Child(name="Orphan", command=["/bin/sleep", "60"], log=Path({str(tmp_path / "log")!r}))
child.start()
time.sleep(0.3)
Path({str(tmp_path / "pid")!r}).write_text(str(child.process.pid))
time.sleep(60)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", script], env=environment)
    try:
        orphan = read_pid(tmp_path / "pid")
        assert identity(orphan)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_for(lambda: identity(orphan) is None)
