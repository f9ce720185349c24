from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog.browsing import line_cards
from catalog.finding import refreshing
from catalog.finding.cards import card_of
from catalog.models import ProductSearch
from catalog.products import quantities
from catalog.products.unit_pricing import unit_price
from catalog.tests.factories import make_variant
from shop.core.money import Money

pytestmark = pytest.mark.django_db
DOZENS = {"min_quantity": 6, "quantity_step": 6, "max_quantity": 20}


def test_allowed_quantities_begin_at_the_least_and_go_in_steps():
    by_six = make_variant(**DOZENS)
    assert [quantities.allowed(by_six, most) for most in (0, 5, 6, 13, 18, 99)] == [0, 0, 6, 12, 18, 18]
    assert [quantities.nearest(by_six, many) for many in (1, 7, 99)] == [6, 6, 18]
    plain = make_variant()
    assert quantities.allowed(plain, 7) == 7 and quantities.rule(plain) == ""


@pytest.mark.parametrize("many", [1, 5, 7, 19, 24])
def test_other_quantities_are_refused_in_a_clear_sentence(many):
    variant = make_variant(**DOZENS)
    with pytest.raises(quantities.WrongQuantity) as refusal:
        quantities.check(variant, many, name="Napkins")
    words = "Napkins: Sold from 6 to 20 pieces in one order, in steps of 6."
    assert refusal.value.message == words
    assert quantities.allowed(variant, refusal.value.data["near"]) == refusal.value.data["near"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_quantity": 0},
        {"quantity_step": 0},
        {"min_quantity": 5, "max_quantity": 4},
        {"content_amount": 1},
        {"content_unit": "g"},
        {"content_amount": 0, "content_unit": "g"},
    ],
)
def test_the_database_keeps_the_rules_sensible(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_variant(**wrong)


@pytest.mark.parametrize(
    ("minor", "amount", "unit", "said"),
    [
        (600, 500, "g", "€12.00 / kg"),
        (1000, Decimal("0.75"), "l", "€13.33 / l"),
        (299, 250, "ml", "€11.96 / l"),
        (1200, 12, "pc", "€1.00 / piece"),
        (900, Decimal("2.5"), "m2", "€3.60 / m²"),
        (900, None, "", ""),
    ],
)
def test_a_price_is_said_for_a_common_measure(minor, amount, unit, said):
    assert unit_price(Money(minor, "EUR"), amount=amount, unit=unit) == said


def test_the_price_per_unit_stands_on_card_and_page(client):
    variant = make_variant(
        stock=20, price_minor=600, content_amount=500, content_unit="g", min_quantity=2, quantity_step=2
    )
    refreshing.refresh([variant.product_id])
    assert card_of(ProductSearch.objects.get())["unit_price"] == "€12.00 / kg"
    page = client.get(variant.product.get_absolute_url()).text
    assert "€12.00 / kg" in page and 'min="2" max="20" step="2"' in page
    assert "Sold from 2 pieces on, in steps of 2." in page
    assert line_cards({variant.pk: 1})[variant.pk].quantity_step == 2
