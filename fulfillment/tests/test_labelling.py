"""Labels from a real HTTP peer: bought once, whatever happens in between."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from checkout.carriers import CarrierUnavailable, carrier
from fulfillment import labelling, shipping
from fulfillment.models import Shipment
from fulfillment.tests.factories import make_order, work_of
from shop.core.faultpoints import FAULTS, Fault
from shop.core.models import Delivery, Event
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
Status = Shipment.Status
OPERATION = {"ups": "ups.ship", "fedex": "fedex.ship"}


@pytest.fixture(params=["ups", "fedex"])
def house(request, carriers):
    return request.param


@pytest.fixture
def parcel(house):
    return shipping.ship(work_of(make_order(at="packed")), carrier=house, by=grace())


def alive(sim) -> list[dict]:
    return [one for one in sim.parcels() if one["stage"] != "voided"]


def test_a_worker_buys_the_label_and_keeps_it_apart_from_photos(parcel, carriers, deliver, settings):
    deliver()

    parcel.refresh_from_db()
    [made] = carriers.parcels()
    assert (parcel.status, parcel.tracking_number) == (Status.LABELLED, made["number"])
    assert parcel.cost_minor > 0 and parcel.currency and parcel.service
    assert parcel.label.read().startswith(b"%PDF")
    assert str(settings.MEDIA_ROOT) not in parcel.label.path
    assert parcel.shipped_at is None


def test_is_asked_for_under_our_own_reference(parcel, carriers, deliver):
    deliver()
    [made] = carriers.parcels()
    assert made["reference"] == parcel.reference and len(parcel.reference) == 26


def test_fetching_again_buys_nothing(parcel, carriers, deliver):
    deliver()
    labelling.fetch(Shipment.objects.get())
    assert len(carriers.parcels()) == 1


def test_a_label_whose_answer_got_lost_is_found_again_and_not_bought_twice(parcel, carriers, deliver, house):
    carriers.fail(OPERATION[house], "drop", after=True)

    with pytest.raises(labelling.LabelLate):
        labelling.fetch(parcel)
    parcel.refresh_from_db()
    assert (parcel.status, parcel.label_unsure) == (Status.LABEL_PENDING, True)
    assert parcel.label_error and parcel.label_lease_until is None
    assert work_of(parcel.order).status == "packed"  # the order still waits to be shipped

    labelling.fetch(parcel)
    parcel.refresh_from_db()
    [made] = alive(carriers)
    assert (parcel.status, parcel.tracking_number, parcel.label_error) == (
        Status.LABELLED,
        made["number"],
        "",
    )


def test_a_worker_that_dies_after_the_call_leaves_a_label_that_the_next_one_finds(
    parcel, carriers, monkeypatch
):
    monkeypatch.setitem(FAULTS, "label.after_call", "raise")
    with pytest.raises(Fault):
        labelling.fetch(parcel)
    monkeypatch.delitem(FAULTS, "label.after_call")
    with pytest.raises(labelling.LabelLate):  # its lease still holds
        labelling.fetch(parcel)

    Shipment.objects.update(label_lease_until=Now() - timedelta(seconds=1))
    labelling.fetch(parcel)

    parcel.refresh_from_db()
    assert parcel.status == Status.LABELLED
    assert [one["number"] for one in alive(carriers)] == [parcel.tracking_number]


def test_the_outbox_tries_again_while_the_carrier_is_down(parcel, carriers, deliver, house):
    carriers.fail(f"{house}.*", "error", status=503, times=20)
    deliver()
    waiting = Delivery.objects.get(reaction__endswith="fetch_label")
    assert waiting.done_at is None and waiting.attempts == 1

    carriers.control("fault", method="DELETE")
    Delivery.objects.update(due_at=Now())
    deliver()

    parcel.refresh_from_db()
    assert (parcel.status, parcel.label_error) == (Status.LABELLED, "")
    assert len(alive(carriers)) == 1


def test_what_the_carrier_refuses_waits_for_a_person(parcel, carriers, deliver):
    address = parcel.order.addresses.get(kind="delivery")
    address.street = "x" * 80
    address.save()
    deliver()

    parcel.refresh_from_db()
    assert (parcel.status, parcel.label_unsure) == (Status.LABEL_PENDING, False)
    assert "letters" in parcel.label_error
    assert not Delivery.objects.filter(done_at=None).exists()  # trying the same again does not help

    address.street = "Stephansplatz 1"
    address.save()
    labelling.ask_again(parcel, by=grace())
    deliver()
    parcel.refresh_from_db()
    assert (parcel.status, parcel.label_error) == (Status.LABELLED, "")


def test_the_label_of_a_cancelled_parcel_is_voided(parcel, carriers, deliver):
    deliver()
    shipping.cancel(parcel, by=grace())
    deliver()

    parcel.refresh_from_db()
    assert parcel.label_voided and alive(carriers) == []


def test_a_parcel_cancelled_while_nobody_knows_of_its_label_leaves_none_behind(
    parcel, carriers, deliver, house
):
    carriers.fail(OPERATION[house], "drop", after=True)
    with pytest.raises(labelling.LabelLate):
        labelling.fetch(parcel)

    shipping.cancel(parcel, by=grace())
    deliver()

    parcel.refresh_from_db()
    assert (parcel.status, parcel.label_voided) == (Status.CANCELLED, True)
    assert alive(carriers) == []


def test_a_parcel_cancelled_while_the_carrier_is_asked_voids_what_comes(
    parcel, carriers, deliver, monkeypatch
):
    house = carrier(parcel.carrier)
    ask = house.label

    def cancelled_meanwhile(*args, **kwargs):
        label = ask(*args, **kwargs)
        shipping.cancel(parcel, by=grace())
        return label

    monkeypatch.setattr(house, "label", cancelled_meanwhile)
    labelling.fetch(parcel)
    monkeypatch.setattr(house, "label", ask)
    assert Event.objects.filter(name="shipment.label_orphaned").count() == 1

    deliver()
    parcel.refresh_from_db()
    assert (parcel.status, parcel.label_voided) == (Status.CANCELLED, True)
    assert alive(carriers) == []


def test_voiding_waits_for_a_carrier_that_is_down(parcel, carriers, deliver, house):
    deliver()
    shipping.cancel(parcel, by=grace())
    carriers.fail(f"{house}.*", "error", status=503, times=20)
    with pytest.raises(labelling.LabelLate):
        labelling.void(parcel)
    parcel.refresh_from_db()
    assert not parcel.label_voided


def test_no_transaction_is_open_while_the_carrier_is_asked(
    parcel, monkeypatch, django_capture_on_commit_callbacks
):
    from django.db import connection

    depth = len(connection.savepoint_ids)
    house = carrier(parcel.carrier)

    def look(*args, **kwargs):
        assert len(connection.savepoint_ids) == depth
        raise CarrierUnavailable(house.code, "busy")

    monkeypatch.setattr(house, "label", look)
    with pytest.raises(labelling.LabelLate, match="busy"):
        labelling.fetch(parcel)


def test_a_parcel_by_hand_asks_nobody(carriers, deliver):
    parcel = shipping.ship(work_of(make_order(at="packed")), carrier="manual", by=grace())
    deliver()
    shipping.cancel(parcel, by=grace())
    deliver()
    assert carriers.requests("%") == []
