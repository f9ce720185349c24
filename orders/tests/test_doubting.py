"""Orders that trusted a VAT id while nobody could confirm it."""

import pytest

from catalog.tests.factories import make_variant
from checkout import vat_ids
from checkout.filling import set_company
from checkout.models import VatCheck
from checkout.quoting import quote
from checkout.tests.factories import make_checkout, make_tax
from orders import doubting, sheets, showing
from orders.checks import relief_has_its_vat_id
from orders.freezing import freeze
from orders.models import Order
from shop.core import clock
from shop.core.models import Shop

pytestmark = pytest.mark.django_db
VAT_ID = "DE136695976"
BERLIN = {"street": "Hauptstraße 12", "postcode": "10115", "city": "Berlin", "country": "DE"}


def order_of(state, *, trusts=False) -> Order:
    Shop.objects.update_or_create(pk=1, defaults={"country": "AT", "trusts_unchecked_vat_ids": trusts})
    make_tax("AT", "20", is_eu=True)
    checkout = make_checkout({make_variant(stock=5, price_minor=12000): 1}, address=BERLIN)
    checkout = set_company(checkout, vat_id=VAT_ID, po_number="PO-7")
    VatCheck.objects.update(state=state, answered_at=clock.now())
    return freeze(checkout, quote(checkout), gateway="cash_on_delivery", terms_version=None)


def test_an_order_that_trusted_a_bad_id_is_flagged_once():
    order = order_of("unanswered", trusts=True)
    assert order.is_vat_id_trusted and order.tax_minor == 0
    VatCheck.objects.update(state="invalid")
    assert "which is invalid" in next(relief_has_its_vat_id())

    assert doubting.flag_trusting(VAT_ID) == 1
    order.refresh_from_db()
    assert "does not know" in order.needs_review and not order.is_vat_id_trusted
    assert doubting.flag_trusting(VAT_ID) == 0
    assert list(relief_has_its_vat_id()) == []


def test_trust_that_was_justified_is_forgotten():
    order = order_of("unanswered", trusts=True)
    doubting.note_confirmed(VAT_ID)
    order.refresh_from_db()
    assert not order.is_vat_id_trusted and not order.needs_review


def test_a_confirmed_id_stands_on_the_papers_with_the_reason():
    order = order_of("valid")
    assert not order.is_vat_id_trusted
    (row,) = showing.tax_rows(order)
    assert "Article 138" in row["label"]
    figures = sheets.figures_of(order)
    assert (figures["vat_id"], figures["po_number"], figures["tax_minor"]) == (VAT_ID, "PO-7", 0)
    assert {"VAT id", "Your order number"} <= {fact["term"] for fact in showing.facts(order)}
    assert "Article 138" in showing.totals(order)["note"]


def test_without_trust_nothing_is_trusted():
    order = order_of("unanswered")
    assert order.tax_minor > 0 and not order.is_vat_id_trusted
    assert doubting.flag_trusting(VAT_ID) == 0
    assert vat_ids.state_of(VAT_ID) == "unanswered"
