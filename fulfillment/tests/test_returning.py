"""Returns, from the wish to the money."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils.timezone import localdate

from catalog.models import Movement, StockItem
from fulfillment import compensating, picking, receiving, returning, shipping, tracking
from fulfillment.eligibility import eligible
from fulfillment.models import Return, ReturnLine, Shipment
from fulfillment.tests.factories import ask_back, fresh, make_order, mug, send, take_back, work_of
from orders import refunding
from orders.models import Order, Refund
from shop.core.models import Event, Message, Shop
from shop.core.states import IllegalMove
from shop.tests.people import ada, grace
from shop.tests.walk import arrive

pytestmark = pytest.mark.django_db
Status, Reason, Condition = Return.Status, ReturnLine.Reason, ReturnLine.Condition


def wish_for(line, quantity=1, reason=Reason.DISLIKE):
    return {line.pk: returning.Wish(quantity, reason)}


def received(wish: Return) -> Return:
    returning.approve(wish, by=grace())
    return receiving.receive(wish, by=grace())


def sellable(wish: Return) -> dict[int, str]:
    return {line.order_line_id: Condition.SELLABLE for line in wish.lines.all()}


# --- What may come back ---


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


# --- Asking ---


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


# --- Receiving and inspecting ---


def test_whatever_is_as_new_goes_back_on_the_shelf_and_only_that():
    order = make_order(at="delivered")
    mugs, paper = order.lines.all()
    wish = received(ask_back(order))

    receiving.inspect(wish, conditions={mugs.pk: Condition.SELLABLE, paper.pk: Condition.DAMAGED}, by=grace())

    shelf = dict(StockItem.objects.values_list("variant_id", "on_hand"))
    assert shelf == {mugs.variant_id: 10, paper.variant_id: 9}
    back = Movement.objects.get(kind="restock")
    assert (back.on_hand_delta, back.reference) == (2, wish.cause)
    assert [line.returned for line in order.lines.all()] == [2, 1]


def test_what_was_not_in_the_parcel_is_missing():
    order = make_order(at="delivered")
    mugs = order.lines.first()
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    receiving.receive(wish, received={mugs.pk: 1}, by=grace())
    receiving.inspect(wish, conditions={mugs.pk: Condition.SELLABLE}, by=grace())

    assert [(line.received, line.condition) for line in wish.lines.order_by("order_line__position")] == [
        (1, Condition.SELLABLE),
        (0, Condition.MISSING),
    ]
    assert [line.returned for line in order.lines.all()] == [1, 0]


def test_refuses_more_pieces_than_were_announced():
    order = make_order(at="delivered")
    wish = ask_back(order, {order.lines.first().pk: 1})
    returning.approve(wish, by=grace())
    with pytest.raises(receiving.NotAsPromised):
        receiving.receive(wish, received={order.lines.first().pk: 2}, by=grace())
    wish.refresh_from_db()
    assert wish.status == Status.APPROVED


def test_refuses_to_inspect_without_a_condition():
    wish = received(ask_back(make_order(at="delivered")))
    with pytest.raises(receiving.NotAsPromised):
        receiving.inspect(wish, conditions={}, by=grace())
    assert not Movement.objects.filter(kind="restock").exists()


def test_a_parcel_scanned_twice_is_received_once_and_restocked_once():
    wish = received(ask_back(make_order(at="delivered")))
    with pytest.raises(IllegalMove):
        receiving.receive(wish, by=grace())
    receiving.inspect(wish, conditions=sellable(wish), by=grace())
    with pytest.raises(IllegalMove):
        receiving.inspect(wish, conditions=sellable(wish), by=grace())
    assert Movement.objects.filter(kind="restock").count() == 2  # one a line


# --- Settling ---


def inspected(order: Order, quantities=None) -> Return:
    wish = received(ask_back(order, quantities))
    return receiving.inspect(wish, conditions=sellable(wish), by=grace())


def test_pays_back_what_the_pieces_were_paid_with_once():
    order = make_order(at="completed")
    mugs = order.lines.first()
    wish = inspected(order, {mugs.pk: 1})

    [refund] = compensating.settle(wish, by=grace())

    assert (refund.amount_minor, refund.cause) == (2900, wish.cause)
    assert refund.lines.get().quantity == 1
    with pytest.raises(IllegalMove):
        compensating.settle(wish, by=grace())
    assert Refund.objects.count() == 1


def test_a_card_is_paid_back_at_the_provider(stripe, deliver):
    order = make_order(at="paid")
    for step in (pick_and_send, arrive):
        step(order)
    take_back(ask_back(order))
    order = fresh(order)

    refund = Refund.objects.get()
    goods = order.goods_minor
    assert (refund.status, refund.amount_minor) == (Refund.Status.SUCCEEDED, goods)
    assert order.payment_status == Order.PaymentStatus.REFUNDED  # its delivery was free
    assert order.fulfillment_status == Order.FulfillmentStatus.RETURNED
    names = set(Message.objects.values_list("name", flat=True))
    assert {"return_requested", "return_refunded", "refund_made"} <= names


def pick_and_send(order):
    picking.pack(picking.pick(work_of(order), by=grace()), by=grace())
    send(order)


def test_with_the_delivery_and_a_deduction():
    order = make_order(at="completed", lines={mug(): 1})
    wish = inspected(order)
    [refund] = compensating.settle(wish, shipping_minor=490, deduction_minor=450, by=grace())
    assert refund.amount_minor == 2900 + 490 - 450


@pytest.mark.parametrize("deduction", [2900, 3000, -1])
def test_refuses_a_deduction_that_leaves_nothing(deduction):
    wish = inspected(make_order(at="completed", lines={mug(): 1}))
    with pytest.raises(compensating.NotOwed):
        compensating.settle(wish, deduction_minor=deduction, by=grace())
    wish.refresh_from_db()
    assert wish.status == Status.INSPECTED and not Refund.objects.exists()


def test_refuses_more_delivery_than_was_paid():
    wish = inspected(make_order(at="completed", lines={mug(): 1}))
    with pytest.raises(refunding.TooMuch):
        compensating.settle(wish, shipping_minor=491, by=grace())
    wish.refresh_from_db()
    assert wish.status == Status.INSPECTED


def test_three_single_pieces_bring_back_the_price_to_the_cent():
    order = make_order(at="completed", lines={mug(price_minor=333): 3})
    line = order.lines.get()
    total = 0
    for _ in range(3):
        wish = inspected(order, {line.pk: 1})
        expected = compensating.worth_of(order, lines={line.pk: 1})
        [refund] = compensating.settle(wish, by=grace())
        assert refund.amount_minor == expected
        total += refund.amount_minor
    assert total == line.total_minor


def test_pieces_that_did_not_come_are_not_paid_for():
    order = make_order(at="completed")
    mugs, paper = order.lines.all()
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    receiving.receive(wish, received={mugs.pk: 1}, by=grace())
    receiving.inspect(wish, conditions={mugs.pk: Condition.DAMAGED}, by=grace())
    with pytest.raises(compensating.NotOwed):
        compensating.settle(wish, lines={mugs.pk: 1, paper.pk: 1}, by=grace())
    [refund] = compensating.settle(wish, by=grace())
    assert refund.amount_minor == 2900


def test_cash_that_was_never_collected_is_no_longer_owed():
    order = make_order(at="delivered")
    wish = inspected(order)

    assert compensating.settle(wish, by=grace()) == []

    order = fresh(order)
    assert (order.owed_minor, order.paid_minor) == (order.shipping_minor, 0)
    assert "no longer owe" in Message.objects.get(name="return_refunded").text


def test_closing_pays_nothing_and_says_why(deliver):
    wish = inspected(make_order(at="completed"))
    with pytest.raises(returning.NothingChosen):
        compensating.close(wish, reason="", by=grace())
    compensating.close(wish, reason="Worn for a year.", by=grace())
    deliver()
    assert "Worn for a year." in Message.objects.get(name="return_closed").text
    assert not Refund.objects.exists()


def test_money_goes_back_only_after_somebody_looked():
    wish = received(ask_back(make_order(at="completed")))
    with pytest.raises(IllegalMove):
        compensating.settle(wish, by=grace())
    assert not Refund.objects.exists()


# --- Parcels that come back by themselves ---


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
