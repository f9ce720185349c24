import pytest

from catalog.models import Movement, Reservation, StockItem
from fulfillment import shipping
from fulfillment.holding import NotToBeSent
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.tests.factories import fresh, make_order, work_of
from orders import progress
from orders.models import Order
from orders.paying import record_cash
from orders.refunding import refund
from shop.core.faultpoints import FAULTS, Fault
from shop.core.models import Event, Message
from shop.core.states import IllegalMove
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
Status = Shipment.Status


def ship(order: Order, **over) -> Shipment:
    return shipping.ship(work_of(order), **({"carrier": "manual", "by": grace()} | over))


def on_shelf(order: Order) -> dict[str, tuple[int, int]]:
    items = StockItem.objects.filter(variant__in=order.lines.values("variant")).order_by("pk")
    return {
        item.variant.product.name: (item.on_hand, item.reserved)
        for item in items.select_related("variant__product")
    }


def test_a_parcel_by_hand_needs_no_label_and_holds_everything():
    order = make_order(at="packed")

    parcel = ship(order, tracking_number=" RR123 ")

    assert (parcel.status, parcel.tracking_number) == (Status.LABELLED, "RR123")
    assert [line.quantity for line in parcel.lines.order_by("pk")] == [2, 1]
    assert parcel.weight_g == 900
    assert on_shelf(order) == {"Contour mug": (10, 2), "Contour print": (10, 1)}  # nothing has left yet


def test_handing_over_takes_the_goods_from_the_stock_and_tells_the_customer():
    order = make_order(at="packed")

    parcel = shipping.hand_over(ship(order), by=grace())
    order = fresh(order)

    assert (parcel.status, parcel.is_sent) == (Status.SHIPPED, True)
    assert on_shelf(order) == {"Contour mug": (8, 0), "Contour print": (9, 0)}
    assert not Reservation.objects.filter(holder=order.holder).exists()
    assert set(Movement.objects.filter(kind="ship").values_list("reference", flat=True)) == {
        f"shipment:{parcel.pk}"
    }
    assert order.fulfillment_status == Order.FulfillmentStatus.SHIPPED
    assert work_of(order).status == FulfillmentOrder.Status.SHIPPED
    assert Message.objects.filter(name="shipped").count() == 1


def test_a_part_leaves_first():
    order = make_order(at="packed")
    mugs = order.lines.first()

    shipping.hand_over(ship(order, lines={mugs.pk: 1}), by=grace())
    order = fresh(order)

    assert order.fulfillment_status == Order.FulfillmentStatus.PARTIAL
    assert work_of(order).status == FulfillmentOrder.Status.PACKED
    assert on_shelf(order) == {"Contour mug": (9, 1), "Contour print": (10, 1)}
    assert "The rest comes in a parcel of its own" in Message.objects.get(name="shipped").text

    shipping.hand_over(ship(order), by=grace())
    order = fresh(order)
    assert order.fulfillment_status == Order.FulfillmentStatus.SHIPPED
    assert [line.shipped for line in order.lines.all()] == [2, 1]


@pytest.mark.parametrize("pieces", [3, 0, -1, 10**9])
def test_refuses_more_than_is_left_and_makes_nothing(pieces):
    order = make_order(at="packed")

    with pytest.raises(shipping.NotInTheBox):
        ship(order, lines={order.lines.first().pk: pieces})

    assert not Shipment.objects.exists()


def test_refuses_a_line_of_another_order():
    order, other = make_order(at="packed"), make_order(at="packed")

    with pytest.raises(shipping.NotInTheBox):
        ship(order, lines={other.lines.first().pk: 1})


def test_what_waits_in_a_parcel_is_not_packed_a_second_time():
    order = make_order(at="packed")
    mugs = order.lines.first()
    ship(order, lines={mugs.pk: 2})

    with pytest.raises(shipping.NotInTheBox):
        ship(order, lines={mugs.pk: 1})
    ship(order)
    with pytest.raises(shipping.NotInTheBox):
        ship(order)

    assert Shipment.objects.count() == 2


def test_refuses_what_is_not_packed():
    for stage in ("cod", "picked"):
        with pytest.raises(shipping.NotPacked):
            ship(make_order(at=stage))
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("carrier", ["ups", "pigeon", "", "pickup"])
def test_refuses_a_carrier_that_is_not_set_up(carrier, settings):
    settings.SHOP_UPS_CLIENT_ID = ""
    with pytest.raises(shipping.CannotSend):
        ship(make_order(at="packed"), carrier=carrier)


@pytest.mark.parametrize("grams", [70_001, -5])
def test_refuses_a_label_for_a_parcel_of_no_sensible_weight(grams, carriers):
    with pytest.raises(shipping.CannotSend):
        ship(make_order(at="packed"), carrier="ups", weight_g=grams)


def test_refuses_to_hand_over_what_somebody_must_look_at_and_moves_nothing():
    order = make_order(at="packed")
    parcel = ship(order)
    progress.flag(order, reason="The customer disputes the payment with his bank.")

    with pytest.raises(NotToBeSent, match="disputes"):
        shipping.hand_over(parcel, by=grace())

    parcel.refresh_from_db()
    assert parcel.status == Status.LABELLED
    assert on_shelf(order) == {"Contour mug": (10, 2), "Contour print": (10, 1)}


def test_what_was_paid_back_stays_while_the_rest_leaves():
    order = make_order(at="packed")
    record_cash(order, by=grace())
    mugs, paper = order.lines.all()
    parcel = ship(order, lines={mugs.pk: 1})
    refund(order, lines={mugs.pk: 2}, reason="scratched")

    with pytest.raises(NotToBeSent, match="Contour mug"):
        shipping.hand_over(parcel, by=grace())
    with pytest.raises(NotToBeSent, match="Contour mug"):
        ship(order)

    shipping.hand_over(ship(order, lines={paper.pk: 1}), by=grace())
    assert on_shelf(order) == {"Contour mug": (10, 2), "Contour print": (9, 0)}


def test_handing_over_twice_is_handing_over_once():
    order = make_order(at="packed")
    parcel = ship(order)
    shipping.hand_over(parcel, by=grace())

    with pytest.raises(IllegalMove):
        shipping.hand_over(parcel, by=grace())

    assert on_shelf(order)["Contour mug"] == (8, 0)
    assert Event.objects.filter(name="shipment.shipped").count() == 1


def test_what_breaks_before_the_end_leaves_no_trace(monkeypatch):
    order = make_order(at="packed")
    parcel = ship(order)
    monkeypatch.setitem(FAULTS, "shipping.before_commit", "raise")

    with pytest.raises(Fault):
        shipping.hand_over(parcel, by=grace())

    parcel.refresh_from_db()
    assert (parcel.status, [line.shipped for line in order.lines.all()]) == (Status.LABELLED, [0, 0])
    assert on_shelf(order) == {"Contour mug": (10, 2), "Contour print": (10, 1)}
    assert not Event.objects.filter(name="shipment.shipped").exists()


def test_a_cancelled_parcel_can_be_packed_anew():
    order = make_order(at="packed")

    shipping.cancel(ship(order), by=grace())

    assert ship(order).lines.count() == 2


def test_a_parcel_that_left_is_not_cancelled():
    order = make_order(at="shipped")

    with pytest.raises(IllegalMove):
        shipping.cancel(Shipment.objects.get(), by=grace())

    assert order.fulfillment_status == Order.FulfillmentStatus.SHIPPED


def test_one_that_is_collected_waits_at_the_counter_and_mails_so():
    from checkout.tests.factories import make_method, make_zone

    make_method(make_zone(), code="pickup", prices={30_000: 0}, is_pickup=True)
    order = make_order(at="packed", method="pickup")

    shipping.hand_over(ship(order, carrier="pickup"), by=grace())
    order = fresh(order)

    assert order.fulfillment_status == Order.FulfillmentStatus.SHIPPED
    assert Message.objects.filter(name="ready_to_collect").count() == 1
    assert not Message.objects.filter(name="shipped").exists()
