"""Returns: decide, receive, inspect, settle. One step at a time, each with the fields that it needs."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from fulfillment import compensating, receiving, returning
from fulfillment.forms import InspectForm, ReasonForm, ReceiveForm, SettleForm
from fulfillment.models import Return, ReturnLine
from orders.refunding import refundable
from orders.showing import thumbs
from shop.core.admin.bases import site
from shop.core.admin.work import Pile, PileFilter, Step, WorkAdmin, checked
from shop.core.money import Money

Status = Return.Status
BADGES = {
    Status.REQUESTED: "warning",
    Status.APPROVED: "info",
    Status.RECEIVED: "warning",
    Status.INSPECTED: "warning",
    Status.REFUNDED: "success",
}
FORMS = {Status.APPROVED: ReceiveForm, Status.RECEIVED: InspectForm, Status.INSPECTED: SettleForm}
PARTS = {Status.APPROVED: "received", Status.RECEIVED: "condition", Status.INSPECTED: "refunded"}


@admin.register(Return, site=site)
class ReturnAdmin(WorkAdmin):
    seller_path = "lines__order_line__variant__product__seller"
    page = "admin/fulfillment/return.html"
    steps = ["approve", "refuse", "receive", "inspect", "settle", "close", "withdraw"]
    seller_steps = [
        "approve",
        "refuse",
        "receive",
        "inspect",
    ]  # the shop took the money: its team gives it back
    list_display = ["number", "order", "state", "pieces", "created_at"]
    list_filter = [PileFilter, "lines__reason"]
    search_fields = ["number", "order__number", "order__email"]
    ordering = ["created_at", "pk"]

    def of_seller(self, seller, rows):
        """Those of its goods alone: what comes back with goods of others is the shop's to settle."""
        lines = ReturnLine.objects.filter(return_request=OuterRef("pk"))
        its = Q(order_line__variant__product__seller=seller)
        return rows.filter(Exists(lines.filter(its)), ~Exists(lines.exclude(its)))

    def get_queryset(self, request):
        return super().get_queryset(request).for_listing()

    def piles(self):
        todo = (Status.REQUESTED, Status.RECEIVED, Status.INSPECTED)
        return [
            Pile("todo", _("All to do"), todo),
            Pile("requested", _("To decide"), (Status.REQUESTED,), urgent=True),
            Pile("approved", _("To come"), (Status.APPROVED,)),
            Pile("received", _("To inspect"), (Status.RECEIVED,), urgent=True),
            Pile("inspected", _("To settle"), (Status.INSPECTED,), urgent=True),
            Pile("done", _("Done"), (Status.REFUNDED, Status.CLOSED, Status.REFUSED, Status.CANCELLED)),
        ]

    @display(description=gettext_lazy("status"), ordering="status", label=BADGES)
    def state(self, wish):
        return wish.status, wish.get_status_display()

    @display(description=gettext_lazy("pieces"))
    def pieces(self, wish):
        return wish.pieces

    def next_steps(self, request, wish):
        keep = Step("withdraw", _("Cancel return"), confirm=_("The customer keeps the goods."))
        return {
            Status.REQUESTED: [Step("approve", _("Approve")), Step("refuse", _("Refuse"), form="reason")],
            Status.APPROVED: [Step("receive", _("Received"), form="receive"), keep],
            Status.RECEIVED: [Step("inspect", _("Inspected"), form="inspect")],
            Status.INSPECTED: [
                Step("settle", _("Pay back"), form="settle"),
                Step("close", _("Close without refund"), form="reason"),
            ],
        }.get(wish.status, [])

    def page_context(self, request, wish):
        wish = Return.objects.with_lines().get(pk=wish.pk)
        lines = list(wish.lines.all())
        pictures = thumbs({line.order_line.photo for line in lines})
        form = self._form(wish)
        part = PARTS.get(wish.status, "")
        names = {line: f"{part}_{line.order_line_id}" for line in lines}
        refunds = list(wish.order.refunds.filter(cause=wish.cause))
        return {
            "order": wish.order,
            "rows": [
                {
                    "line": line,
                    "image": pictures.get(line.order_line.photo),
                    "field": form[names[line]] if form and names[line] in form.fields else None,
                }
                for line in lines
            ],
            "form": form,
            "part": part,
            "reason_form": ReasonForm(auto_id="reason_%s"),
            "worth": self._worth(wish, lines),
            "delivery_left": refundable(wish.order).shipping,
            "refunds": refunds,
            "is_done": wish.status not in (*FORMS, Status.REQUESTED),
        }

    def approve(self, request, wish):
        returning.approve(wish, by=request.user)
        return _("Approved: the customer learns by mail where to send it.")

    def refuse(self, request, wish):
        returning.refuse(
            wish, reason=checked(ReasonForm(request.POST)).cleaned_data["reason"], by=request.user
        )
        return _("Refused: the customer learns why by mail.")

    def withdraw(self, request, wish):
        returning.withdraw(wish, by=request.user)
        return _("The return is cancelled.")

    def receive(self, request, wish):
        receiving.receive(wish, received=checked(self._form(wish, request.POST)).received(), by=request.user)
        return _("Received. Now look at the goods.")

    def inspect(self, request, wish):
        receiving.inspect(
            wish, conditions=checked(self._form(wish, request.POST)).conditions(), by=request.user
        )
        return _("Inspected: what can be sold again is back on the shelf.")

    def settle(self, request, wish):
        form = checked(self._form(wish, request.POST))
        refunds = compensating.settle(
            wish,
            lines=form.pieces(),
            shipping_minor=form.cleaned_data["shipping"] or 0,
            deduction_minor=form.cleaned_data["deduction"] or 0,
            by=request.user,
        )
        if not refunds:
            return _("Settled: the customer had not paid, and no longer owes it.")
        paid = Money(sum(refund.amount_minor for refund in refunds), wish.order.currency)
        return _("%(amount)s goes back to the customer.") % {"amount": paid.format()}

    def close(self, request, wish):
        compensating.close(
            wish, reason=checked(ReasonForm(request.POST)).cleaned_data["reason"], by=request.user
        )
        return _("Closed without refund: the customer learns why by mail.")

    def _form(self, wish, data=None):
        """The form of the step that comes next."""
        kind = FORMS.get(wish.status)
        return kind(data, wish=Return.objects.with_lines().get(pk=wish.pk)) if kind else ReasonForm(data)

    def _worth(self, wish, lines) -> Money | None:
        if wish.status != Status.INSPECTED:
            return None
        came = {line.order_line_id: line.received for line in lines if line.received}
        return Money(compensating.worth_of(wish.order, lines=came), wish.order.currency)
