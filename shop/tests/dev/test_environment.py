import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from shop.dev import environment

ROOT = Path(environment.ROOT)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with requirements and an environment that looks whole."""
    for name in environment.FILES["test"]:
        (tmp_path / name).write_text(f"{name}\n")
    python = environment.interpreter(tmp_path)
    python.parent.mkdir(parents=True)
    python.symlink_to(shutil.which("true") or "/bin/true")
    return tmp_path


def test_an_environment_without_a_stamp_is_not_trusted(project):
    assert not environment.is_ready(project, kind="demo")


def test_a_stamped_environment_is_left_alone(project):
    environment.write_stamp(project, kind="demo")
    assert environment.is_ready(project, kind="demo")
    assert not environment.is_ready(project, kind="test")


def test_the_environment_for_tests_serves_the_demo_too(project):
    environment.write_stamp(project, kind="test")
    assert environment.is_ready(project, kind="demo")


@pytest.mark.parametrize("name", environment.FILES["demo"])
def test_a_changed_requirement_asks_for_the_set_up_again(project, name):
    environment.write_stamp(project, kind="demo")
    (project / name).write_text("Django==99\n")
    assert not environment.is_ready(project, kind="demo")


def test_a_moved_environment_is_not_trusted(project):
    environment.write_stamp(project, kind="demo")
    stamp = project / ".venv" / "stamp.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"root": "/somewhere/else"}))
    assert not environment.is_ready(project, kind="demo")
    assert not environment.works(project)


def test_a_torn_stamp_is_not_trusted(project):
    (project / ".venv" / "stamp.json").write_text('{"root": ')
    assert not environment.is_ready(project, kind="demo")


def test_an_environment_whose_filling_was_killed_is_made_anew(project, monkeypatch):
    monkeypatch.setattr(environment, "succeeds", lambda command: True)
    assert environment.works(project)
    (project / ".venv" / environment.UNDER_WAY).touch()
    assert not environment.works(project)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "WARNING: Retrying … NewConnectionError … Temporary failure in name resolution",
            "Check the network",
        ),
        ("ERROR: Could not install packages: No space left on device", "The disk is full"),
        (
            "ERROR: No matching distribution found for Django==99",
            "No matching distribution found for Django==99",
        ),
    ],
)
def test_a_failure_of_pip_is_told_in_one_paragraph(tmp_path, said, answer):
    told = environment.why_pip_failed(said, log=tmp_path / "setup.log")
    assert answer in told
    assert str(tmp_path / "setup.log") in told
    assert "Traceback" not in told


def test_a_folder_that_cannot_be_written_is_told_in_one_paragraph():
    told = environment.explain(PermissionError(13, "Permission denied", "/opt/till"))
    assert "/opt/till cannot be written" in told
    assert "own" in told


def test_a_python_that_is_too_old_is_named_with_what_to_do(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    for tool in ("sh", "dirname", "head", "sed"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    (tmp_path / "project" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "setup", tmp_path / "project" / "bin" / "setup")
    done = subprocess.run(
        [tmp_path / "sh", tmp_path / "project" / "bin" / "setup"],
        env={"PATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "python3 is 3.9.2" in done.stderr
    assert "apt install python3" in done.stderr


def test_no_write_access_stops_the_set_up_before_anything_is_made(project):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    project.chmod(0o500)
    try:
        with pytest.raises(PermissionError), environment.only_one(project):
            pass
        assert not (project / ".data").exists()
    finally:
        project.chmod(0o700)
