import io
import os
import socket
import subprocess
import sys

import pytest
from rich.console import Console

from shop.dev import browser, opening, ports, surroundings, testing, welcome
from shop.dev.place import ROOT, InUse, Place


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=200)


def said(console: Console) -> str:
    return console.file.getvalue()


@pytest.fixture
def place(tmp_path):
    return Place("8000", below=tmp_path)


def test_a_folder_is_held_by_one_run_at_a_time(place):
    holding = f"""
import time
from pathlib import Path
from shop.dev.place import Place
with Place("8000", below=Path({str(place.folder.parent)!r})).held():
    print("held", flush=True); time.sleep(60)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    first = subprocess.Popen(
        [sys.executable, "-c", holding], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(InUse) as refusal, place.held():
            pass
        assert refusal.value.pid == first.pid
        assert f"process {first.pid}" in opening.already_open(opening.Wishes(port=8000), pid=first.pid)
    finally:
        first.kill()
        first.wait()
    with place.held():
        pass


def test_a_reset_removes_everything_but_the_lock(place):
    with place.held():
        place.secret("django")
        (place.folder / "media" / "products").mkdir(parents=True)
        (place.folder / "env").write_text("SHOP_ENV=development\n")
        place.clear()
        assert [path.name for path in place.folder.iterdir()] == ["lock"]


def test_secrets_are_made_once_and_for_us_alone(place):
    first = place.secret("django")
    assert len(first) >= 32
    assert place.secret("django") == first
    assert (place.folder / "secrets" / "django").stat().st_mode & 0o077 == 0
    assert place.secret("stripe") != first


def test_a_busy_port_is_refused_with_a_free_one_named(place, console, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with socket.socket() as other:
        other.bind((ports.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        run = opening.Opening(opening.Wishes(port=port), place=place, console=console)
        with pytest.raises(opening.CannotOpen) as refusal:
            run.check_port()
    assert f"Port {port} is in use by another program" in str(refusal.value)
    named = int(str(refusal.value).rpartition("--port ")[2])
    assert named != port
    assert ports.is_free(named)


def test_the_demo_never_fills_a_production_shop(console, monkeypatch):
    monkeypatch.setenv("SHOP_ENV", "production")
    assert opening.run(opening.Wishes(port=8000), console=console) == 1
    assert "SHOP_ENV=development only" in said(console)


def test_data_of_another_user_are_told_with_what_to_do(place):
    told = opening.explain(PermissionError(13, "Permission denied", str(place.folder / "lock")), place=place)
    assert "lock: Permission denied" in told
    assert "as that user" in told


def test_a_reset_says_what_it_removes_and_spares_a_database_of_ones_own(place, console, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db.example/mine")
    place.folder.mkdir(parents=True)
    (place.folder / "env").write_text("")
    opening.Opening(opening.Wishes(reset=True), place=place, console=console).reset()
    assert str(place.folder) in said(console)
    assert "is yours and stays" in said(console)
    assert not (place.folder / "env").exists()


def addresses() -> surroundings.Addresses:
    return surroundings.Addresses(
        shop=8123,
        stripe=9001,
        carrier=9002,
        vies=9003,
        database_url="postgres://till:x@127.0.0.1:1/till",
        redis_url="redis://:y@127.0.0.1:2/0",
    )


def test_programs_get_the_demos_own_settings_and_no_other_shops(place, monkeypatch):
    monkeypatch.setenv("SHOP_STRIPE_SECRET_KEY", "sk_live_of_a_real_shop")
    monkeypatch.setenv("SHOP_STRIPE_METHODS", "card")
    monkeypatch.setenv("SHOP_LOG_LEVEL", "DEBUG")
    whole = surroundings.whole(surroundings.for_demo(place, at=addresses()))
    assert whole["SHOP_URL"] == "http://127.0.0.1:8123"
    assert whole["SHOP_STRIPE_SECRET_KEY"].startswith("sk_test_")
    assert whole["SHOP_STRIPE_API_BASE"] == "http://127.0.0.1:9001"
    assert "SHOP_STRIPE_METHODS" not in whole
    assert whole["SHOP_LOG_LEVEL"] == "DEBUG"


def test_the_written_environment_can_be_read_by_a_shell(tmp_path):
    place = Place("my shop's", below=tmp_path)
    own = surroundings.for_demo(place, at=addresses())
    surroundings.write_down(place, own=own)
    done = subprocess.run(
        ["/bin/sh", "-c", 'set -a; . "$1"; printf %s "$SHOP_DATA"', "sh", place.folder / "env"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == str(place.folder)
    assert (place.folder / "env").stat().st_mode & 0o077 == 0


def test_the_welcome_names_the_shop_the_sign_ins_the_cards_and_the_mails(place, console):
    console.print(welcome.text(surroundings.for_demo(place, at=addresses()), place=place, seconds=4))
    for words in (
        "http://127.0.0.1:8123/",
        "/admin/",
        "/dev/mail/",
        "owner@isoline.example",
        "4242 4242 4242 4242",
        "3-D Secure",
    ):
        assert words in said(console)


def test_the_whole_suite_runs_in_a_process_more_than_cores_and_a_selection_in_one(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert testing.pytest_arguments([]) == ["-n", "3"]
    assert testing.pytest_arguments(["--long"]) == ["-m", "", "-n", "3"]
    assert testing.pytest_arguments(["catalog", "-k", "search"]) == ["catalog", "-k", "search"]


def test_the_suite_sees_no_settings_of_a_real_shop(place, monkeypatch):
    monkeypatch.setenv("SHOP_STRIPE_SECRET_KEY", "sk_live_of_a_real_shop")
    seen = testing.environment({"DATABASE_URL": "postgres://x"}, place=place, chromium=None)
    assert "SHOP_STRIPE_SECRET_KEY" not in seen
    assert seen["SHOP_NO_BROWSER"] == "1"


def test_a_browser_that_does_not_start_is_no_browser(tmp_path, monkeypatch):
    monkeypatch.delenv("SHOP_NO_BROWSER", raising=False)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "missing"))
    assert browser.find() is None
    told: list[str] = []
    assert browser.provide(told.append) is None
    assert "does not start" in told[0]
