"""The embedded servers, started for real: in a folder with a space, as whoever runs the tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shop.dev import postgres, systemuser, valkey
from shop.dev.place import ROOT
from shop.dev.postgres import Postgres
from shop.dev.processes import identity

ONCE = Retry(NoBackoff(), 0)


@pytest.fixture
def folder(tmp_path):
    """A folder with a space in its name; a cluster that moved out of it is removed with it."""
    folder = tmp_path / "my shop"
    folder.mkdir()
    yield folder
    Postgres(folder).remove()


def test_postgresql_starts_in_a_path_with_a_space_and_keeps_its_data(folder):
    with postgres.running(folder, durable=True) as server:
        server.ensure_database()
        with server.connect("till") as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('ÄÖ')")
    with postgres.running(folder, durable=True) as server, server.connect("till") as connection:
        assert connection.execute("SELECT lower(word) FROM kept").fetchone() == ("äö",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_postgresql_runs_as_us_or_for_root_as_a_user_that_owns_nothing(folder):
    with postgres.running(folder) as server:
        pid = int((server.data / "postmaster.pid").read_text().split()[0])
        owner = (
            Path(f"/proc/{pid}").stat().st_uid if Path("/proc/self").exists() else server.data.stat().st_uid
        )
        assert owner == (server.user.uid if server.user else os.geteuid())
        assert owner != 0
    assert not server.is_ready()


def test_postgresql_wants_the_password(folder):
    with postgres.running(folder) as server:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.url("postgres").replace(server.password, "guess"))
        assert (folder / "pg.password").stat().st_mode & 0o077 == 0


def test_a_server_left_by_a_killed_run_is_ended_and_its_data_used(folder):
    script = (
        "import sys, time; from pathlib import Path; from shop.dev import postgres\n"
        "with postgres.running(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script, folder],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout.readline() == "up\n"
    postmaster = int((Postgres(folder).data / "postmaster.pid").read_text().split()[0])
    run.kill()
    run.wait()
    with postgres.running(folder) as server:
        assert identity(postmaster) is None
        assert server.is_ready()


def test_a_pid_file_that_names_a_stranger_does_not_keep_the_server_from_starting(folder):
    with postgres.running(folder) as server:
        pass
    (server.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.data}\n{int(time.time())}\n5432\n\n*\n"
    )
    with postgres.running(folder) as server:
        assert server.is_ready()
    assert identity(os.getpid())


def test_a_half_made_cluster_is_made_anew(folder):
    server = Postgres(folder)
    (server.home / "pg").mkdir()
    (server.home / "pg" / "base").mkdir()
    with postgres.running(folder) as server:
        assert server.is_ready()


def test_a_folder_whose_name_a_shell_would_misread_is_no_obstacle(tmp_path):
    folder = tmp_path / 'it\'s "$HOME" `here`'
    try:
        with postgres.running(folder) as server:
            assert server.is_ready()
            assert server.home != folder
    finally:
        Postgres(folder).remove()


def test_pgbench_and_its_kin_can_be_found():
    assert os.access(postgres.binary("pgbench"), os.X_OK)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a system user")
def test_a_system_user_cannot_enter_what_is_closed_to_it(tmp_path):
    user = systemuser.for_postgres()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not systemuser.can_run(["/bin/pwd"], user=user, folder=closed)
    assert systemuser.can_run(["/bin/pwd"], user=user, folder=Path("/"))


def test_valkey_starts_in_a_path_with_a_space_and_wants_the_password(folder):
    with valkey.running(folder) as server:
        with redis.Redis.from_url(server.url(3)) as client:
            client.set("cart", "3")
            assert client.get("cart") == b"3"
        with pytest.raises(redis.AuthenticationError), redis.Redis(port=server.port, retry=ONCE) as stranger:
            stranger.ping()
    assert not server.is_ready()
