"""The packing slip says how to wrap; the gift slip is for whoever gets the goods and shows no price."""

import pytest

from cart import gifting
from cart.models import GiftOption
from cart.tests.factories import make_cart
from catalog.tests.factories import make_variant
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from fulfillment import slips
from fulfillment.models import FulfillmentOrder
from orders.placing import place_order
from shop.core.outbox import deliver_due

pytestmark = pytest.mark.django_db


def sheet_of(*, message: str, note: str = "") -> dict:
    wrap = GiftOption.objects.create(name="Paper", price_minor=390)
    cart = make_cart({make_variant(stock=5, price_minor=2900): 2})
    gifting.present(cart, wrap=wrap.pk, greeting_card=None, message=message, note=note)
    checkout = make_checkout(cart=cart)
    fingerprint = quote(checkout).fingerprint
    place_order(checkout, gateway="cash_on_delivery", fingerprint=fingerprint, terms_version=None)
    deliver_due()
    works = FulfillmentOrder.objects.with_lines()
    assert slips.packing_slips(works).startswith(b"%PDF")
    return slips.sheets(works)[0]


def test_the_slip_names_wrap_and_note_and_no_price_stands_anywhere():
    sheet = sheet_of(message="All the best, Ada #typst[*not markup*]", note="Ring twice")
    assert ["Gift wrap", "Paper"] in sheet["facts"] and sheet["note"] == "Ring twice"
    assert sheet["gift"]["message"].startswith("All the best") and sheet["gift"]["lines"][0][0] == "2"
    assert "€" not in str(sheet) and "29.00" not in str(sheet)


def test_without_a_message_there_is_no_gift_slip():
    assert sheet_of(message="")["gift"] is None
