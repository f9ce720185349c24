"""What the cart's page costs, however much is in it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cart import wishing
from cart.models import Cart
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


def cost(lines: int, later: int = 0) -> list[str]:
    client = Client()
    for number in range(lines + later):
        client.post("/cart/lines/", {"variant": make_variant(stock=9).pk, "quantity": 1}, headers=OURS)
        if number < later:
            line = Cart.objects.latest("pk").lines.latest("pk")
            client.post(f"/cart/lines/{line.pk}/saving/")
    client.get("/cart/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/cart/").status_code == 200
    return [query["sql"] for query in queries]


def test_what_is_saved_for_later_costs_the_same_for_one_as_for_many():
    few, many = cost(1, 1), cost(5, 9)
    assert len(few) == len(many) <= 15


def test_the_visitors_part_costs_three_queries_at_most():
    client, variant = Client(), make_variant(stock=9)
    client.post("/cart/lines/", {"variant": variant.pk, "quantity": 1}, headers=OURS)
    wishing.wish(Cart.objects.get(), variant=variant)
    with CaptureQueriesContext(connection) as queries:
        client.get("/visitor/")
    assert len(queries) <= 3
