"""Orders: the list in tabs, and the page of one order with everything that was done about it and what may be done now.

What a seller does next with the goods comes from fulfillment, through the template; here are money, cancelling, mails.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from checkout import saving_cards
from checkout.addresses import format_lines
from checkout.gateways.base import GatewayUnavailable
from orders import cancelling, charging, mails, paying, progress, refunding, repaying, showing, submitting
from orders.admin import piles
from orders.admin.forms import CancelForm, RefundForm, refund_form
from orders.awaiting import INVOICE
from orders.models import Order, OrderAddress
from orders.settling import settle as look_at
from shop.core.admin.bases import site
from shop.core.admin.work import Step, WorkAdmin, checked
from shop.core.errors import Refused
from shop.core.events import timeline_of
from shop.core.models import Message
from shop.core.money import Money
from shop.core.remarks import in_words

Status, Paying, Sending = Order.Status, Order.PaymentStatus, Order.FulfillmentStatus
STATUS_BADGES = {
    Status.PLACED: "warning",
    Status.CONFIRMED: "info",
    Status.COMPLETED: "success",
    Status.CANCELLED: "danger",
}
MONEY_BADGES = dict.fromkeys(Paying, "") | {
    Paying.PAID: "success",
    Paying.UNPAID: "warning",
    Paying.PROCESSING: "info",
    Paying.AUTHORIZED: "info",
}
GOODS_BADGES = dict.fromkeys(Sending, "") | {
    Sending.UNFULFILLED: "warning",
    Sending.PARTIAL: "warning",
    Sending.SHIPPED: "info",
    Sending.DELIVERED: "success",
}


@admin.register(Order, site=site)
class OrderAdmin(WorkAdmin):
    page = "admin/orders/order.html"
    steps = [
        "reviewed",
        "record_cash",
        "send_pay_link",
        "charge_card",
        "look",
        "resend",
        "cancel",
        "refund",
        "pay_out",
        "refund_again",
    ]
    list_display = ["number", "placed", "customer", "amount", "state", "money", "goods", "mark"]
    list_filter = [
        piles.PileFilter,
        piles.ReviewFilter,
        "payment_status",
        "fulfillment_status",
        "gateway",
        "placed_at",
    ]
    search_fields = ["number", "email", "addresses__name", "lines__sku", "lines__name"]
    ordering = ["-placed_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).for_listing()

    def _tabs(self, request: HttpRequest) -> list[dict]:
        return piles.tabs(request)

    @display(description=gettext_lazy("placed"), ordering="placed_at")
    def placed(self, order):
        return date_format(localtime(order.placed_at), "SHORT_DATETIME_FORMAT").replace(" ", "\u00a0")

    @display(description=gettext_lazy("customer"), ordering="email", header=True)
    def customer(self, order):
        return [order.buyer or order.email, order.email if order.buyer else ""]

    @display(description=gettext_lazy("total"), ordering="total_minor")
    def amount(self, order):
        return order.total.format()

    @display(description=gettext_lazy("status"), ordering="status", label=STATUS_BADGES)
    def state(self, order):
        return order.status, order.get_status_display()

    @display(description=gettext_lazy("payment"), ordering="payment_status", label=MONEY_BADGES)
    def money(self, order):
        return order.payment_status, order.get_payment_status_display()

    @display(description=gettext_lazy("goods"), ordering="fulfillment_status", label=GOODS_BADGES)
    def goods(self, order):
        return order.fulfillment_status, order.get_fulfillment_status_display()

    @display(description=gettext_lazy("to look at"), label={"yes": "danger"})
    def mark(self, order):
        return ("yes", _("Look")) if order.needs_review else None

    def timeline(self, order):
        return timeline_of(order, *order.refunds.all())

    def next_steps(self, request, order):
        promised = order.attempts.filter(status="promised").exists()
        went_out = order.fulfillment_status not in (Sending.UNFULFILLED, Sending.NONE)
        steps = []
        if order.needs_review:
            steps.append(Step("reviewed", _("I have looked at it"), confirm=in_words(order.needs_review)))
        is_invoice = order.gateway == INVOICE
        if promised and (went_out or is_invoice) and order.due_minor > 0:
            steps.append(
                Step(
                    "record_cash",
                    _("Record payment") if is_invoice else _("Record cash"),
                    confirm=(
                        _("The customer has paid %(amount)s.")
                        if order.is_pickup or is_invoice
                        else _("The carrier has paid in %(amount)s.")
                    )
                    % {"amount": order.total.format()},
                )
            )
        if order.status == Status.PLACED:
            steps.append(Step("send_pay_link", _("Send payment link")))
            if card := saving_cards.cards_of(order.user).first():
                steps.append(
                    Step(
                        "charge_card",
                        _("Charge kept card"),
                        confirm=_("%(card)s pays %(amount)s now. Only with the customer's consent.")
                        % {"card": card, "amount": Money(order.due_minor, order.currency).format()},
                    )
                )
            steps.append(Step("look", _("Ask the payment provider")))
        if order.confirmed_at:
            steps.append(
                Step(
                    "resend",
                    _("Send mail again"),
                    confirm=_("The customer gets the confirmation or the receipt once more."),
                )
            )
        if self._may_cancel(request, order):
            steps.append(Step("cancel", _("Cancel order"), form="cancel"))
        return steps

    def page_context(self, request, order):
        can_refund = self._can_refund(request)
        return {
            "order": order,
            "money_kind": MONEY_BADGES.get(order.payment_status, ""),
            "goods_kind": GOODS_BADGES.get(order.fulfillment_status, ""),
            "status_kind": STATUS_BADGES.get(order.status, ""),
            "lines": showing.lines(order),
            "totals": showing.totals(order),
            "addresses": self._addresses(order),
            "attempts": order.attempts.all(),
            "refunds": order.refunds.select_related("attempt", "by").prefetch_related("lines__line"),
            "journal": order.journal.select_related("actor"),
            "mails": Message.objects.filter(subject_type=order._meta.label_lower, subject_id=order.pk),
            "earlier": Order.objects.filter(email__iexact=order.email).exclude(pk=order.pk).count(),
            "cancel_form": CancelForm(auto_id="cancel_%s") if self._may_cancel(request, order) else None,
            "refund_form": refund_form(order) if can_refund else None,
            "can_refund": can_refund,
            "steps_of_agreement": order.quote.get("steps", []),
        }

    def reviewed(self, request, order):
        progress.clear_flag(order, by=request.user)
        return _("Noted that you have looked at it.")

    def record_cash(self, request, order):
        paying.record_cash(order, by=request.user)
        return _("The money is recorded; the customer gets the receipt.")

    def send_pay_link(self, request, order):
        if order.status != Status.PLACED:
            raise Refused(_("There is nothing to pay any more."))
        mails.pay_link(order)
        return _("The payment link is on its way to %(email)s.") % {"email": order.email}

    def charge_card(self, request, order):
        card = saving_cards.cards_of(order.user).first()
        if card is None:
            raise Refused(_("The customer keeps no card."))
        charging.charge(order, card=card.pk, by=request.user)
        return _("%(card)s has paid.") % {"card": card}

    def look(self, request, order):
        try:
            for attempt in order.attempts.active():
                look_at(attempt)
        except GatewayUnavailable as error:
            raise Refused(_("The provider does not answer: %(why)s") % {"why": error}) from error
        return _("This page shows what the provider says now.")

    def resend(self, request, order):
        mails.again(order)
        return _("The mail is on its way to %(email)s.") % {"email": order.email}

    def cancel(self, request, order):
        reason = checked(CancelForm(request.POST)).cleaned_data["reason"]
        cancelling.cancel_order(order, reason=reason, may_pay_back=self._can_refund(request), by=request.user)
        return _("The order is cancelled; the customer learns it by mail.")

    def refund(self, request, order):
        self._may_refund(request)
        form = checked(RefundForm(request.POST, order=order))
        made = refunding.refund(
            order,
            lines=form.pieces() or None,
            shipping_minor=form.cleaned_data["shipping"] or 0,
            amount_minor=form.cleaned_data["amount"] or None,
            reason=form.cleaned_data["reason"],
            cause=f"admin:{form.cleaned_data['once']}",
            as_credit=form.cleaned_data.get("as_credit", False),
            by=request.user,
        )
        amount = Money(sum(refund.amount_minor for refund in made), order.currency)
        return _("%(amount)s goes back to the customer.") % {"amount": amount.format()}

    def pay_out(self, request, order):
        self._may_refund(request)
        submitting.record_payout(self._refund(request, order), by=request.user)
        return _("Noted that the money was paid out.")

    def refund_again(self, request, order):
        self._may_refund(request)
        submitting.again(self._refund(request, order), by=request.user)
        return _("The refund is tried once more.")

    def _may_cancel(self, request, order):
        """What was paid goes back with it, so a paid order asks for the right to refund too."""
        is_allowed = self._can_refund(request) or not repaying.held(order)
        return is_allowed and cancelling.can_cancel(order)

    def _can_refund(self, request):
        return request.user.has_perm("orders.add_refund")

    def _may_refund(self, request):
        if not self._can_refund(request):
            raise PermissionDenied

    def _refund(self, request, order):
        pk = request.POST.get("refund", "")
        found = order.refunds.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None
        if found is None:
            raise Refused(_("There is no such refund."))
        return found

    def _addresses(self, order):
        """Label and lines; the bill's only where it goes elsewhere."""
        labels = dict(OrderAddress.Kind.choices)
        found = [(labels[one.kind], format_lines(one)) for one in order.addresses.order_by("-kind")]
        return found[:1] if len({tuple(lines) for _label, lines in found}) == 1 else found
