"""Orders on their way through the house: see shop/tests/walk.py, whose operations make them."""

from fulfillment.models import FulfillmentOrder
from orders.models import Order
from shop.tests.walk import ask_back, fresh, make_order, mug, send, take_back

__all__ = ["ask_back", "fresh", "make_order", "mug", "send", "take_back", "work_of"]


def work_of(order: Order) -> FulfillmentOrder:
    """Its only work that is not cancelled."""
    return order.fulfillment_orders.exclude(status=FulfillmentOrder.Status.CANCELLED).get()
