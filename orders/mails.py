"""The mails of an order. Each is sent once; the links in them open the order, so they are secrets.

Who pays at once gets one mail, with the receipt in it; who pays later gets the confirmation first and the receipt when the
money is there.
"""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from orders import showing
from orders.models import BoughtCard, Document, Order, OrderAddress, Refund
from orders.transfer_details import awaited_transfer, invoice_of, transfer_of
from shop.core import clock, mail
from shop.core.errors import Refused
from shop.core.http import absolute
from shop.core.models import Message


def confirmation(order: Order) -> Message | None:
    """What was ordered. Not for an order that is paid already: its receipt says the same."""
    if order.status == Order.Status.CANCELLED or order.payment_status == Order.PaymentStatus.PAID:
        return None
    return _send("order_confirmed", order, key=f"{order.pk}", more={"transfer": invoice_of(order)})


def receipt(order: Order, *, document: Document) -> Message:
    """What was ordered and paid, with the receipt as PDF."""
    paper = {"name": f"{document.name}.pdf", "type": "application/pdf", "path": document.file.name}
    return _send("receipt", order, key=f"{order.pk}", attachments=[paper])


def cancellation(order: Order) -> Message | None:
    """Not for an order that a late payment has brought back since."""
    if order.cancelled_at is None:
        return None
    return _send("order_cancelled", order, key=f"{order.pk}:{order.cancelled_at:%Y%m%d%H%M%S}")


def refund(refund: Refund) -> Message:
    """Money is on its way back, or there."""
    with translation.override(refund.order.language):
        back_to = _("your store credit") if refund.as_credit else _means(refund)
    context = {"refund": refund, "amount": refund.amount, "back_to": back_to}
    return _send("refund_made", refund.order, key=f"{refund.uuid}", more=context)


def _means(refund: Refund) -> str:
    return refund.attempt.means or showing.means_asked(refund.order)


def payment_failed(order: Order) -> Message | None:
    """A debit came back after days, when the customer is long gone; a declined card is told on the page."""
    attempt = order.attempts.order_by("-created_at", "-pk").first()
    if order.status != Order.Status.PLACED or attempt is None:
        return None
    return _send("payment_failed", order, key=f"{attempt.uuid}:{attempt.declines}")


def transfer_details(order: Order) -> Message | None:
    """Where to send the money. Only while an order waits for a bank transfer."""
    if (details := awaited_transfer(order)) is None:
        return None
    return _send("transfer_details", order, key=f"{order.pk}", more={"transfer": details})


def payment_short(order: Order) -> Message | None:
    """A part has come, the rest is still missing."""
    if order.due_minor <= 0 or order.status == Order.Status.CANCELLED:
        return None
    more = {"paid": order.paid, "transfer": transfer_of(order)}
    return _send("payment_short", order, key=f"{order.pk}:{order.paid_minor}", more=more)


def gift_card_sent(bought: BoughtCard) -> Message | None:
    """The buyer hears that his gift card went to somebody else."""
    order = bought.line.order
    if bought.to_email.lower() == order.email.lower():
        return None
    context = {"bought": bought, "amount": bought.card.initial}
    return _send("gift_card_sent", order, key=f"{bought.pk}", more=context)


def sender_of(order: Order) -> str:
    """The buyer's name, as his recipient reads it."""
    address = order.addresses.filter(kind=OrderAddress.Kind.BILLING).first()
    return address.name if address else ""


def pay_link(order: Order) -> Message:
    """A seller reminds the customer of an order that is not paid."""
    return _send("pay_link", order, key=f"{order.pk}:{clock.now():%Y%m%d%H%M}")


def link(order: Order) -> Message:
    """Somebody who knows number and address asked for it. At most one a minute."""
    return _send("order_link", order, key=f"{order.pk}:{clock.now():%Y%m%d%H%M}")


def again(order: Order) -> Message:
    """The confirmation or the receipt once more, because the customer lost it. Raises Refused before there was any."""
    if order.confirmed_at is None:
        raise Refused(_("This order is not confirmed yet: there is no mail to send again."))
    key = f"{order.pk}:{clock.now():%Y%m%d%H%M}"
    document = order.documents.filter(kind=Document.Kind.RECEIPT).first()
    if document is None or not document.file:
        return _send("order_confirmed", order, key=key, more={"transfer": invoice_of(order)})
    paper = {"name": f"{document.name}.pdf", "type": "application/pdf", "path": document.file.name}
    return _send("receipt", order, key=key, attachments=[paper])


def _send(
    name: str, order: Order, *, key: str, more: dict | None = None, attachments: list[dict] | None = None
) -> Message:
    with translation.override(order.language):
        secrets = {
            "order_url": absolute(reverse("orders:link", args=[order.token])),
            "pay_url": absolute(reverse("orders:pay-link", args=[order.token])),
        }
        context = {
            "order": order,
            "name": showing.first_name(order),
            "lines": [line | {"image": mail.picture(line["image"])} for line in showing.lines(order)],
            "totals": showing.totals(order),
            "facts": showing.facts(order),
            "arrival": showing.arrival(order),
            "means": showing.means(order),
            **(more or {}),
        }
    return mail.send(
        name,
        to=order.email,
        context=context,
        secrets=secrets,
        key=key,
        language=order.language,
        about=order,
        thread=f"order-{order.number}",
        attachments=attachments,
    )
