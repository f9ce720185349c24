"""The control of F10: the check of what buyers were told sees orders that are lost, doubled, or placed behind their backs."""

import pytest

from catalog.tests.factories import make_variant
from shop.tests.faults.history import Purchase, contradictions
from shop.tests.walk import make_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("outcome", "number", "orders", "is_seen"),
    [
        ("ok", "right", 1, False),
        ("unknown", "", 1, False),
        ("unknown", "", 0, False),
        ("refused", "", 0, False),
        ("ok", "AAAA-AAAA", 0, True),  # lost
        ("ok", "right", 2, True),  # doubled
        ("unknown", "", 2, True),
        ("refused", "", 1, True),  # placed behind the buyer's back
    ],
)
def test_f10_control_the_history_check_sees_what_is_wrong(outcome, number, orders, is_seen):
    variant = make_variant(stock=9)
    made = [make_order(at="cod", lines={variant: 1}, email="p@example.com") for _ in range(orders)]
    told = made[0].number if number == "right" else number
    assert bool(contradictions([Purchase("p@example.com", 1, "", outcome, told)], stock=9)) == is_seen
    assert contradictions([], stock=8) != []
