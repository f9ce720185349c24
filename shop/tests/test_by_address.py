"""Addresses are compared in any case everywhere (`email__iexact`), and never by reading a whole table."""

import pytest
from django.db import connection

from orders.models import Order
from shop.accounts.models import User
from support.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Order, Ticket, User])
def test_what_belongs_to_an_address_is_found_by_an_index(model):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = model.objects.filter(email__iexact="Ada@Example.com").order_by().explain()
    assert "any_case" in plan, plan
