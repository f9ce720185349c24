"""The sellers' screens: one next step, refusals as messages, nothing offered that cannot be done."""

import pytest
from django.contrib.auth.models import Permission

from fulfillment import labelling, picking, shipping, tracking
from fulfillment.models import FulfillmentOrder, Return, Shipment
from fulfillment.slips import sheets
from fulfillment.tests.factories import make_order, send, work_of
from fulfillment.tests.pressing import PLACES, buttons, press, url
from fulfillment.working import next_step
from orders import progress
from orders.cancelling import cancel_order
from orders.models import Order
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db


def test_a_seller_takes_an_order_from_the_shelf_to_the_carrier(seller):
    order = make_order(at="cod")
    work = work_of(order)

    assert buttons(seller, work) == ["pick"]
    assert "Now pack it" in press(seller, work, "pick")
    assert buttons(seller, work)[-1] == "pack"
    press(seller, work, "pack")
    pieces = {f"pieces_{line.pk}": line.quantity for line in order.lines.all()}
    press(seller, work, "ship", carrier="manual", tracking_number="RR1", **pieces)
    parcel = Shipment.objects.get()
    assert buttons(seller, parcel)[-1] == "hand_over"
    press(seller, parcel, "hand_over")
    assert buttons(seller, parcel)[-1:] == ["delivered"]
    press(seller, parcel, "delivered")

    assert (parcel.status, work_of(order).status) == ("delivered", "shipped")
    assert buttons(seller, parcel) == [] and buttons(seller, work) == []


def test_the_page_of_a_label_shows_its_trouble_and_its_way_on(seller, carriers, deliver):
    order = make_order(at="packed")
    address = order.addresses.get(kind="delivery")
    address.street = "x" * 90
    address.save()
    pieces = {f"pieces_{line.pk}": line.quantity for line in order.lines.all()}
    page = press(seller, work_of(order), "ship", carrier="ups", weight_g="900", **pieces)
    assert "The label is being made" in page and "data-poll=" in page
    deliver()
    parcel = Shipment.objects.get()

    page = seller.get(url(parcel)).content.decode()
    assert "No label yet" in page and "data-poll=" not in page
    assert "ask_again" in buttons(seller, parcel) and "hand_over" not in buttons(seller, parcel)

    address.street = "Stephansplatz 1"
    address.save()
    press(seller, parcel, "ask_again")
    deliver()
    parcel.refresh_from_db()
    assert buttons(seller, parcel)[-1] == "hand_over"
    label = seller.get(url(parcel, "label"))
    assert label["Content-Type"] == "application/pdf" and b"".join(label.streaming_content).startswith(
        b"%PDF"
    )


def test_a_label_is_for_staff_alone(client, carriers, deliver):
    parcel = send(make_order(at="packed"), carrier="ups")
    for person in (None, eve(), ada()):
        if person:
            client.force_login(person)
        assert client.get(url(parcel, "label")).status_code in (302, 403)


def test_a_parcel_by_hand_has_no_label_to_open(seller):
    make_order(at="shipped")
    assert seller.get(url(Shipment.objects.get(), "label")).status_code == 404


def test_refuses_a_cancelled_order_with_a_message(seller):
    order = make_order(at="cod")
    cancel_order(order, reason="", by=None)
    page = press(seller, work_of(order), "pick")
    assert "This order was cancelled" in page
    assert work_of(order).status == "released"


def test_says_that_somebody_was_faster(seller):
    work = work_of(make_order(at="cod"))
    picking.pick(work, by=grace())
    assert "Somebody was faster" in press(seller, work, "pick")


def test_an_order_that_needs_a_look_says_so(seller):
    order = make_order(at="cod")
    progress.flag(order, reason="The customer disputes the payment.")
    assert "disputes the payment" in seller.get(url(work_of(order))).content.decode()


@pytest.mark.parametrize("fields", [{}, {"carrier": "pigeon"}, {"carrier": "manual", "weight_g": "-1"}])
def test_a_form_that_makes_no_sense_is_a_message(seller, fields):
    work = work_of(make_order(at="packed"))
    assert seller.post(url(work, "ship"), fields).status_code == 303
    assert not Shipment.objects.exists()


def test_a_part_of_the_pieces(seller):
    order = make_order(at="packed")
    mugs, paper = order.lines.all()
    page = press(seller, work_of(order), "ship", carrier="manual", **{f"pieces_{mugs.pk}": "3"})
    assert "less than or equal to 2" in page and not Shipment.objects.exists()
    press(
        seller,
        work_of(order),
        "ship",
        carrier="manual",
        **{f"pieces_{mugs.pk}": "1", f"pieces_{paper.pk}": "0"},
    )
    assert Shipment.objects.get().lines.get().quantity == 1


def test_an_undelivered_parcel_becomes_a_return(seller):
    make_order(at="shipped")
    parcel = Shipment.objects.get()
    press(seller, parcel, "turn_back")
    assert buttons(seller, parcel) == ["take_in"]
    press(seller, parcel, "take_in")
    assert Return.objects.get().status == "approved"


@pytest.mark.parametrize("place", list(PLACES.values()))
def test_lists_cost_the_same_for_many(seller, place, django_assert_max_num_queries):
    make_order(at="return_asked")
    for _ in range(3):
        make_order(at="shipped")
    for pile in ("", "?pile=all", "?pile=shipped", "?q=ada"):
        with django_assert_max_num_queries(16):
            assert seller.get(f"/admin/fulfillment/{place}/{pile}").status_code == 200


def test_the_list_shows_what_is_to_be_done_first(seller):
    todo, gone = make_order(at="cod"), make_order(at="shipped")
    page = seller.get("/admin/fulfillment/fulfillmentorder/").content.decode()
    assert todo.number in page and gone.number not in page
    assert gone.number in seller.get("/admin/fulfillment/fulfillmentorder/?pile=shipped").content.decode()


def test_packing_slips_for_one_and_for_many(seller):
    works = [work_of(make_order(at="cod")) for _ in range(2)]
    one = seller.get(url(works[0], "slip"))
    assert one["Content-Type"] == "application/pdf" and one.content.startswith(b"%PDF")
    many = seller.post(
        "/admin/fulfillment/fulfillmentorder/",
        {"action": "print_slips", "_selected_action": [work.pk for work in works]},
    )
    assert many.content.startswith(b"%PDF") and len(many.content) > len(one.content)


@pytest.mark.parametrize("count", [2, 5])
def test_many_packing_slips_cost_no_more_queries_than_two(count, django_assert_num_queries):
    works = [work_of(make_order(at="cod")).pk for _ in range(count)]
    with django_assert_num_queries(5):
        made = sheets(FulfillmentOrder.objects.with_lines().filter(pk__in=works))
    assert len(made) == count and all(sheet["to"] and sheet["lines"] for sheet in made)


@pytest.mark.parametrize("row", [FulfillmentOrder, Shipment, Return])
def test_who_may_only_look_changes_nothing(client, row):
    make_order(at="return_asked")
    viewer = eve(is_staff=True)
    viewer.user_permissions.add(
        *Permission.objects.filter(codename__in=[f"view_{name}" for name in PLACES.values()])
    )
    client.force_login(viewer)
    found = row.objects.get()
    assert client.get(url(found)).status_code == 200
    assert buttons(client, found) == []
    step = {FulfillmentOrder: "unpick", Shipment: "turn_back", Return: "approve"}[row]
    assert client.post(url(found, step)).status_code == 403


def test_everybody_else_stays_outside(client):
    make_order(at="return_asked")
    for who in (None, ada, eve):
        if who:
            client.force_login(who())
        for row in (FulfillmentOrder, Shipment, Return):
            found, step = row.objects.get(), "approve" if row is Return else "pick"
            assert client.get(url(found)).status_code in (302, 403), (who, row)
            assert client.post(url(found, step)).status_code in (302, 403, 404), (who, row)


@pytest.mark.parametrize(
    ("stage", "label"),
    [
        ("cod", "Pick"),
        ("picked", "Pack"),
        ("packed", "Ship"),
        ("shipped", None),
        ("return_asked", "Decide on the return"),
    ],
)
def test_tells_the_orders_page_what_comes_next(stage, label):
    step = next_step(make_order(at=stage))
    assert (step and step["label"]) == label


def test_a_parcel_that_waits_is_handed_over_next():
    order = make_order(at="packed")
    shipping.ship(work_of(order), carrier="manual", by=grace())
    assert next_step(order)["label"] == "Hand over"


def test_the_plug_in_of_the_orders_page_lists_work_parcels_and_returns(rf):
    from django.template import engines

    order = make_order(at="return_asked")
    page = (
        engines["django"]
        .from_string("{% load fulfillment_tags %}{% fulfillment_work order %}")
        .render({"order": order})
    )
    assert "RR123" in page and order.returns.get().number in page


def test_marks_what_is_late(seller):
    from django.utils import timezone

    order = make_order(at="cod")
    Order.objects.filter(pk=order.pk).update(promised_to=timezone.localdate())
    assert "bg-red-100" in seller.get("/admin/fulfillment/fulfillmentorder/").content.decode()


def test_a_shipment_that_moves_can_be_looked_up(seller, carriers, deliver):
    parcel = send(make_order(at="packed"), carrier="ups")
    carriers.stage(parcel.tracking_number, "out_for_delivery")
    press(seller, parcel, "look")
    deliver()
    assert "Out for delivery" in seller.get(url(parcel)).content.decode()
    tracking.mark_delivered(parcel, by=grace())
    assert labelling.fetch(parcel).status == "delivered"


def test_another_carrier_does_not_get_the_promised_ones_service(seller, carriers, deliver):
    order = make_order(at="packed")
    Order.objects.filter(pk=order.pk).update(carrier="ups", carrier_service="ups_standard")
    pieces = {f"pieces_{line.pk}": line.quantity for line in order.lines.all()}
    press(seller, work_of(order), "ship", carrier="fedex", service="ups_standard", weight_g="900", **pieces)
    deliver()
    parcel = Shipment.objects.get()
    assert (parcel.status, parcel.service) == ("labelled", "fedex_regional_economy")
