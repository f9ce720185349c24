"""J19: no secret lies in the repository, and the key that signs cookies and mails can be changed while people shop."""

import pytest
from django.core.cache import cache

from orders.models import Order
from shop.core.models import Message
from shop.dev.place import ROOT
from shop.tests.faults import secret_scan
from shop.tests.faults.buyers import number_of
from shop.tests.people import PASSWORD, ada

# Pieces, so that the scanner does not find its own examples.
PLANTED = [
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    "SHOP_STRIPE_SECRET_KEY=sk_live_" + "51HxQ2eLkjh8sd7f6gKJH",
    'client = Stripe("sk_live_' + 'abcdefghijKLMNOPqrst")',
    'aws_secret_access_key = "' + 'wJalrXUtnFEMIK7MDENGbPxRfiCY"',
    '{"api_key": "' + 'q9w8e7r6t5y4u3i2o1p0a9s8d7"}',
    "whsec_" + "7Yx9Q2eLkjh8sd7f6gKJHasd8f7",
    "AKIA" + "IOSFODNN7QWERTYU",
    "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "DATABASE_URL=postgres://shop:" + "hunter2goes@db.internal/shop",
    'SECRET_KEY = "' + "k3J9x0Qw8Zr5Tn2Lm7Vb4Yc1Hd6" + '"',
    "aws_password: '" + "Zk83hGq0vBn2LxT9wYpR" + "'",
]


def test_j19_the_repository_holds_no_secret():
    assert [str(found) for found in secret_scan.scan(ROOT)] == []


def test_j19_control_the_scanner_sees_what_is_planted():
    found = {line: list(secret_scan.scan_text(line, "planted.txt")) for line in PLANTED}
    assert [line for line in PLANTED if not found[line]] == []


OLD, NEW = "o" * 60, "n" * 60


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fallbacks", [[OLD], []], ids=["with fallback", "control"])
def test_j19_a_new_secret_key_keeps_sessions_carts_and_mails(floor, settings, deliver, mailoutbox, fallbacks):
    settings.SECRET_KEY = OLD
    cache.clear()
    ada()
    guest, person = floor.buyer(), floor.visitor()
    person.sign_in("ada@example.com", PASSWORD)
    page = guest.to_payment({floor.sells(5): 1}, email="guest@example.com")
    reset = "/account/password/reset/"
    asking = floor.visitor()
    asking.submit(asking.get(reset), reset, email="ada@example.com")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, fallbacks
    cache.clear()

    assert person.is_signed_in() == bool(fallbacks)
    assert guest.has_cart() == bool(fallbacks)
    assert bool(number_of(guest.press(page))) == bool(fallbacks) == Order.objects.exists()
    deliver()
    sent = Message.objects.get(name="password_reset")
    assert (sent.status == "sent") == bool(fallbacks)
    assert any("/password/reset/key/" in mail.body for mail in mailoutbox) == bool(fallbacks)
