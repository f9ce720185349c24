"""What may be asked back, by whom and until when."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils.timezone import localdate

from fulfillment import returning, shipping, tracking
from fulfillment.eligibility import eligible
from fulfillment.models import Return, ReturnLine, Shipment
from fulfillment.tests.factories import ask_back, make_order, received, send, work_of
from shop.core.models import Event, Message, Shop
from shop.tests.people import ada, grace

pytestmark = pytest.mark.django_db
Status, Reason, Condition = Return.Status, ReturnLine.Reason, ReturnLine.Condition


def wish_for(line, quantity=1, reason=Reason.DISLIKE):
    return {line.pk: returning.Wish(quantity, reason)}


def test_what_was_sent_may_come_back_until_the_last_day():
    order = make_order(at="delivered")
    Shop.objects.update_or_create(pk=1, defaults={"return_days": 14})

    first, second = eligible(order)

    arrived = Shipment.objects.get().delivered_at
    assert (first.quantity, second.quantity, first.refusal) == (2, 1, "")
    assert first.until == localdate(arrived) + timedelta(days=14)


def test_what_is_still_in_the_house_may_not():
    [first, _second] = eligible(make_order(at="packed"))
    assert (first.quantity, first.refusal) == (0, "It has not been sent yet.")


def test_what_is_on_its_way_may_and_its_days_have_not_begun():
    [first, _second] = eligible(make_order(at="shipped"))
    assert (first.quantity, first.until, first.refusal) == (2, None, "")


def test_the_days_end_with_the_last_one():
    order = make_order(at="delivered")
    Shipment.objects.update(delivered_at=Now() - timedelta(days=30))
    assert eligible(order)[0].quantity == 2
    Shipment.objects.update(delivered_at=Now() - timedelta(days=31))

    [first, _second] = eligible(order)

    assert first.quantity == 0 and first.refusal.startswith("The time for returns ended on")


def test_a_line_in_two_parcels_counts_from_the_later_one():
    order = make_order(at="packed")
    mugs, paper = order.lines.all()
    early = send(order, lines={mugs.pk: 1})
    late = send(order, lines={mugs.pk: 1, paper.pk: 1})
    tracking.mark_delivered(early, by=grace())
    Shipment.objects.filter(pk=early.pk).update(delivered_at=Now() - timedelta(days=90))
    assert eligible(order)[0].until is None  # the later one is still under way
    tracking.mark_delivered(late, by=grace())
    assert eligible(order)[0].quantity == 2


def test_what_is_asked_back_already_is_spoken_for():
    order = make_order(at="delivered")
    mugs = order.lines.first()
    asked = ask_back(order, {mugs.pk: 1})
    assert eligible(order)[0].quantity == 1
    returning.refuse(asked, reason="used", by=grace())
    assert eligible(order)[0].quantity == 2


def test_asking_makes_a_return_that_waits_for_the_seller(deliver):
    order = make_order(at="delivered")
    mugs = order.lines.first()

    wish = returning.request(order, lines=wish_for(mugs, 2, Reason.DAMAGED), note=" chipped ", by=None)
    deliver()

    assert (wish.status, wish.note, wish.lines.get().reason) == (Status.REQUESTED, "chipped", Reason.DAMAGED)
    assert wish.number in Message.objects.get(name="return_requested").subject


@pytest.mark.parametrize("pieces", [3, 0, -1, 10**9])
def test_refuses_more_than_was_sent(pieces):
    order = make_order(at="delivered")
    with pytest.raises(returning.NotReturnable):
        returning.request(order, lines=wish_for(order.lines.first(), pieces))
    assert not Return.objects.exists()


def test_refuses_what_was_not_sent_yet():
    order = make_order(at="packed")
    with pytest.raises(returning.NotReturnable):
        returning.request(order, lines=wish_for(order.lines.first()))


def test_refuses_a_line_of_another_order():
    order, other = make_order(at="delivered"), make_order(at="delivered")
    with pytest.raises(returning.NotReturnable):
        returning.request(order, lines=wish_for(other.lines.first()))
    assert not Return.objects.exists()


def test_refuses_after_the_window():
    order = make_order(at="delivered")
    Shipment.objects.update(delivered_at=Now() - timedelta(days=40))
    with pytest.raises(returning.NotReturnable, match="ended on"):
        returning.request(order, lines=wish_for(order.lines.first()))


def test_refuses_the_same_pieces_twice():
    order = make_order(at="delivered")
    ask_back(order)
    with pytest.raises(returning.NotReturnable):
        returning.request(order, lines=wish_for(order.lines.first()))
    assert Return.objects.count() == 1


def test_refuses_a_return_of_nothing():
    with pytest.raises(returning.NothingChosen):
        returning.request(make_order(at="delivered"), lines={})


def test_the_customer_keeps_the_goods_after_all():
    order = make_order(at="delivered")
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    assert returning.withdraw(wish, by=ada()).status == Status.CANCELLED
    assert eligible(order)[0].quantity == 2


def test_too_late_to_keep_what_is_here_already():
    wish = received(ask_back(make_order(at="delivered")))
    with pytest.raises(returning.TooLateToKeep):
        returning.withdraw(wish)


def test_a_refusal_gives_its_reason(deliver):
    wish = ask_back(make_order(at="delivered"))
    with pytest.raises(returning.NothingChosen):
        returning.refuse(wish, reason="  ", by=grace())
    returning.refuse(wish, reason="The cup was\nused.", by=grace())
    deliver()
    wish.refresh_from_db()
    assert (wish.status, wish.refusal) == (Status.REFUSED, "The cup was used.")
    assert "The cup was used." in Message.objects.get(name="return_refused").text


def test_an_undeliverable_parcel_becomes_a_return_without_asking(deliver):
    order = make_order(at="shipped")
    parcel = Shipment.objects.get()
    tracking.turn_back(parcel, by=grace())

    wish = returning.take_in(parcel, by=grace())
    deliver()

    assert wish.status == Status.APPROVED
    assert {line.reason for line in wish.lines.all()} == {Reason.UNDELIVERED}
    assert "need not do anything" in Message.objects.get(name="return_approved").text
    with pytest.raises(returning.NothingChosen):
        returning.take_in(parcel, by=grace())
    assert eligible(order)[0].quantity == 0


def test_only_a_parcel_on_its_way_back_is_taken_in():
    make_order(at="shipped")
    with pytest.raises(returning.NotReturnable):
        returning.take_in(Shipment.objects.get(), by=grace())


def test_events_tell_the_steps_and_hold_nothing_personal():
    make_order(at="returned")
    steps = [event.name for event in Event.objects.filter(subject_type="fulfillment.return")]
    assert steps == [
        "return_request.made",
        "return_request.approved",
        "return_request.received",
        "return_request.inspected",
        "return_request.settled",
    ]
    assert "Ada" not in str([event.data for event in Event.objects.all()])


def test_a_parcel_handed_over_late_is_not_returned_before(deliver):
    order = make_order(at="packed")
    shipping.ship(work_of(order), carrier="manual", by=grace())
    with pytest.raises(returning.NotReturnable):
        ask_back(order, {order.lines.first().pk: 1})
