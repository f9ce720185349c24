"""How an order stands, in one or two words: the badge on lists and pages, and the sentence below the number."""

from django.urls import reverse
from django.utils.translation import gettext as _

from checkout.gateways.cash_on_delivery import CashOnDelivery
from checkout.gateways.invoice import Invoice
from checkout.promising import in_words
from orders.models import Order
from shop.core.money import Money

Sending, Payment = Order.FulfillmentStatus, Order.PaymentStatus


def badges(order: Order) -> list[dict]:
    """As components/badge.html wants them; the first says most."""
    kind, label = _main(order)
    money = _money(order)
    return [{"kind": kind, "label": label}, *([{"kind": money[0], "label": money[1]}] if money else [])]


def standing(order: Order) -> str:
    """What happens next, for the customer."""
    if order.status == Order.Status.PLACED:
        if order.payment_status == Payment.PROCESSING:
            return _("Your payment is under way. We send your order as soon as it has arrived.")
        return _("Your order waits for its payment.")
    if order.status == Order.Status.CANCELLED:
        return _("This order was cancelled.")
    words: dict[str, str] = {
        Sending.UNFULFILLED: _("We are packing your order."),
        Sending.PARTIAL: _("A part of your order is on its way."),
        Sending.SHIPPED: _("Your order is on its way."),
        Sending.DELIVERED: _("Your order has arrived."),
        Sending.RETURNED: _("You have sent this order back."),
    }
    if order.is_pickup and order.fulfillment_status == Sending.SHIPPED:
        return _("Your order is ready to be collected.")
    return words.get(order.fulfillment_status, "")


def arrival(order: Order) -> str:
    over = order.status == Order.Status.CANCELLED or order.fulfillment_status in (
        Order.FulfillmentStatus.DELIVERED,
        Order.FulfillmentStatus.RETURNED,
    )
    if over or not (order.promised_from and order.promised_to):
        return ""
    return in_words(order.promised_from, order.promised_to)


def cash_due(order: Order) -> Money | None:
    """What the customer still pays when he gets the goods."""
    is_agreed = order.status in (Order.Status.CONFIRMED, Order.Status.COMPLETED)
    if not is_agreed or order.due_minor <= 0 or order.gateway != CashOnDelivery.code:
        return None
    return Money(order.due_minor, order.currency)


def pay_url(order: Order) -> str:
    if order.status != Order.Status.PLACED or order.payment_status != Order.PaymentStatus.UNPAID:
        return ""
    return reverse("orders:payment", args=[order.number])


def _main(order: Order) -> tuple[str, str]:
    if order.status == Order.Status.CANCELLED:
        return "out", _("Cancelled")
    if order.status == Order.Status.PLACED:
        processing = order.payment_status == Payment.PROCESSING
        return ("info", _("Payment under way")) if processing else ("warn", _("Waiting for payment"))
    badges: dict[str, tuple[str, str]] = {
        Sending.UNFULFILLED: ("info", _("Being packed")),
        Sending.PARTIAL: ("info", _("Partly sent")),
        Sending.SHIPPED: ("info", _("Ready to collect") if order.is_pickup else _("On its way")),
        Sending.DELIVERED: ("ok", _("Collected") if order.is_pickup else _("Delivered")),
        Sending.RETURNED: ("", _("Sent back")),
        Sending.NONE: ("ok", _("Done")) if order.completed_at else ("", _("Nothing to send")),
    }
    return badges[order.fulfillment_status]


def _money(order: Order) -> tuple[str, str] | None:
    if order.status == Order.Status.PLACED:
        return None
    badges: dict[str, tuple[str, str] | None] = {
        Payment.PAID: ("ok", _("Paid")),
        Payment.AUTHORIZED: ("ok", _("Payment authorised")),
        Payment.PARTIALLY_REFUNDED: ("", _("Partly paid back")),
        Payment.REFUNDED: ("", _("Paid back")),
        Payment.UNPAID: ("warn", _to_pay(order))
        if order.due_minor > 0 and order.status != Order.Status.CANCELLED
        else None,
    }
    return badges.get(order.payment_status)


def _to_pay(order: Order) -> str:
    if order.gateway == Invoice.code:
        return _("Invoice open")
    return _("To pay when collected") if order.is_pickup else _("To pay on delivery")
