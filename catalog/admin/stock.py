"""Stock: how much lies where, what is promised, and why it changed. Figures change by operations with a reason only."""

from django import forms
from django.contrib import admin
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog import preordering, stock
from catalog.forms import AdjustForm, CountForm, ReceiveForm
from catalog.models import StockItem, StockLocation
from catalog.models.stock import FREE
from catalog.products import owning
from shop.core.admin.bases import ShopAdmin, site
from shop.core.admin.scoping import seller_of
from shop.core.admin.work import WorkAdmin, checked
from shop.core.events import timeline_of


class LevelFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("level"), "level"

    def lookups(self, request, model_admin):
        return [
            ("low", _("Low")),
            ("out", _("Out of stock")),
            ("promised", _("Promised to somebody")),
            ("preordered", _("Preordered")),
            ("late", _("Preordered and late")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "low":
                return queryset.filter(free__gt=0, free__lte=F("variant__low_stock_at"))
            case "out":
                return queryset.filter(free__lte=0)
            case "promised":
                return queryset.filter(reserved__gt=0)
            case "preordered":
                return queryset.filter(preordered__gt=0)
            case "late":
                return queryset.filter(preordered__gt=0, variant__ships_by__lt=preordering.today())
        return queryset


@admin.register(StockItem, site=site)
class StockItemAdmin(WorkAdmin):
    seller_path = "location__seller"
    page = "admin/catalog/stock.html"
    steps = ["receive", "adjust", "count"]
    list_display = ["sku", "product", "location", "on_hand", "reserved", "free", "level"]
    list_filter = [LevelFilter, "location"]
    search_fields = ["variant__sku", "variant__ean13", "variant__product__name"]
    ordering = ["variant__product__name", "variant__position", "pk"]

    def get_list_filter(self, request):
        """Whoever has a few places is not told of the others."""
        is_ours = seller_of(request) is None
        return self.list_filter if is_ours else [LevelFilter, ("location", admin.RelatedOnlyFieldListFilter)]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("variant__product", "location")
        return rows.annotate(free=FREE).filter(~Q(variant__product__status="retired") | Q(on_hand__gt=0))

    @display(description=gettext_lazy("SKU"), ordering="variant__sku")
    def sku(self, item):
        return item.variant.sku

    @display(description=gettext_lazy("product"), ordering="variant__product__name")
    def product(self, item):
        return item.variant.full_name

    @display(description=gettext_lazy("available"), ordering="free")
    def free(self, item):
        return item.available

    @display(description=gettext_lazy("level"), label={"in": "success", "low": "warning", "out": "danger"})
    def level(self, item):
        if item.available <= 0:
            return "out", _("out")
        return ("low", _("low")) if item.available <= item.variant.low_stock_at else ("in", _("fine"))

    def page_context(self, request, item):
        return {
            "may_act": self.may_act(request),
            "forms": [
                ("receive", _("Goods came in"), _("Receive"), ReceiveForm(auto_id="receive_%s")),
                ("count", _("The shelf was counted"), _("Save the count"), CountForm(auto_id="count_%s")),
                ("adjust", _("Something else changed"), _("Adjust"), AdjustForm(auto_id="adjust_%s")),
            ],
            "movements": item.movements.select_related("actor")[:50],
            "reservations": item.reservations.order_by("created_at")[:50],
        }

    def timeline(self, item):
        return timeline_of(item.variant)

    def receive(self, request, item):
        given = checked(ReceiveForm(request.POST)).cleaned_data
        stock.receive(item.variant, location=item.location, by=request.user, **given)
        return _("%(count)s received.") % {"count": given["quantity"]}

    def adjust(self, request, item):
        stock.adjust(item, by=request.user, **checked(AdjustForm(request.POST)).cleaned_data)
        return _("On hand is %(count)s now.") % {"count": item.on_hand}

    def count(self, request, item):
        stock.count(item, by=request.user, **checked(CountForm(request.POST)).cleaned_data)
        return _("On hand is %(count)s now.") % {"count": item.on_hand}


class PlaceForm(forms.ModelForm):
    def clean_seller(self):
        seller = self.cleaned_data["seller"]
        owning.check_place(self.instance, seller=seller.pk if seller else None)
        return seller


@admin.register(StockLocation, site=site)
class StockLocationAdmin(ShopAdmin):
    seller_path = "seller"
    list_display = ["name", "code", "city", "country", "seller", "preference", "is_active"]
    list_select_related = ["seller"]
    form = PlaceForm
    prepopulated_fields = {"code": ["name"]}

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.stock_items.exists())
