"""The simulator as a program: what it keeps, when it ends, what it says when it cannot start."""

import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from shop.dev.carrier_sim.running import ROOT, RunningSim
from shop.dev.carrier_sim.tests.shopkeeper import Shopkeeper


def test_parcels_outlive_a_restart_where_there_is_a_state_file(tmp_path):
    state = str(tmp_path / "with space" / "state.sqlite")
    (tmp_path / "with space").mkdir()
    with RunningSim("--state", state) as sim:
        number = Shopkeeper(sim.url).ups_parcel()
        sim.advance(number, steps=2)
    with RunningSim("--state", state) as sim:
        [parcel] = sim.parcels()
    assert (parcel["number"], parcel["stage"]) == (number, "picked_up")


def test_parcels_move_by_themselves_when_time_drives():
    with RunningSim("--auto-seconds", "0.2") as sim:
        Shopkeeper(sim.url).ups_parcel()
        deadline = time.monotonic() + 15
        while sim.parcels()[0]["stage"] != "delivered" and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [event["stage"] for event in sim.parcels()[0]["events"]][-1] == "delivered"


def test_it_ends_when_whoever_started_it_is_gone():
    sim = RunningSim()
    sim._process.stdin.close()
    assert sim._process.wait(timeout=10) == 0
    sim.stop()


def test_it_ends_at_once_although_a_request_is_held():
    with RunningSim() as sim:
        sim.fail("ups.token", "timeout", seconds=60)
        with socket.create_connection(("127.0.0.1", int(sim.url.rpartition(":")[2]))) as line:
            line.sendall(b"POST /security/v1/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            time.sleep(0.2)
            began = time.monotonic()
            sim.stop()
    assert time.monotonic() - began < 4


def test_a_port_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "shop.dev.carrier_sim", "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is nobody's address")
def test_it_listens_on_one_address_only(sim):
    """A server that listens on all addresses answers on 127.0.0.2 too."""
    port = int(sim.url.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=1)


def test_people_move_parcels_on_a_page(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    form = f"number={number}".encode()
    with urllib.request.urlopen(f"{sim.url}/", data=form, timeout=10) as page:
        html = page.read().decode()
    assert number in html and "<td>label<br>" in html
    with urllib.request.urlopen(f"{sim.url}/label?number={number}", timeout=10) as paper:
        assert paper.read().startswith(b"%PDF-1.4")
