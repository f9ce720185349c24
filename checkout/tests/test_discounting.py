"""Promotions within a quote: whatever is bought wherever, in whatever currency, it adds up."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart.benefits import AmountOff, DeliveryOff, FreeDelivery, PercentOff
from cart.offering import Deal
from cart.rules import Rule
from cart.situation import Situation
from cart.tests.factories import make_promotion
from catalog.finding.refreshing import refresh
from catalog.models import Collection, Variant
from catalog.tests.factories import make_category, make_product, make_variant
from checkout.quoting import calculate, quote
from checkout.taxing import Taxation
from checkout.tests.factories import make_checkout
from checkout.tests.test_quoting import HOME, basket, card, items, places

RULES = st.lists(
    st.builds(
        Rule,
        pk=st.integers(1, 9),
        name=st.just("Offer"),
        benefit=st.one_of(
            st.builds(PercentOff, st.integers(1, 10_000)),
            st.builds(AmountOff, st.integers(1, 99_999)),
            st.builds(FreeDelivery),
            st.builds(DeliveryOff, st.integers(1, 999)),
        ),
        lane=st.integers(1, 3),
    ),
    max_size=4,
    unique_by=lambda rule: rule.pk,
)


@settings(max_examples=80, deadline=None)
@given(
    items,
    places,
    st.none() | places,
    st.booleans(),
    st.none() | st.integers(0, 9_999),
    RULES,
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_sums_add_up_with_every_discount(lines, home, there, with_tax, delivery, rules, currency):
    bought = basket(*lines, taxation=Taxation(home, there, with_tax), delivery=delivery)
    found = calculate(replace(bought, currency=currency, deal=Deal(Situation(currency), tuple(rules))))

    for line in found.lines:
        assert line.total_minor == line.unit_minor * line.quantity - line.discount_minor
        assert line.discount_minor == sum(one.amount_minor for one in line.adjustments)
        assert line.total_minor >= 0
    assert found.goods_minor == sum(line.total_minor for line in found.lines)
    assert found.discount_minor == sum(one.amount_minor for one in found.discounts)
    if found.shipping:
        assert found.shipping.price_minor >= 0
        assert found.shipping.discount_minor == sum(one.amount_minor for one in found.shipping.adjustments)
    added = 0 if found.prices_include_tax else found.tax_minor
    assert found.total_minor == found.goods_minor + found.shipping_minor + added >= 0
    assert sum(tax.taxable_minor for tax in found.tax_totals) + found.tax_minor == found.total_minor
    without = calculate(replace(bought, currency=currency))
    assert found.goods_minor <= without.goods_minor and found.shipping_minor <= without.shipping_minor


def test_what_is_free_is_free_in_an_export_too():
    bought = basket((card(1, 33), 3), taxation=Taxation(HOME, None, True), delivery=490)
    rules = (Rule(1, "Gone", PercentOff(10_000), lane=2), Rule(2, "Sent", FreeDelivery(), lane=2))
    found = calculate(replace(bought, deal=Deal(Situation("EUR"), rules)))
    assert (found.total_minor, found.tax_minor, found.lines[0].discount_minor) == (0, 0, 81)  # 3 × 0.27


def test_the_arithmetic_names_what_was_taken_off():
    bought = basket((card(1, 2900), 2), taxation=Taxation(HOME, HOME, True), delivery=490)
    rules = (
        Rule(1, "Print week", PercentOff(1000), lane=2, code="TEN"),
        Rule(2, "Sent", DeliveryOff(200), lane=2),
    )
    steps = calculate(replace(bought, deal=Deal(Situation("EUR"), rules))).steps
    assert "T-1: Print week (code TEN) −5.80 EUR → 52.20 EUR" in steps
    assert "T-1: VAT 20 % in 52.20 EUR → 8.70 EUR, net 43.50 EUR" in steps
    assert "delivery: Sent −2.00 EUR → 2.90 EUR" in steps


db = pytest.mark.django_db


@db
def test_goods_by_category_and_collection_are_found_and_floors_hold():
    above = make_category("Paper")
    prints = make_category("Prints", parent=above)
    print_ = make_variant(
        stock=9, price_minor=1000, product=make_product(categories=[prints]), floor_minor=950
    )
    picked = make_variant(stock=9, price_minor=1000)
    other = make_variant(stock=9, price_minor=1000)
    chosen = Collection.objects.create(name="Chosen", slug="chosen")
    chosen.items.create(product=picked.product)
    make_promotion(categories=[above])
    make_promotion(name="Chosen ones", percent=20, collections=[chosen])
    refresh([one.product_id for one in (print_, picked, other)])
    found = quote(make_checkout({print_: 1, picked: 1, other: 1}))
    assert [line.discount_minor for line in found.lines] == [50, 200, 0]
    assert Variant.objects.get(pk=print_.pk).floor_minor == 950


@db
def test_a_hundred_promotions_ask_as_often_as_one(django_assert_max_num_queries):
    variants = [make_variant(stock=9, weight_g=1) for _ in range(2)]
    checkout = make_checkout(dict.fromkeys(variants, 1))
    category = make_category("Things")
    make_promotion(categories=[category], is_for_first_order=True)
    quote(checkout)
    with django_assert_max_num_queries(30) as one:
        quote(checkout)
    for n in range(20):
        make_promotion(name=f"Offer {n}", categories=[category], products=[variants[0].product])
    with django_assert_max_num_queries(len(one.captured_queries)):
        quote(checkout)
