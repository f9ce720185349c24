"""The simulator as a process: it remembers in a file, says what is wrong with its options, and ends when it is told to."""

import socket
import subprocess
import sys

from shop.dev.stripe_sim.running import ROOT, RunningSim
from shop.dev.stripe_sim.tests.conftest import client_of

COMMAND = [sys.executable, "-m", "shop.dev.stripe_sim"]


def run(*options):
    return subprocess.run([*COMMAND, *options], cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_a_restarted_simulator_still_knows_its_intents(tmp_path):
    state = tmp_path / "state.sqlite"
    with RunningSim(state=state, webhook_url="http://127.0.0.1:9/hooks/") as sim:
        api = client_of(sim).v1
        made = api.payment_intents.create({"amount": 1200, "currency": "eur"}, {"idempotency_key": "pi:1"})
        assert len(api.webhook_endpoints.list().data) == 1
    with RunningSim(state=state, webhook_url="http://127.0.0.1:10/hooks/") as sim:
        api = client_of(sim).v1
        assert api.payment_intents.retrieve(made.id).client_secret == made.client_secret
        assert (
            api.payment_intents.create({"amount": 1200, "currency": "eur"}, {"idempotency_key": "pi:1"}).id
            == made.id
        )
        assert [endpoint.url for endpoint in api.webhook_endpoints.list().data] == [
            "http://127.0.0.1:10/hooks/"
        ]


def test_it_listens_on_the_loopback_only(sim):
    port = int(sim.url.rpartition(":")[2])
    listening = subprocess.run(
        ["/bin/sh", "-c", "cat /proc/net/tcp /proc/net/tcp6"], capture_output=True, text=True
    )
    lines = [
        line.split() for line in listening.stdout.splitlines() if f":{port:04X} " in line and " 0A " in line
    ]
    assert [line[1] for line in lines] == [f"0100007F:{port:04X}"]


def test_a_taken_port_and_wrong_options_get_a_clear_answer():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("--port", str(taken.getsockname()[1]))
    assert (
        ended.returncode == 1
        and "cannot listen on 127.0.0.1" in ended.stderr
        and "Traceback" not in ended.stderr
    )
    for options, words in (
        (["--secret-key", "sk_live_x"], "must be test keys"),
        (["--webhook-url", "http://127.0.0.1:9/"], "belong together"),
    ):
        ended = run(*options)
        assert ended.returncode == 2 and words in ended.stderr


def test_it_ends_when_its_parent_does():
    sim = RunningSim()
    sim.process.stdin.close()
    assert sim.process.wait(timeout=5) == 0
    sim.process.stdout.close()


def test_reset_forgets_everything_but_where_to_post(sim, api, pay):
    sim.listen("http://127.0.0.1:9/hooks/")
    sim.control("settings", async_seconds=99)
    sim.control("faults", status=500, times=9, path="/v1/refunds")
    pay()
    sim.reset()
    assert not api.payment_intents.list().data and not api.events.list().data
    assert sim.control("settings", verb="GET")["async_seconds"] == 5
    assert not sim.control("faults", verb="GET")["data"]
    (endpoint,) = api.webhook_endpoints.list().data
    api.webhook_endpoints.delete(endpoint.id)
