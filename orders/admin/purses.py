"""Gift cards and store credit: every one with its ledger, issued and adjusted by staff with a reason, for the owner alone."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from checkout import gift_cards, purses, store_credit
from checkout.models import GiftCard, StoreCredit
from orders import giving_cards, sending_cards
from orders.admin.purse_forms import AdjustForm, CreditForm, IssueForm
from orders.models import BoughtCard
from shop.core.admin.bases import site
from shop.core.admin.work import Step, WorkAdmin, checked
from shop.core.errors import Refused
from shop.core.http import see_other
from shop.core.models import Shop

BADGES = {"usable": "success", "blocked": "danger", "empty": "", "waiting": "info"}


class PurseAdmin(WorkAdmin):
    page = "admin/orders/purse.html"
    making: Any = ""  # what the page says on which one is made
    made_by: Any = None  # the form

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(f"checkout.add_{self.opts.model_name}"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.made_by(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                made, told = self.make(request, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, told)
                return see_other(self.url_of(made))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.making,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/orders/make_purse.html", context, status=status)

    def make(self, request: HttpRequest, **given: Any) -> tuple[Any, str]:
        raise NotImplementedError

    def page_context(self, request, purse):
        return {
            "entries": purse.entries.select_related("actor"),
            "adjust_form": AdjustForm(currency=purse.currency) if self.may_act(request) else None,
            "adjust_url": f"admin:checkout_{self.opts.model_name}_adjust",
        }

    def adjust(self, request, purse):
        given = checked(AdjustForm(request.POST, currency=purse.currency)).cleaned_data
        purses.adjust(
            purse,
            amount_minor=given["amount"],
            reason=given["reason"],
            reference=f"adjust:{given['once']}",
            by=request.user,
        )
        return _("Entered in the ledger.")

    @display(description=gettext_lazy("balance"), ordering="balance_minor")
    def left(self, purse):
        return purse.balance.format()


@admin.register(GiftCard, site=site)
class GiftCardAdmin(PurseAdmin):
    steps = ["adjust", "block", "release", "send_again"]
    list_display = ["name", "state", "left", "worth", "issued", "expires_at"]
    list_filter = ["is_blocked", "currency", "created_at"]
    search_fields = ["last_four", "bought__line__order__number", "bought__to_email"]
    ordering = ["-created_at", "-pk"]
    making, made_by = gettext_lazy("Issue a gift card"), IssueForm

    def get_queryset(self, request):
        waits = BoughtCard.objects.filter(card=OuterRef("pk"), send_at__isnull=False)
        return super().get_queryset(request).annotate(waits=Exists(waits))

    @display(description=gettext_lazy("card"), ordering="last_four")
    def name(self, card):
        return card.label

    @display(description=gettext_lazy("status"), label=BADGES)
    def state(self, card):
        if card.is_blocked:
            return "blocked", _("Blocked")
        if not card.balance_minor:
            return "empty", _("Empty")
        return ("usable", _("Can be used")) if card.code_hash else ("waiting", _("To be sent"))

    @display(description=gettext_lazy("value"), ordering="initial_minor")
    def worth(self, card):
        return card.initial.format()

    @display(description=gettext_lazy("issued"), ordering="created_at")
    def issued(self, card):
        return date_format(localtime(card.created_at), "SHORT_DATETIME_FORMAT")

    def next_steps(self, request, card):
        steps = []
        if self._bought(card) and card.balance_minor and not card.is_blocked:
            again = _("The recipient gets a mail with another code; the first one ends.")
            steps.append(Step("send_again", _("Send again"), confirm=again))
        if card.is_blocked:
            return [Step("release", _("Release"))]
        return [*steps, Step("block", _("Block"), confirm=_("Nobody can pay with it then."))]

    def page_context(self, request, card):
        return super().page_context(request, card) | {"bought": self._bought(card)}

    def make(self, request, **given):
        card, code = giving_cards.give(by=request.user, currency=Shop.current().currency, **given)
        if given["email"]:
            return card, _("The card is on its way to %(email)s.") % {"email": given["email"]}
        return card, _("The code is %(code)s. It is shown only now.") % {"code": code}

    def block(self, request, card):
        gift_cards.block(card, by=request.user)
        return _("Blocked: nobody can pay with it.")

    def release(self, request, card):
        gift_cards.release(card, by=request.user)
        return _("It can be used again.")

    def send_again(self, request, card):
        bought = self._bought(card)
        if bought is None:
            raise Refused(_("Nobody bought it: block it and issue another."))
        sending_cards.send_again(bought, by=request.user)
        return _("Sent to %(email)s with another code.") % {"email": bought.to_email}

    def _bought(self, card):
        return BoughtCard.objects.filter(card=card).select_related("line__order").first()


@admin.register(StoreCredit, site=site)
class StoreCreditAdmin(PurseAdmin):
    steps = ["adjust"]
    list_display = ["person", "left", "created_at"]
    list_filter = ["currency"]
    search_fields = ["user__email", "user__name"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]
    ordering = ["-created_at", "-pk"]
    making, made_by = gettext_lazy("Give store credit"), CreditForm

    @display(description=gettext_lazy("person"), ordering="user__email")
    def person(self, credit):
        return credit.user or _("somebody who has gone")

    def make(self, request, **given):
        currency = Shop.current().currency
        purse = store_credit.grant(
            given["person"],
            amount_minor=given["amount"],
            currency=currency,
            reason=given["reason"],
            reference=f"grant:{given['once']}",
            by=request.user,
        )
        return purse, _("%(person)s can spend it with the next order.") % {"person": given["person"]}
