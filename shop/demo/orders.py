"""A few dozen orders in every state, made by the operations that make them in life, spread over the last four weeks.

Each order is one story. What happens in it happens at moments of the past (shop.core.clock); its mails are delivered to
the development mailbox on the way.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

from checkout.gateways.base import GatewayRefused
from checkout.gateways.stripe_client import answers
from fulfillment import compensating, picking, receiving, returning, shipping, tracking
from fulfillment.models import FulfillmentOrder, Return, ReturnLine, Shipment
from orders.cancelling import cancel_order
from orders.models import Order
from orders.paying import record_cash, settle
from orders.refunding import refund
from shop.accounts.models import Seller
from shop.core import clock
from shop.core.outbox import deliver_due
from shop.demo import buying, guests, people
from shop.demo.buying import CARD, CASH, CUSTOMERS

SEED = 11
Story = Callable[["Teller"], Order]


class Teller:
    """Tells one story: who buys, at which moment it stands."""

    def __init__(self, number: int, *, days_ago: float):
        self.chance = random.Random(f"{SEED}-{number}")  # noqa: S311 - repeatable, and nothing depends on it
        self.who = CUSTOMERS[number % len(CUSTOMERS)]
        self.user = people.shopper() if number % 9 == 4 else None
        self.staff = people.seller("orders")
        self.moment = clock.now() - timedelta(days=days_ago)
        if days_ago >= 1:  # people shop by day
            self.moment = self.moment.replace(
                hour=self.chance.randrange(7, 21), minute=self.chance.randrange(60)
            )

    def do(self, act: Callable, *args, hours: float = 0.0, **kwargs):
        """Some time later, do this, and whatever follows from it. Never later than now."""
        self.moment = min(self.moment + timedelta(hours=hours), clock.now())
        with clock.at(self.moment):
            done = act(*args, **kwargs)
            for queue in ("critical", "default", "mail"):  # pictures can wait for the workers
                deliver_due(queue=queue)
        return done

    def place(self, *, gateway: str = CARD, seller: Seller | None = None) -> Order:
        who = buying.AT_HOME if self.user else CUSTOMERS[0] if gateway == CASH else self.who
        lines = buying.some_lines(self.chance, seller=seller)
        if gateway == CASH:  # offered up to an amount only
            lines = dict.fromkeys(list(lines)[:1], 1)
        return self.do(buying.place, who, lines, gateway=gateway, user=self.user)

    def bought(self) -> Order:
        order = self.place()
        self.do(buying.pay, order, hours=0.05)
        return self.fresh(order)

    def work(self, order: Order) -> FulfillmentOrder:
        return order.fulfillment_orders.get()

    def fresh(self, order: Order) -> Order:
        return Order.objects.get(pk=order.pk)


def unpaid(tell: Teller) -> Order:
    """The card was declined and the customer is looking for another one."""
    order = tell.place()
    tell.do(_declined, order)
    return order


def to_pick(tell: Teller) -> Order:
    return tell.bought()


def to_pick_on_delivery(tell: Teller) -> Order:
    return tell.place(gateway=CASH)


def to_pick_by_a_guest(tell: Teller) -> Order:
    """A guest seller's goods: its own staff sends them."""
    order = tell.place(seller=guests.bindery())
    tell.do(buying.pay, order, hours=0.05)
    return tell.fresh(order)


def to_pack(tell: Teller) -> Order:
    order = tell.bought()
    tell.do(picking.pick, tell.work(order), by=tell.staff, hours=5)
    return order


def to_ship(tell: Teller) -> Order:
    order = to_pack(tell)
    tell.do(picking.pack, tell.work(order), by=tell.staff, hours=1)
    return order


def on_its_way(tell: Teller) -> Order:
    order = to_ship(tell)
    _send(tell, order)
    return order


def delivered_unpaid(tell: Teller) -> Order:
    """Cash on delivery: the carrier has yet to hand over the money."""
    order = tell.place(gateway=CASH)
    tell.do(picking.pick, tell.work(order), by=tell.staff, hours=5)
    tell.do(picking.pack, tell.work(order), by=tell.staff, hours=1)
    _send(tell, order)
    _arrive(tell, order)
    return order


def completed_on_delivery(tell: Teller) -> Order:
    order = delivered_unpaid(tell)
    tell.do(record_cash, order, by=tell.staff, hours=30)
    return order


def completed(tell: Teller) -> Order:
    order = on_its_way(tell)
    _arrive(tell, order)
    return order


def cancelled(tell: Teller) -> Order:
    order = tell.bought()
    tell.do(cancel_order, order, reason="changed my mind", by=tell.user, hours=1)
    return order


def partly_refunded(tell: Teller) -> Order:
    order = completed(tell)
    line = tell.fresh(order).lines.all()[0]
    tell.do(
        refund,
        order,
        amount_minor=line.unit_minor // 5,
        reason="A scratch on the frame",
        by=tell.staff,
        hours=40,
    )
    return order


def return_asked(tell: Teller) -> Order:
    order = completed(tell)
    _ask_back(tell, order)
    return order


def return_on_its_way(tell: Teller) -> Order:
    order = completed(tell)
    tell.do(returning.approve, _ask_back(tell, order), by=tell.staff, hours=4)
    return order


def return_received(tell: Teller) -> Order:
    order = return_on_its_way(tell)
    tell.do(receiving.receive, order.returns.get(), by=tell.staff, hours=60)
    return order


def returned(tell: Teller) -> Order:
    order = return_received(tell)
    back = order.returns.get()
    fine = {line.order_line_id: ReturnLine.Condition.SELLABLE for line in back.lines.all()}
    tell.do(receiving.inspect, back, conditions=fine, by=tell.staff, hours=2)
    tell.do(compensating.settle, back, by=tell.staff, hours=0.2)
    return order


# Story and how many days ago it began; repeated with other customers until there are enough.
STORIES: list[tuple[Story, float]] = [
    (to_pick, 0.1), (to_pick_on_delivery, 0.2), (unpaid, 0.005), (to_pack, 0.6), (to_ship, 0.8), (to_pick_by_a_guest, 0.9),
    (on_its_way, 1.6),
    (completed, 4), (completed, 6), (on_its_way, 2.4), (returned, 21), (completed, 8), (cancelled, 3),
    (return_asked, 9), (completed, 10), (delivered_unpaid, 7), (completed, 12), (return_on_its_way, 14),
    (completed, 13), (partly_refunded, 15), (completed, 16), (completed_on_delivery, 18), (return_received, 17),
    (completed, 20), (completed, 26),
]  # fmt: skip


def load(count: int) -> Iterator[Order]:
    """Yields each order when its story is told; goes on where an earlier run stopped."""
    for number in range(Order.objects.count(), count):
        story, days = STORIES[number % len(STORIES)]
        later_round = number // len(STORIES)
        yield story(Teller(number, days_ago=days * (1 + 0.15 * later_round)))


def _declined(order: Order) -> None:
    with suppress(GatewayRefused), answers():
        buying.pay(order, card="pm_card_visa_chargeDeclined")
    settle(order.attempts.get())


def _send(tell: Teller, order: Order) -> None:
    made = tell.do(
        shipping.ship,
        tell.work(order),
        carrier="manual",
        tracking_number=_number(tell),
        by=tell.staff,
        hours=1,
    )
    tell.do(shipping.hand_over, made, by=tell.staff, hours=1)


def _number(tell: Teller) -> str:
    return f"RR{tell.chance.randrange(10**8, 10**9)}AT"


def _arrive(tell: Teller, order: Order) -> None:
    for shipment in Shipment.objects.filter(fulfillment_order__order=order, status__in=Shipment.UNDER_WAY):
        tell.do(tracking.mark_delivered, shipment, by=tell.staff, hours=44)


def _ask_back(tell: Teller, order: Order) -> Return:
    line = tell.fresh(order).lines.all()[0]
    wish = returning.Wish(1, tell.chance.choice([ReturnLine.Reason.DISLIKE, ReturnLine.Reason.DAMAGED]))
    return tell.do(returning.request, order, lines={line.pk: wish}, by=tell.user, hours=50)
