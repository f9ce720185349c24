"""The order's way so far and what is still to come, step by step, as components/timeline.html wants it."""

from datetime import datetime

from django.utils.translation import gettext as _

from checkout.gateways.invoice import Invoice
from orders.models import Order, PaymentAttempt, Refund
from orders.standing import arrival, pay_url


def steps(order: Order) -> list[dict]:
    """The order's way so far and what is still to come, as components/timeline.html wants it."""
    found = [_step(_("Ordered"), "done", order.placed_at)]
    if order.status == Order.Status.CANCELLED:
        return [*found, _step(_("Cancelled"), "problem", order.cancelled_at, _why(order)), *_refunds(order)]
    found.append(_payment_step(order))
    return [*found, *_way_steps(order), *_refunds(order)]


def _payment_step(order: Order) -> dict:
    if order.status == Order.Status.PLACED:
        if order.payment_status == Order.PaymentStatus.PROCESSING:
            return _step(_("Payment under way"), "current", None, _("Your bank needs a few days."))
        return _step(_("Payment"), "current", None, _("We wait for your payment."), url=pay_url(order))
    if order.due_minor > 0 and order.attempts.filter(status=PaymentAttempt.Status.PROMISED).exists():
        return _step(
            _("Confirmed"),
            "done",
            order.confirmed_at,
            _promised(order),
        )
    is_unpaid = not order.total_minor or order.payment_status == Order.PaymentStatus.UNPAID
    return _step(_("Confirmed") if is_unpaid else _("Paid"), "done", order.confirmed_at)


def _promised(order: Order) -> str:
    if order.gateway == Invoice.code:
        return _("You pay by invoice.")
    return _("You pay when you collect it.") if order.is_pickup else _("You pay when it arrives.")


def _way_steps(order: Order) -> list[dict]:
    """Packed, sent, delivered; parcels with their own days are shown beside it."""
    sending = Order.FulfillmentStatus
    if not any(line.is_sent for line in order.lines.all()):
        return []
    ahead = order.status == Order.Status.PLACED
    sent = order.fulfillment_status in (sending.SHIPPED, sending.DELIVERED, sending.RETURNED)
    arrived = order.fulfillment_status in (sending.DELIVERED, sending.RETURNED)
    days = arrival(order)
    if order.is_pickup:
        return [
            _step(_("Ready to collect"), _state(sent, not ahead and not sent)),
            _step(_("Collected"), _state(arrived, sent and not arrived)),
        ]
    partly = order.fulfillment_status == sending.PARTIAL
    return [
        _step(
            _("Partly sent") if partly else _("Sent") if sent else _("Being packed"),
            _state(sent, not ahead and not sent),
        ),
        _step(
            _("Delivered"),
            _state(arrived, sent and not arrived),
            order.completed_at if arrived else None,
            _("Expected %(days)s") % {"days": days} if days and not arrived else "",
        ),
    ]


def _refunds(order: Order) -> list[dict]:
    alive = order.refunds.alive()
    return [
        _step(
            _("%(amount)s paid back") % {"amount": refund.amount.format()}
            if refund.status == Refund.Status.SUCCEEDED
            else _("%(amount)s on the way back to you") % {"amount": refund.amount.format()},
            "done" if refund.status == Refund.Status.SUCCEEDED else "current",
            refund.updated_at,
        )
        for refund in alive
    ]


def _why(order: Order) -> str:
    if order.cancelled_because == Order.CancelledBecause.EXPIRED:
        return _("It was not paid in time. Nothing was charged.")
    if order.cancelled_because == Order.CancelledBecause.REPLACED:
        return _("You ordered the same things once more. This order was not charged.")
    return ""


def _state(done: bool, current: bool) -> str:
    return "done" if done else "current" if current else "next"


def _step(title: str, state: str, at: datetime | None = None, text: str = "", url: str = "") -> dict:
    return {
        "title": title,
        "state": state,
        "at": at,
        "text": text,
        "url": url,
        "link": _("Pay now") if url else "",
    }
