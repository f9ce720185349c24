"""Stripe Tax behind the same port, over real HTTP; every request is held against Stripe's own description afterwards."""

from datetime import date

import pytest
from django.urls import reverse

from catalog.tests.factories import make_variant
from checkout import quoting
from checkout.models import TaxAnswer
from checkout.taxing.asked import Purchase
from checkout.taxing.base import Kind, Part
from checkout.taxing.stripe import NoAnswer, calculate
from checkout.tests.factories import make_checkout, make_tax
from shop.core.models import Shop

HERE = Purchase("EUR", "DE", "", "10115", "Berlin", "Hauptstraße 12", "", "", "2026-11-22")
BERLIN = {"street": "Hauptstraße 12", "postcode": "10115", "city": "Berlin", "country": "DE"}


@pytest.fixture
def stripe_tax(stripe, settings):
    settings.SHOP_TAX_PROVIDER, settings.SHOP_TAX_TIMEOUT = "stripe", (1.0, 2.0)
    return stripe


def taxes_of(parts, purchase=HERE, *, is_inclusive=True, codes=None):
    _ref, taxes = calculate(parts, purchase, is_inclusive=is_inclusive, codes=codes or {})
    return [
        [(tax.percent_text, tax.taxable_minor, tax.tax_minor, tax.reason) for tax in each] for each in taxes
    ]


def test_each_part_gets_its_own_tax_with_it_in_the_price_or_on_top(stripe_tax):
    parts = [Part(11900, "standard"), Part(1190, "standard", is_delivery=True)]
    assert taxes_of(parts) == [[("19", 10000, 1900, "")], [("19", 1000, 190, "")]]
    assert taxes_of(parts, is_inclusive=False) == [[("19", 11900, 2261, "")], [("19", 1190, 226, "")]]


def test_gift_cards_the_relieved_and_places_without_tax_say_why(stripe_tax):
    parts = [Part(5000, "standard", Kind.VOUCHER), Part(2000, "books")]
    card, book = taxes_of(parts, codes={"books": "txcd_35010000"})
    assert card == [("0", 5000, 0, "voucher")] and book[0][2] == 319
    relieved = Purchase(**(HERE.__dict__ | {"relief": "intra_community"}))
    assert taxes_of([Part(10000, "standard")], relieved) == [[("0", 10000, 0, "intra_community")]]
    far = Purchase(**(HERE.__dict__ | {"country": "US", "region": "OR"}))
    assert taxes_of([Part(10000, "standard")], far, is_inclusive=False)[0][0][3] == "no rate"


@pytest.mark.parametrize("purchase", [Purchase(**(HERE.__dict__ | {"currency": "KWD"}))])
def test_what_cannot_be_asked_exactly_is_not_asked(stripe_tax, purchase):
    with pytest.raises(NoAnswer):
        taxes_of([Part(1001, "standard")], purchase)


def test_nobody_there_is_no_answer(settings):
    settings.SHOP_STRIPE_SECRET_KEY, settings.SHOP_STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:9"
    with pytest.raises(NoAnswer):
        taxes_of([Part(1000, "standard")])


@pytest.fixture
def checkout(db):
    """The table knows another rate than Stripe, so that one sees who was believed."""
    Shop.objects.update_or_create(pk=1, defaults={"country": "AT"})
    made = make_checkout({make_variant(stock=9, price_minor=5000): 1}, address=BERLIN)
    rate = make_tax("DE", "19")
    rate.percent = 10
    rate.save()
    return made


def test_the_answer_holds_for_exactly_this_purchase(stripe_tax, checkout):
    table = quoting.quote(checkout)
    assert "10" in {tax.percent_text for tax in table.tax_totals}
    assert quoting.ask_for_taxes(checkout, quoting.load(checkout)) is True
    asked = quoting.quote(checkout)
    assert [tax.percent_text for tax in asked.tax_totals] == ["19"]
    assert asked.total_minor == table.total_minor and asked.fingerprint != table.fingerprint
    assert asked.tax_minor == sum(tax.tax_minor for tax in asked.tax_totals)
    assert quoting.ask_for_taxes(checkout, quoting.load(checkout)) is False  # known
    assert TaxAnswer.objects.count() == 1
    assert quoting.quote(checkout, on=date(2027, 1, 1)).tax_totals[0].percent_text == "10"  # another day


def test_without_an_answer_the_table_holds_and_says_so(settings, checkout):
    settings.SHOP_TAX_PROVIDER = "stripe"
    settings.SHOP_STRIPE_SECRET_KEY, settings.SHOP_STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:9"
    assert quoting.ask_for_taxes(checkout, quoting.load(checkout)) is False
    found = quoting.quote(checkout)
    assert found.tax_totals[0].percent_text == "10"
    assert "the tax service gave no answer: the shop's own rates" in found.steps


def test_the_payment_page_asks_before_it_is_shown(stripe_tax, checkout, client):
    session = client.session
    session["checkout"] = checkout.token
    session.save()
    page = client.get(reverse("checkout:payment")).content.decode()
    assert "19 %" in page and quoting.quote(checkout).fingerprint in page
