import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from shop.dev.processes import Roster, end_group, identity

Sleeper = Callable[[], subprocess.Popen]


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    """Starts processes that sleep, each leading a group of its own; none outlives the test."""
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        started.append(subprocess.Popen(["sleep", "60"], start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_process_has_an_identity_while_it_lives(sleeper):
    process = sleeper()
    assert identity(process.pid) == identity(process.pid) is not None
    process.kill()
    process.wait()
    assert identity(process.pid) is None


def test_a_dead_process_that_nobody_collected_counts_as_gone(sleeper):
    process = sleeper()
    os.kill(process.pid, signal.SIGKILL)
    end_group(process.pid, patience=1)
    assert identity(process.pid) is None


def test_two_processes_differ(sleeper):
    assert identity(sleeper().pid) != identity(os.getpid())


def test_the_next_run_ends_what_a_killed_one_left(tmp_path, sleeper):
    process = sleeper()
    Roster(tmp_path / "processes.json").add(process.pid, name="Worker", stop_signal=signal.SIGTERM)
    assert Roster(tmp_path / "processes.json").end_leftovers() == ["Worker"]
    assert process.wait(timeout=5) == -signal.SIGTERM
    assert not (tmp_path / "processes.json").exists()


def test_a_stranger_who_got_the_same_number_is_spared(tmp_path, sleeper):
    stranger = sleeper()
    rows = [
        {"name": "Worker", "pid": stranger.pid, "identity": "an earlier boot 42", "signal": signal.SIGTERM}
    ]
    (tmp_path / "processes.json").write_text(json.dumps(rows))
    assert Roster(tmp_path / "processes.json").end_leftovers() == []
    assert stranger.poll() is None


def test_a_process_that_will_not_listen_is_killed(sleeper):
    deaf = subprocess.Popen(
        ["/bin/sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"], start_new_session=True
    )
    end_group(deaf.pid, patience=0.5)
    assert deaf.wait(timeout=5) in (-signal.SIGKILL, -signal.SIGTERM)
