"""The wire: once, in time, verified; and karrio kept on a leash."""

import ssl
import subprocess
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from checkout.carriers import CarrierRefused, CarrierUnavailable
from checkout.carriers.transport import library
from shop.dev.carrier_sim.running import ROOT


@pytest.mark.parametrize(
    ("kind", "plan"), [("timeout", {"seconds": 8}), ("slow", {"seconds": 8}), ("drip", {})]
)
@pytest.mark.parametrize("operation", ["token", "rates"])
def test_nobody_waits_longer_than_the_limit(each, box, berlin, vienna, sim, settings, operation, kind, plan):
    """Not for an answer, and not for one that comes a byte at a time."""
    each._tokens = None
    settings.SHOP_CARRIER_TIMEOUT = 0.5
    sim.fail(f"{each.code}.{operation}", kind, **plan)
    began = time.monotonic()
    with pytest.raises(CarrierUnavailable):
        each.rates([box], sender=berlin, recipient=vienna)
    assert time.monotonic() - began < 4


def test_a_carrier_that_is_not_there_is_unavailable(each, box, berlin, vienna, settings):
    settings.SHOP_UPS_URL = settings.SHOP_FEDEX_URL = "http://127.0.0.1:9"
    with pytest.raises(CarrierUnavailable) as caught:
        each.rates([box], sender=berlin, recipient=vienna)
    assert caught.value.carrier == each.code


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_carrier_that_is_down_is_unavailable(each, box, berlin, vienna, sim, status):
    sim.fail(f"{each.code}.rates", status=status)
    with pytest.raises(CarrierUnavailable):
        each.rates([box], sender=berlin, recipient=vienna)


@pytest.mark.parametrize("operation", ["token", "rates", "ship", "track"])
def test_an_answer_that_nobody_can_read_is_no_answer(each, ship, box, berlin, vienna, sim, operation):
    each._tokens = None
    sim.fail(f"{each.code}.{operation}", "malformed")
    with pytest.raises(CarrierUnavailable):
        if operation == "ship":
            ship()
        elif operation == "track":
            each.track("1ZA1B2C31129476057")
        else:
            each.rates([box], sender=berlin, recipient=vienna)


def test_a_token_that_lost_its_worth_is_replaced_once(each, box, berlin, vienna, sim):
    each.rates([box], sender=berlin, recipient=vienna)
    sim.control("revoke")
    assert each.rates([box], sender=berlin, recipient=vienna)
    assert len(sim.requests(f"{each.code}.token")) == 2


def test_a_token_serves_many_calls(each, box, berlin, vienna, sim):
    for _ in range(3):
        each.rates([box], sender=berlin, recipient=vienna)
    assert len(sim.requests(f"{each.code}.token")) <= 1


def test_wrong_credentials_are_refused_in_plain_words(each, box, berlin, vienna, sim, settings):
    settings.SHOP_UPS_CLIENT_SECRET = settings.SHOP_FEDEX_CLIENT_SECRET = "wrong"
    with pytest.raises(CarrierRefused, match=f"{each.name} does not accept the shop's credentials"):
        each.rates([box], sender=berlin, recipient=vienna)


def test_what_failed_is_not_sent_again_while_sentry_watches(each, box, berlin, vienna, sim):
    """karrio as it comes sends a failed request a second time when sentry_sdk is installed: a second label."""
    import sentry_sdk

    sim.fail(f"{each.code}.rates", status=500)
    with sentry_sdk.start_transaction(name="test"), pytest.raises(CarrierUnavailable):
        each.rates([box], sender=berlin, recipient=vienna)
    assert len(sim.requests(f"{each.code}.rates")) == 1


def test_certificates_are_still_verified_after_karrio_was_loaded():
    from PIL import ImageFile

    library()
    context = ssl._create_default_https_context()
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_our_own_opener_verifies_certificates():
    from checkout.carriers.transport import _opener

    [https] = [one for one in _opener().handlers if isinstance(one, urllib.request.HTTPSHandler)]
    assert https._context.verify_mode == ssl.CERT_REQUIRED and https._context.check_hostname


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirect_does_not_carry_the_token_elsewhere(each, box, berlin, vienna, sim, settings, status):
    heard = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.command, self.path))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *values):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    each._tokens = None
    settings.SHOP_UPS_URL = settings.SHOP_FEDEX_URL = f"http://127.0.0.1:{server.server_port}"
    with pytest.raises(CarrierUnavailable):
        each.rates([box], sender=berlin, recipient=vienna)
    server.shutdown()
    server.server_close()
    assert [command for command, _path in heard] == ["POST"]


def test_importing_carriers_loads_no_sdk():
    code = "import sys, checkout.carriers; sys.exit(any(n.split('.')[0] in ('karrio', 'loguru') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


def test_karrio_is_silent(each, box, berlin, vienna, sim, capfd):
    sim.fail(f"{each.code}.rates", status=503)
    with pytest.raises(CarrierUnavailable):
        each.rates([box], sender=berlin, recipient=vienna)
    assert "karrio" not in "".join(capfd.readouterr())


def test_a_call_leaves_one_line_in_the_log_without_personal_data(each, box, berlin, vienna, sim, caplog):
    caplog.set_level("INFO")
    each.rates([box], sender=berlin, recipient=vienna)
    lines = [record.getMessage() for record in caplog.records if record.name == "checkout.carriers.transport"]
    assert lines and "-> 200 in" in lines[-1]
    assert not any(word in line for line in lines for word in ("Wien", "Müller", "Bearer", "secret"))


def test_karrio_keeps_no_memory_of_what_was_sent(each):
    tracer = each._connection("DE").proxy.settings.tracer
    tracer.trace({"url": "x", "data": "personal"}, "request")
    assert tracer.inner_recordings == {}
