"""Price lists: what they are, their amounts by sheet, and why somebody pays what he pays."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog.forms import ExplainForm, SheetForm
from catalog.models import PriceList
from catalog.prices import editing
from catalog.prices.explaining import explain
from shop.core import clock
from shop.core.admin.bases import ShopAdmin, site
from shop.core.http import see_other
from shop.core.models import Shop

STATES = {"running": "success", "coming": "info", "over": "", "off": "warning"}


class WhenFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("when"), "when"

    def lookups(self, request, model_admin):
        return [("running", _("Running")), ("coming", _("Coming")), ("over", _("Over"))]

    def queryset(self, request, queryset):
        now = clock.now()
        spans = {
            "running": Q(is_active=True)
            & (Q(starts_at=None) | Q(starts_at__lte=now))
            & (Q(ends_at=None) | Q(ends_at__gt=now)),
            "coming": Q(is_active=True, starts_at__gt=now),
            "over": Q(ends_at__lte=now),
        }
        return queryset.filter(spans[self.value()]) if self.value() in spans else queryset


@admin.register(PriceList, site=site)
class PriceListAdmin(ShopAdmin):
    list_display = ["name", "whom", "state", "starts_at", "ends_at", "what", "is_sale", "priority"]
    list_filter = [WhenFilter, "is_sale", "group", "currency"]
    search_fields = ["name"]
    ordering = ["-is_active", "starts_at", "name"]
    autocomplete_fields = ["category"]
    readonly_fields = ["amounts"]
    fieldsets = [
        (None, {"fields": [("name", "is_active"), ("group", "currency"), ("is_sale", "priority")]}),
        (gettext_lazy("When"), {"fields": [("starts_at", "ends_at")]}),
        (
            gettext_lazy("Prices"),
            {"fields": ["method", "amounts", ("percent", "ending_minor"), "category"]},
        ),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("group", "category")
        return rows.annotate(named=Count("prices"))

    @display(description=gettext_lazy("for"), ordering="group__name")
    def whom(self, price_list):
        return price_list.group or _("everybody")

    @display(description=gettext_lazy("state"), label=STATES)
    def state(self, price_list):
        now = clock.now()
        if not price_list.is_active:
            return "off", _("not in use")
        if price_list.ends_at and price_list.ends_at <= now:
            return "over", _("over")
        if price_list.starts_at and price_list.starts_at > now:
            return "coming", _("coming")
        return "running", _("running")

    @display(description=gettext_lazy("prices"))
    def what(self, price_list):
        if price_list.method == PriceList.Method.FIXED:
            return _("%(count)d amounts in %(currency)s") % {
                "count": price_list.named,
                "currency": price_list.currency,
            }
        where = price_list.category or _("everything")
        return _("%(percent)s %% in %(where)s") % {
            "percent": f"{price_list.percent.normalize():f}",
            "where": where,
        }

    @display(description=gettext_lazy("amounts"))
    def amounts(self, price_list):
        if not price_list.pk:
            return _("after saving")
        if price_list.method != PriceList.Method.FIXED:
            return "–"
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:catalog_pricelist_sheet", args=[price_list.pk]),
            _("%(count)d amounts: look at them, change them") % {"count": price_list.named},
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        editing.note_change(form.instance, by=request.user)

    def has_delete_permission(self, request, obj=None):
        """Taken out of use first, so that its products have their usual prices back."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_active)

    def get_urls(self):
        own = [
            path(
                "explanation/",
                self.admin_site.admin_view(self.explanation),
                name="catalog_pricelist_explanation",
            ),
            path("<int:pk>/sheet/", self.admin_site.admin_view(self.sheet), name="catalog_pricelist_sheet"),
        ]
        return [*own, *super().get_urls()]

    def sheet(self, request, pk):
        """The amounts as lines; what a change would do is shown before it is done."""
        price_list = get_object_or_404(PriceList, pk=pk)
        if not self.has_change_permission(request, price_list):
            raise PermissionDenied
        start = {"text": editing.written(price_list)}
        form = SheetForm(request.POST or None, request.FILES or None, initial=start)
        preview = None
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                if "apply" in request.POST:
                    done = editing.apply_sheet(price_list, by=request.user, **given)
                    messages.success(request, _("%(count)d prices changed.") % {"count": done})
                    return see_other("admin:catalog_pricelist_change", price_list.pk)
                preview = editing.read_sheet(price_list, **given)
            except editing.BadSheet as refusal:
                preview = editing.read_sheet(price_list, **given)
                messages.error(request, refusal.message)
            form = SheetForm(initial=given)
        context = self._context(request, price_list, _("Amounts of %(name)s") % {"name": price_list})
        page = context | {"form": form, "preview": preview, "currency": price_list.currency}
        return TemplateResponse(request, "admin/catalog/price_sheet.html", page)

    def explanation(self, request):
        """Which rule gives a price, and why no other does."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shop = Shop.current()
        form = ExplainForm(request.GET if "sku" in request.GET else None, currencies=shop.currencies)
        found = None
        if form.is_valid():
            given = form.cleaned_data
            found = explain(
                given["sku"],
                customer=given["customer"],
                quantity=given["quantity"],
                currency=given["currency"],
                at=given["at"],
            )
        context = self._context(request, None, _("Why this price?")) | {"form": form, "found": found}
        return TemplateResponse(request, "admin/catalog/price_explanation.html", context)

    def _context(self, request, price_list, title) -> dict:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": price_list,
            "title": title,
            "is_fullwidth": "0",
        }
