"""Where parcels are: what carriers tell, late, twice and in any order."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from checkout.carriers import CarrierUnavailable, TrackingEvent, TrackingReport
from checkout.carriers import Status as Told
from fulfillment import shipping, tracking
from fulfillment.models import Shipment
from fulfillment.tests.factories import fresh, make_order, send, work_of
from orders.models import Order
from orders.paying import record_cash
from shop.core.models import Event, Message
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
Status = Shipment.Status


def parcel_by(house: str) -> Shipment:
    return send(make_order(at="packed"), carrier=house)


@pytest.fixture(params=["ups", "fedex"])
def parcel(request, carriers):
    return parcel_by(request.param)


def fresh_parcel(parcel: Shipment) -> Shipment:
    return Shipment.objects.get(pk=parcel.pk)


def told(*stages, start=None) -> TrackingReport:
    """A report with one event a status, an hour apart."""
    start = start or datetime.now(UTC) - timedelta(days=1)
    found = [
        TrackingEvent(status, "X1", status, "Wien", start + timedelta(hours=at))
        for at, status in enumerate(stages)
    ]
    return TrackingReport.of("1Z", events=found, raw={})


def test_follows_a_parcel_to_the_door_and_completes_a_paid_order(parcel, carriers, deliver):
    record_cash(parcel.order, by=grace())
    for stage in ("in_transit", "out_for_delivery"):
        carriers.stage(parcel.tracking_number, stage)
    assert tracking.refresh(parcel).status == Status.OUT_FOR_DELIVERY
    carriers.stage(parcel.tracking_number, "delivered")
    tracking.refresh(fresh_parcel(parcel))
    deliver()

    parcel = fresh_parcel(parcel)
    order = Order.objects.get()
    assert (parcel.status, parcel.next_poll_at) == (Status.DELIVERED, None)
    assert parcel.delivered_at == parcel.events.get(status=Told.DELIVERED).happened_at
    assert [line.delivered for line in order.lines.all()] == [2, 1]
    assert (order.status, order.fulfillment_status) == (
        Order.Status.COMPLETED,
        Order.FulfillmentStatus.DELIVERED,
    )
    assert Message.objects.filter(name="delivered").count() == 1


def test_asking_twice_keeps_each_event_once_and_mails_once(parcel, carriers, deliver):
    carriers.advance(parcel.tracking_number, steps=5)
    tracking.refresh(parcel)
    kept = parcel.events.count()

    tracking.refresh(fresh_parcel(parcel))
    Shipment.objects.update(status=Status.OUT_FOR_DELIVERY)  # as a second worker still holds it
    deliver()

    assert parcel.events.count() == kept
    assert Event.objects.filter(name="shipment.delivered").count() == 1
    assert Message.objects.filter(name="delivered").count() == 1


def test_nothing_known_yet_changes_nothing(parcel, carriers):
    tracking.refresh(parcel)
    parcel = fresh_parcel(parcel)
    assert (parcel.status, parcel.polls) == (Status.SHIPPED, 1)
    assert parcel.next_poll_at is not None


def test_a_carrier_that_is_down_is_asked_later(parcel, carriers):
    carriers.fail("*.track", "error", status=503, times=3)
    with pytest.raises(CarrierUnavailable):
        tracking.refresh(parcel)
    parcel = fresh_parcel(parcel)
    assert (parcel.status, parcel.polls) == (Status.SHIPPED, 1)
    assert parcel.poll_error and parcel.next_poll_at


@pytest.mark.parametrize(
    ("stages", "status"),
    [
        ([Told.PICKED_UP, Told.IN_TRANSIT], Status.SHIPPED),
        ([Told.IN_TRANSIT, Told.DELAYED], Status.PROBLEM),
        ([Told.DELAYED, Told.IN_TRANSIT], Status.SHIPPED),
        ([Told.OUT_FOR_DELIVERY, Told.FAILED_ATTEMPT], Status.PROBLEM),
        ([Told.IN_TRANSIT, Told.READY_FOR_PICKUP], Status.READY_FOR_PICKUP),
        ([Told.DELIVERED], Status.DELIVERED),
        ([Told.DELIVERED, Told.IN_TRANSIT], Status.DELIVERED),
        ([Told.IN_TRANSIT, Told.UNKNOWN], Status.SHIPPED),
        ([Told.UNKNOWN], Status.SHIPPED),
        ([Told.PENDING], Status.SHIPPED),
        ([Told.IN_TRANSIT, Told.RETURNING], Status.RETURNING),
        ([Told.DELIVERED, Told.RETURNING], Status.RETURNING),
        ([], Status.SHIPPED),
    ],
)
def test_the_story_tells_the_status(stages, status):
    parcel = tracking.note(parcel_by("manual"), told(*stages))
    assert fresh_parcel(parcel).status == status


def test_old_news_never_takes_a_parcel_back(carriers):
    parcel = parcel_by("manual")
    now = datetime.now(UTC)
    tracking.note(parcel, told(Told.OUT_FOR_DELIVERY, start=now))
    tracking.note(parcel, told(Told.IN_TRANSIT, start=now - timedelta(days=2)))
    assert fresh_parcel(parcel).status == Status.OUT_FOR_DELIVERY
    tracking.note(parcel, told(Told.DELIVERED, start=now + timedelta(minutes=1)))
    tracking.note(parcel, told(Told.DELAYED, Told.IN_TRANSIT, start=now - timedelta(days=1)))

    parcel = fresh_parcel(parcel)
    assert (parcel.status, parcel.events.count()) == (Status.DELIVERED, 5)
    assert Event.objects.filter(name="shipment.delivered").count() == 1


def test_a_parcel_that_turns_back_stops_the_order_until_somebody_looks(carriers):
    parcel = parcel_by("manual")
    tracking.note(parcel, told(Told.IN_TRANSIT, Told.RETURNING))
    tracking.note(parcel, told(Told.DELIVERED, start=datetime.now(UTC)))  # to us

    parcel = fresh_parcel(parcel)
    order = Order.objects.get()
    assert (parcel.status, parcel.delivered_at) == (Status.RETURNING, None)
    assert "could not be delivered" in order.needs_review
    assert [line.delivered for line in order.lines.all()] == [0, 0]


def test_what_has_not_left_is_not_followed(carriers):
    parcel = shipping.ship(work_of(make_order(at="packed")), carrier="manual", by=grace())
    tracking.note(parcel, told(Told.DELIVERED))
    assert (fresh_parcel(parcel).status, parcel.events.count()) == (Status.LABELLED, 0)


def test_staff_mark_what_no_carrier_tells(carriers, deliver):
    parcel = parcel_by("manual")
    assert parcel.next_poll_at is None
    tracking.mark_delivered(parcel, by=grace())
    deliver()
    assert fresh_parcel(parcel).status == Status.DELIVERED
    with pytest.raises(tracking.NotUnderWay):
        tracking.mark_delivered(parcel, by=grace())
    assert Message.objects.filter(name="delivered").count() == 1


def test_one_of_two_parcels_is_not_the_whole_order(carriers):
    order = make_order(at="packed")
    first, second = order.lines.all()
    one = send(order, lines={first.pk: 2})
    other = send(order, lines={second.pk: 1})
    tracking.mark_delivered(one, by=grace())
    assert fresh(order).fulfillment_status == Order.FulfillmentStatus.SHIPPED
    tracking.mark_delivered(other, by=grace())
    assert fresh(order).fulfillment_status == Order.FulfillmentStatus.DELIVERED


def test_asks_only_about_those_whose_turn_it_is(carriers, settings):
    due, later = parcel_by("ups"), parcel_by("ups")
    Shipment.objects.filter(pk=later.pk).update(next_poll_at=Now() + timedelta(hours=1))

    assert tracking.poll_due() == 1
    assert tracking.poll_due() == 0

    asked = carriers.requests("ups.track")
    assert len(asked) == 1
    assert fresh_parcel(due).polls == 1 and fresh_parcel(later).polls == 0


def test_one_silent_carrier_does_not_stop_the_others(carriers):
    silent, told_of = parcel_by("ups"), parcel_by("fedex")
    carriers.stage(told_of.tracking_number, "out_for_delivery")
    carriers.fail("ups.track", "error", status=500, times=5)
    assert tracking.poll_due() == 2
    assert fresh_parcel(silent).poll_error
    assert fresh_parcel(told_of).status == Status.OUT_FOR_DELIVERY


def test_parcels_without_news_are_asked_about_less_often(carriers, settings):
    settings.SHOP_TRACKING_POLL_MINUTES = 30
    parcel = parcel_by("ups")
    pauses = []
    for _ in range(3):
        Shipment.objects.update(next_poll_at=Now())
        tracking.poll_due()
        pauses.append(round((fresh_parcel(parcel).next_poll_at - datetime.now(UTC)).total_seconds() / 60))
    assert pauses == [30, 60, 90]
    carriers.stage(parcel.tracking_number, "in_transit")
    Shipment.objects.update(next_poll_at=Now())
    tracking.poll_due()
    assert fresh_parcel(parcel).polls == 0


def test_after_two_months_nobody_asks_any_more(carriers):
    parcel = parcel_by("ups")
    Shipment.objects.update(shipped_at=Now() - timedelta(days=61))
    tracking.poll_due()
    assert fresh_parcel(parcel).next_poll_at is None


@pytest.mark.parametrize("status", [404, 500])
def test_nor_about_a_number_that_the_carrier_does_not_know(carriers, status):
    parcel = parcel_by("ups")
    Shipment.objects.update(shipped_at=Now() - timedelta(days=61))
    carriers.fail("ups.track", "error", status=status, times=5)
    tracking.poll_due()
    parcel = fresh_parcel(parcel)
    assert parcel.poll_error and parcel.next_poll_at is None


def test_the_command_polls_and_can_only_look(carriers, capsys):
    parcel = parcel_by("ups")
    call_command("poll_tracking", "--dry-run")
    assert parcel.tracking_number in capsys.readouterr().out and carriers.requests("ups.track") == []
    Shipment.objects.update(next_poll_at=Now() + timedelta(hours=1))
    call_command("poll_tracking")
    assert carriers.requests("ups.track") == []
    call_command("poll_tracking", "--all")
    assert len(carriers.requests("ups.track")) == 1


def test_a_seller_has_it_looked_up_by_a_worker(carriers, deliver):
    parcel = parcel_by("ups")
    carriers.stage(parcel.tracking_number, "out_for_delivery")
    tracking.ask(parcel, by=grace())
    assert fresh_parcel(parcel).status == Status.SHIPPED
    deliver()
    assert fresh_parcel(parcel).status == Status.OUT_FOR_DELIVERY
