import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.browsing import LineCard
from catalog.models import Variant
from catalog.tests.factories import make_product, make_variant
from checkout import filling, quoting
from checkout.models import ShippingMethod
from checkout.quoting import Basket, calculate, quote
from checkout.shipping_rates import Offer
from checkout.taxing import Kind, Place, Rate, Taxation
from checkout.tests.factories import make_checkout, make_tax, make_zone
from shop.core import clock
from shop.core.money import Money


def card(number, price, tax_class="standard", kind="goods", currency="EUR") -> LineCard:
    return LineCard(
        variant_id=number,
        product_id=number,
        name=f"Thing {number}",
        choices="",
        sku=f"T-{number}",
        url="/",
        photo=None,
        price_minor=price,
        compare_at_minor=None,
        kind=kind,
        currency=currency,
        is_priced=True,
        price_words="",
        weight_g=100,
        is_on_sale=True,
        available=9,
        low_stock_at=5,
        tax_class=tax_class,
        cost_minor=None,
        country_of_origin="AT",
        hs_code="",
    )


def place(standard, reduced="10", *, inclusive=True, lines=True, taxes_delivery=True) -> Place:
    return Place(
        inclusive,
        lines,
        {"standard": (Rate("VAT", Decimal(standard)),), "reduced": (Rate("VAT", Decimal(reduced)),)},
        taxes_delivery=taxes_delivery,
    )


def basket(*items, taxation, delivery=None, currency="EUR") -> Basket:
    method = ShippingMethod(pk=1, code="standard", name="Standard")
    offer = delivery is not None and Offer(
        method, Money(delivery, currency), date(2026, 11, 24), date(2026, 11, 26)
    )
    return Basket(currency, "XX", tuple(items), taxation, offer=offer or None)


HOME = place("20")


def test_at_home_the_customer_pays_the_printed_prices():
    found = calculate(basket((card(1, 2900), 2), taxation=Taxation(HOME, HOME, True), delivery=490))

    assert (found.goods_minor, found.shipping_minor, found.total_minor) == (5800, 490, 6290)
    assert found.prices_include_tax and found.tax_minor == 967 + 82
    assert [(tax.name, tax.percent_text) for tax in found.tax_totals] == [("VAT", "20")]


def test_ten_and_five_of_delivery_stay_fifteen():
    there = place("19")
    found = calculate(basket((card(1, 1000), 1), taxation=Taxation(there, there, True), delivery=500))
    assert found.total_minor == 1500


def test_delivery_is_taxed_like_the_goods_that_it_carries():
    items = [(card(1, 7500), 1), (card(2, 2500, "reduced"), 1)]
    found = calculate(basket(*items, taxation=Taxation(HOME, HOME, True), delivery=400))

    assert [(tax.percent_text, tax.taxable_minor, tax.tax_minor) for tax in found.shipping.taxes] == [
        ("20", 250, 50),
        ("10", 91, 9),
    ]
    assert found.shipping.tax_minor == 59


def test_where_tax_is_added_everything_is_first_freed_from_the_home_tax():
    there = place("7.25", inclusive=False, lines=False)
    found = calculate(basket((card(1, 12000), 1), taxation=Taxation(HOME, there, True), delivery=1490))

    assert (found.lines[0].unit_minor, found.shipping_minor) == (10000, 1242)
    assert found.tax_minor == 815  # 7.25 % of 112.42
    assert found.total_minor == 10000 + 1242 + 815
    assert not found.prices_include_tax


def test_an_export_carries_no_tax_and_says_so():
    found = calculate(basket((card(1, 11900), 1), taxation=Taxation(place("19"), None, True), delivery=1190))

    assert (found.total_minor, found.tax_minor, found.is_export) == (11000, 0, True)
    assert found.steps[0] == "to XX: export, home tax taken off, no tax"


def test_the_arithmetic_can_be_read_line_by_line():
    found = calculate(basket((card(1, 2900), 2), taxation=Taxation(HOME, HOME, True), delivery=490))
    assert found.steps == (
        "to XX: prices contain the tax, rounded line by line",
        "T-1: 2 × 29.00 EUR = 58.00 EUR",
        "T-1: VAT 20 % in 58.00 EUR → 9.67 EUR, net 48.33 EUR",
        "goods = 58.00 EUR",
        "delivery Standard: 200 g to XX, catalogue 4.90 EUR → 4.90 EUR",
        "delivery: VAT 20 % in 4.90 EUR → 0.82 EUR, net 4.08 EUR",
        "total = goods 58.00 EUR + delivery 4.90 EUR = 62.90 EUR, 10.49 EUR tax in it",
    )


places = st.builds(
    place,
    st.decimals("0", "30", places=3).map(str),
    st.decimals("0", "30", places=3).map(str),
    inclusive=st.booleans(),
    lines=st.booleans(),
    taxes_delivery=st.booleans(),
)
items = st.lists(
    st.tuples(
        st.builds(
            card,
            st.integers(1, 9),
            st.integers(0, 500_000),
            st.sampled_from(["standard", "reduced", "unknown"]),
            st.sampled_from(["goods", "digital", "gift_card", "bundle"]),
        ),
        st.integers(1, 99),
    ),
    min_size=1,
    max_size=12,
)


reliefs = st.dictionaries(st.sampled_from([Kind.GOODS, Kind.DIGITAL]), st.just("exempt"))
taxations = st.builds(
    Taxation, places, st.none() | places, st.booleans(), digital=st.none() | places, relief=reliefs
)


@given(items, taxations, st.none() | st.integers(0, 9_999), st.sampled_from(["EUR", "JPY", "KWD", "HUF"]))
def test_sums_add_up_whatever_is_bought_wherever(lines, taxation, delivery, currency):
    found = calculate(basket(*lines, taxation=taxation, delivery=delivery, currency=currency))

    assert found.goods_minor == sum(line.total_minor for line in found.lines)
    assert all(line.total_minor == line.unit_minor * line.quantity for line in found.lines)
    assert found.tax_minor == sum(tax.tax_minor for tax in found.tax_totals)
    on_lines = sum(line.tax_minor for line in found.lines)
    assert found.tax_minor == on_lines + (found.shipping.tax_minor if found.shipping else 0)
    added = 0 if found.prices_include_tax else found.tax_minor
    assert found.total_minor == found.goods_minor + found.shipping_minor + added
    net = sum(tax.taxable_minor for tax in found.tax_totals)
    assert net + found.tax_minor == found.total_minor
    assert all(tax.tax_minor >= 0 for tax in found.tax_totals)
    json.dumps(found.as_dict())


db = pytest.mark.django_db


@db
def test_quotes_a_checkout_from_the_database():
    found = quote(make_checkout({make_variant(stock=5, price_minor=2900, weight_g=300): 2}))

    assert (found.goods_minor, found.shipping_minor, found.total_minor) == (5800, 490, 6290)
    assert found.shipping.code == "standard"
    assert found.lines[0].weight_g == 300


@db
def test_delivery_is_free_from_its_threshold_on():
    assert quote(make_checkout({make_variant(stock=5, price_minor=3000): 2})).shipping_minor == 0


@db
def test_the_same_checkout_has_the_same_fingerprint_and_what_was_agreed_changes_it():
    teapot = make_variant(stock=5)
    checkout = make_checkout({teapot: 1})
    agreed = quote(checkout).fingerprint
    assert quote(checkout).fingerprint == agreed

    Variant.objects.filter(pk=teapot.pk).update(price_minor=2901)
    dearer = quote(checkout).fingerprint
    moved = filling.set_address(checkout, address=checkout.as_dict() | {"street": "Graben 2"})
    assert len({agreed, dearer, quote(moved).fingerprint}) == 3


@db
def test_a_later_day_of_arrival_is_the_same_agreement():
    checkout = make_checkout()
    with clock.at(datetime(2026, 11, 23, 10, tzinfo=UTC)):
        before = quote(checkout)
    with clock.at(datetime(2026, 11, 23, 18, tzinfo=UTC)):
        after = quote(checkout)
    assert before.shipping.latest < after.shipping.latest
    assert before.fingerprint == after.fingerprint


@db
def test_rates_are_those_of_the_day():
    make_tax("AT", "20", valid_to=date(2026, 12, 31), is_eu=True)
    make_tax("AT", "22", name="VAT 2027", valid_from=date(2027, 1, 1))
    checkout = make_checkout({make_variant(stock=5, price_minor=12200): 1})
    assert quote(checkout, on=date(2026, 12, 31)).tax_minor == 2033
    assert quote(checkout, on=date(2027, 1, 1)).tax_minor == 2200


@db
def test_delivery_that_is_withdrawn_meanwhile_is_no_longer_part_of_it():
    checkout = make_checkout()
    ShippingMethod.objects.update(is_active=False)
    assert quote(checkout).shipping is None
    assert filling.missing_step(checkout, quote(checkout)) == "delivery"


@db
def test_asks_the_database_as_often_for_one_line_as_for_many(django_assert_num_queries):
    make_zone()
    product = make_product()
    few = make_checkout({make_variant(stock=9, weight_g=1): 1})
    many = make_checkout({make_variant(product=product, stock=9, weight_g=1): 1 for _ in range(12)})
    for checkout in (few, many):
        with django_assert_num_queries(12):
            quoting.quote(checkout)
