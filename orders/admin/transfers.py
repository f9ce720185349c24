"""Bank statements and what they show: what was booked by itself, what is proposed, and what somebody has to find out."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from orders import transferring
from orders.admin.forms import BookForm, StatementForm
from orders.models import BankStatement, Transfer
from orders.statements.importing import Outcome, take_in
from shop.core.admin.bases import ReadOnlyAdmin, site
from shop.core.admin.work import Pile, PileFilter, Step, WorkAdmin, checked
from shop.core.errors import Refused
from shop.core.http import see_other
from shop.core.remarks import in_words

Status = Transfer.Status
BADGES = {Status.NEW: "danger", Status.PROPOSED: "warning", Status.BOOKED: "success", Status.IGNORED: ""}


@admin.register(Transfer, site=site)
class TransferAdmin(WorkAdmin):
    page = "admin/orders/transfer.html"
    steps = ["book", "ignore"]
    list_display = ["booked_date", "sum", "payer", "text", "state", "order"]
    list_select_related = ["order"]
    list_filter = [PileFilter, "booked_date"]
    search_fields = ["payer", "text", "order__number"]

    def piles(self):
        return [
            Pile("do", _("To look at"), (Status.NEW, Status.PROPOSED), urgent=True),
            Pile("booked", _("Booked"), (Status.BOOKED,)),
            Pile("ignored", _("Not for an order"), (Status.IGNORED,)),
            Pile("all", _("All"), tuple(Status.values)),
        ]

    @display(description=gettext_lazy("amount"), ordering="amount_minor")
    def sum(self, transfer):
        return transfer.amount.format()

    @display(description=gettext_lazy("status"), ordering="status", label=BADGES)
    def state(self, transfer):
        return transfer.status, transfer.get_status_display()

    def next_steps(self, request, transfer):
        if transfer.status == Status.BOOKED:
            return []
        steps = [Step("book", _("Book"), form="book")]
        if transfer.status != Status.IGNORED:
            confirm = _("It has nothing to do with an order.")
            steps.append(Step("ignore", _("Not for an order"), confirm=confirm))
        return steps

    def page_context(self, request, transfer):
        return {
            "why": in_words(transfer.why),
            "kind": BADGES[transfer.status],
            "form": BookForm(initial={"number": transfer.order.number if transfer.order else ""}),
        }

    def book(self, request, transfer):
        order = checked(BookForm(request.POST)).order
        transferring.book(transfer, order=order, by=request.user)
        return _("Booked to order %(number)s.") % {"number": order.number}

    def ignore(self, request, transfer):
        transferring.ignore(transfer, by=request.user)
        return _("Noted that it is not for an order.")


@admin.register(BankStatement, site=site)
class BankStatementAdmin(ReadOnlyAdmin):
    list_display = ["name", "created_at", "credits", "open_ones", "by"]
    list_select_related = ["by"]
    autocomplete_fields = ["by"]

    def has_add_permission(self, request):
        return request.user.has_perm("orders.add_bankstatement")

    @display(description=gettext_lazy("to look at"))
    def open_ones(self, statement):
        url = reverse("admin:orders_transfer_changelist")
        left = statement.transfers.to_do().count()
        return format_html('<a href="{}?statement={}">{}</a>', url, statement.pk, left) if left else ""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StatementForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                outcome = take_in(file.read(), name=file.name, by=request.user)
            except Refused as refusal:
                form.add_error("file", refusal.message)
            else:
                messages.success(request, _told(outcome))
                return see_other("admin:orders_transfer_changelist")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Bank statement")}
        return TemplateResponse(request, "admin/orders/statement_upload.html", context | {"form": form})


def _told(outcome: Outcome) -> str:
    return _(
        "%(booked)s booked, %(proposed)s proposed, %(unmatched)s match nothing, %(known)s were known already."
    ) % {
        "booked": len(outcome.booked),
        "proposed": len(outcome.proposed),
        "unmatched": len(outcome.unmatched),
        "known": outcome.known,
    }
