"""Each check finds what it is for, and finds nothing where all is well."""

import pytest
from django.db import connection
from django.db.models import F

from fulfillment import shipping
from fulfillment.models import FulfillmentLine, FulfillmentOrder, Return, ReturnLine, Shipment, ShipmentLine
from fulfillment.tests.factories import make_order, send, work_of
from orders.models import Order, OrderLine
from shop.core import integrity
from shop.core.models import Delivery
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
OURS = ("N05-shipped", "N05-delivered", "N05-returned", "N05-picked", "P0")


def broken() -> set[str]:
    return {code for code, found in integrity.run(OURS).items() if found}


def test_orders_in_every_state_are_clean(carriers):
    for stage in ("cod", "picked", "packed", "shipped", "delivered", "completed", "return_asked", "returned"):
        make_order(at=stage)
    order = make_order(at="packed")
    first = order.lines.first()
    send(order, carrier="ups", lines={first.pk: 1})
    shipping.cancel(shipping.ship(work_of(order), carrier="manual", by=grace()), by=grace())
    assert broken() == set()


@pytest.mark.parametrize(
    ("stage", "harm", "code"),
    [
        ("shipped", lambda: OrderLine.objects.update(shipped=0), "N05-shipped"),
        ("shipped", lambda: FulfillmentLine.objects.update(shipped=0), "N05-shipped"),
        ("shipped", lambda: ShipmentLine.objects.update(quantity=1), "N05-shipped"),
        ("delivered", lambda: OrderLine.objects.update(delivered=0), "N05-delivered"),
        ("returned", lambda: OrderLine.objects.update(returned=0), "N05-returned"),
        ("return_asked", lambda: ReturnLine.objects.update(quantity=9), "N05-returned"),
        ("picked", lambda: OrderLine.objects.update(picked=0), "N05-picked"),
        ("cod", lambda: FulfillmentOrder.objects.update(status="picked"), "N05-picked"),
        ("cod", lambda: FulfillmentOrder.objects.all().delete(), "P01-released"),
        ("cod", lambda: FulfillmentLine.objects.filter(quantity=2).update(quantity=1), "P01-released"),
        ("picked", lambda: Order.objects.update(status="cancelled"), "P02-cancelled-work"),
        ("packed", lambda: FulfillmentOrder.objects.update(status="shipped"), "P03-work-status"),
        ("shipped", lambda: FulfillmentOrder.objects.update(status="packed"), "P03-work-status"),
        ("shipped", lambda: ShipmentLine.objects.update(quantity=F("quantity") + 1), "P04-parcel-contents"),
        ("shipped", lambda: ShipmentLine.objects.all().delete(), "P04-parcel-contents"),
        ("shipped", lambda: Shipment.objects.update(carrier="ups"), "P06-somebody-asks"),
        ("returned", lambda: ReturnLine.objects.update(condition="damaged"), "P07-restocked-once"),
        ("returned", lambda: Return.objects.update(status="inspected"), "P08-refunded-return"),
        ("return_asked", lambda: Return.objects.update(status="refunded"), "P08-refunded-return"),
    ],
)
def test_finds_the_harm(stage, harm, code):
    make_order(at=stage)
    assert broken() == set()
    harm()
    assert code in broken()


def test_finds_two_parcels_of_one_number(carriers):
    for _ in range(2):
        send(make_order(at="packed"), carrier="ups")
    Shipment.objects.update(tracking_number="1Z")
    assert "P05-one-parcel-a-number" in broken()


@pytest.mark.parametrize("model", [FulfillmentLine, ShipmentLine, ReturnLine])
def test_finds_lines_of_another_order(model):
    make_order(at="return_asked")
    other = make_order(at="cod").lines.first()
    model.objects.filter(pk=model.objects.first().pk).update(order_line=other)
    assert "P09-own-lines" in broken()


def test_a_release_under_way_is_not_counted_as_missing():
    make_order(at="cod")
    Delivery.objects.filter(reaction__endswith="release_order").update(done_at=None)
    FulfillmentOrder.objects.all().delete()
    assert "P01-released" not in broken()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_event SET created_at = now() - interval '11 minutes'")
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER USER")
    assert "P01-released" in broken()
