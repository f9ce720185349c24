"""Orders on their way through the house: see shop/tests/walk.py, whose operations make them."""

from fulfillment import receiving, returning
from fulfillment.models import FulfillmentOrder, Return, ReturnLine
from orders.models import Order
from shop.tests.people import grace
from shop.tests.walk import ask_back, fresh, make_order, mug, send, take_back

__all__ = ["ask_back", "fresh", "make_order", "mug", "received", "sellable", "send", "take_back", "work_of"]


def work_of(order: Order) -> FulfillmentOrder:
    """Its only work that is not cancelled."""
    return order.fulfillment_orders.exclude(status=FulfillmentOrder.Status.CANCELLED).get()


def received(wish: Return) -> Return:
    """Approved, and all of it is here."""
    returning.approve(wish, by=grace())
    return receiving.receive(wish, by=grace())


def sellable(wish: Return) -> dict[int, str]:
    """Everything came back as new."""
    return {line.order_line_id: ReturnLine.Condition.SELLABLE for line in wish.lines.all()}
