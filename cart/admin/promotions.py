"""Promotions: what each means in one sentence, when it runs, and what it would do to a cart before it does."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from cart import summing_up, trying_out
from cart.models import Promotion
from cart.offering import forget_kept
from cart.promotion_form import PromotionForm
from cart.trying_out import SampleForm
from shop.core import clock, events
from shop.core.admin.bases import ShopAdmin, site

STATES = {"running": "success", "coming": "info", "over": "", "off": "warning"}


@admin.register(Promotion, site=site)
class PromotionAdmin(ShopAdmin):
    form = PromotionForm
    list_display = ["name", "gives", "state", "starts_at", "ends_at", "needs_code", "lane", "uses"]
    list_filter = ["is_active", "needs_code", "kind", "lane"]
    search_fields = ["name"]
    autocomplete_fields = ["products", "categories", "collections", "groups", "gifts"]
    readonly_fields = ["summary", "try_it"]
    fieldsets = [
        (
            None,
            {"fields": ["summary", "try_it", ("name", "is_active"), ("starts_at", "ends_at"), "needs_code"]},
        ),
        (
            gettext_lazy("What it gives"),
            {
                "fields": [
                    "kind",
                    ("percent", "amount", "currency"),
                    ("buy_quantity", "get_quantity"),
                    "gifts",
                    ("steps", "counts_pieces"),
                    "delivery_up_to",
                ],
                "description": gettext_lazy("Fill in what the benefit needs; leave the rest empty."),
            },
        ),
        (
            gettext_lazy("On which goods"),
            {
                "fields": ["products", "categories", "collections", "excludes_reduced", "reaches"],
                "description": gettext_lazy("Naming none means all goods. One match is enough."),
            },
        ),
        (
            gettext_lazy("When it holds"),
            {
                "fields": [
                    ("min_total", "min_quantity", "counts"),
                    "groups",
                    "is_for_first_order",
                    "countries",
                ]
            },
        ),
        (gettext_lazy("Beside others"), {"fields": [("lane", "priority", "is_exclusive")]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Sum("coupons__used"))

    @display(description=gettext_lazy("in one sentence"))
    def summary(self, promotion):
        return summing_up.in_words(promotion) if promotion.pk else _("after saving")

    @display(description=gettext_lazy("try it"))
    def try_it(self, promotion):
        if not promotion.pk:
            return _("after saving")
        url = reverse("admin:cart_promotion_trial", args=[promotion.pk])
        return format_html('<a href="{}">{}</a>', url, _("What it would do to a cart"))

    @display(description=gettext_lazy("gives"))
    def gives(self, promotion):
        return summing_up.benefit_in_words(promotion)

    @display(description=gettext_lazy("state"), label=STATES)
    def state(self, promotion):
        now = clock.now()
        if not promotion.is_active:
            return "off", _("not in use")
        if promotion.ends_at and promotion.ends_at <= now:
            return "over", _("over")
        return ("running", _("running")) if promotion.runs_at(now) else ("coming", _("coming"))

    @display(description=gettext_lazy("uses of its codes"), ordering="used")
    def uses(self, promotion):
        return promotion.used if promotion.used is not None else "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        forget_kept()
        events.record("promotion.changed", form.instance, by=request.user, fields=sorted(form.changed_data))

    def has_delete_permission(self, request, obj=None):
        """Taken out of use first; one that has codes stays for the books."""
        is_free = obj is None or not (obj.is_active or obj.coupons.exists())
        return super().has_delete_permission(request, obj) and is_free

    def get_urls(self):
        own = path("<int:pk>/trial/", self.admin_site.admin_view(self.trial), name="cart_promotion_trial")
        return [own, *super().get_urls()]

    def trial(self, request, pk):
        """A sample cart, with this promotion beside all others that run; nothing is stored."""
        promotion = get_object_or_404(Promotion, pk=pk)
        if not self.has_view_permission(request, promotion):
            raise PermissionDenied
        form = SampleForm(request.GET if "goods" in request.GET else None)
        found = trying_out.try_out(promotion, **form.cleaned_data) if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": promotion,
            "title": _("What would it do? %(name)s") % {"name": promotion},
            "is_fullwidth": "0",
            "summary": summing_up.in_words(promotion),
            "form": form,
            "found": found,
        }
        return TemplateResponse(request, "admin/cart/trial.html", context)
