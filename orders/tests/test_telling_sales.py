"""What was confirmed counts for "bought together"; what was cancelled does not."""

import pytest

from catalog.models import Sale
from orders.cancelling import cancel_order
from shop.tests.walk import make_order

pytestmark = pytest.mark.django_db


def test_a_confirmed_order_tells_its_products_and_a_cancelled_one_takes_them_back():
    order = make_order(at="cod")
    products = set(order.lines.values_list("variant__product_id", flat=True))
    assert set(Sale.objects.filter(reference=order.holder).values_list("product_id", flat=True)) == products
    cancel_order(order, reason="changed my mind")
    assert not Sale.objects.exists()
