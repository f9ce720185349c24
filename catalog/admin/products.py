"""Products: everything about one on one screen; whether it is on sale is changed by operations alone."""

from django.contrib import admin, messages
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action, display

from catalog import describing, preordering, publishing
from catalog.admin.custom_fields import CustomFieldInline
from catalog.admin.describing import DescribedForm, fields_for, left_over
from catalog.admin.desk import DeskAdmin
from catalog.admin.documents import DocumentInline
from catalog.admin.downloads import FiledAdmin
from catalog.admin.gift_cards import GiftCardTermsInline, only_for
from catalog.admin.parts import (
    OptionInline,
    RelatedInline,
)
from catalog.admin.photos import PhotographedAdmin
from catalog.admin.variants import PREORDER, VariantInline
from catalog.bulk import running
from catalog.models import Option, Product, Variant
from catalog.photos.pictures import Picture
from catalog.prices.noting import note_prices
from catalog.products import bundling, changing_kind, owning, scheduling, varying
from shop.core import events
from shop.core.admin.bases import site
from shop.core.errors import Refused
from shop.core.http import see_other
from shop.core.money import Money

STATE = {Product.Status.ACTIVE: "success", Product.Status.DRAFT: "warning", Product.Status.RETIRED: ""}
STEPS = {"publish": publishing.publish, "unpublish": publishing.unpublish, "retire": publishing.retire}
WORDS = 6  # of what is searched for
LEADS_TO = {
    "publish": Product.Status.ACTIVE,
    "unpublish": Product.Status.DRAFT,
    "retire": Product.Status.RETIRED,
}


class ProductForm(DescribedForm):
    """Moments are those of the shop's clock, and lie ahead."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:  # not with somebody who may only look
            self.fields["kind"].required = False  # left out, it stays what it is

    def clean_kind(self):
        kind = self.cleaned_data["kind"] or self.instance.kind
        if self.instance.pk:
            changing_kind.check_change(Product.objects.get(pk=self.instance.pk), kind)
        return kind

    def clean_seller(self):
        seller = self.cleaned_data["seller"]
        owning.check_hand_over(self.instance, seller=seller.pk if seller else None)
        return seller

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not {"publish_at", "retire_at"} & set(self.errors):
            try:
                scheduling.check(self.instance, **_moments(data))
            except Refused as refusal:
                self.add_error(refusal.data["field"], refusal.message)
        return data


@admin.register(Product, site=site)
class ProductAdmin(DeskAdmin, PhotographedAdmin, FiledAdmin):
    seller_path = "seller"
    list_display = ["shown_name", "state", "price", "is_there", "published_at"]
    list_filter = ["status", "type", ("categories", AutocompleteSelectFilter), "seller"]
    list_select_related = ["search"]
    search_fields = ["name", "variants__sku"]
    autocomplete_fields = ["categories"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["status", "published_at", "photos_shown", "files_shown", "not_of_its_type"]
    form = ProductForm
    inlines = [
        VariantInline,
        OptionInline,
        CustomFieldInline,
        GiftCardTermsInline,
        DocumentInline,
        RelatedInline,
    ]
    actions = ["edit_chosen", "publish_chosen", "unpublish_chosen"]
    actions_submit_line = ["publish", "unpublish", "retire"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "slug"),
                    ("type", "kind"),
                    ("status", "published_at"),
                    ("publish_at", "retire_at"),
                    "photos_shown",
                    "short_description",
                    "description",
                ]
            },
        ),
        (_("Where it stands"), {"fields": ["categories", ("brand", "seller", "position"), "search_words"]}),
        (_("Made to order"), {"fields": [("made_in_days", "is_personal")]}),
        (_("Download"), {"fields": ["files_shown", ("download_limit", "download_days")]}),
        (_("Tax and customs"), {"fields": [("tax_class", "country_of_origin", "hs_code")]}),
        (_("For search engines"), {"fields": ["seo_title", "seo_description"]}),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = type("ProductForm", (self.form,), fields_for(obj))
        return super().get_form(request, obj, change=change, **kwargs)

    def get_inlines(self, request, obj):
        return only_for(obj, super().get_inlines(request, obj))

    def get_fieldsets(self, request, obj=None):
        """The properties of its type come first after the words."""
        names = list(fields_for(obj))
        rows: list = [tuple(names[start : start + 3]) for start in range(0, len(names), 3)]
        if obj and left_over(obj):
            rows.append("not_of_its_type")
        words, *rest = super().get_fieldsets(request, obj)
        return [words, *([(_("Properties"), {"fields": rows})] if rows else []), *rest]

    @display(description=gettext_lazy("kept, not shown: of another type"))
    def not_of_its_type(self, product):
        return left_over(product)

    @display(description=gettext_lazy("product"), ordering="name", header=True)
    def shown_name(self, product):
        card = product.search.card if hasattr(product, "search") else {}
        picture = Picture.from_json(card.get("photo"))
        image = {"path": picture.thumb, "squared": True, "width": 40, "height": 40} if picture else None
        return [product.name, "", product.name[:2], *([image] if image else [])]

    @display(description=gettext_lazy("status"), ordering="status", label=STATE)
    def state(self, product):
        """With the moment when it changes by itself."""
        if product.status == Product.Status.DRAFT and product.publish_at:
            moment = date_format(localtime(product.publish_at), "SHORT_DATETIME_FORMAT")
            return product.status, _("Draft, on sale from %(moment)s") % {"moment": moment}
        return product.status, product.get_status_display()

    @display(description=gettext_lazy("price"), ordering="search__price_minor")
    def price(self, product):
        row = getattr(product, "search", None)
        if row is None or not row.price_minor:
            return "–"
        amount = Money(row.price_minor, row.currency).format()
        return _("from %(amount)s") % {"amount": amount} if row.price_max_minor > row.price_minor else amount

    @display(description=gettext_lazy("in stock"), boolean=True, ordering="search__in_stock")
    def is_there(self, product):
        row = getattr(product, "search", None)
        return bool(row and row.in_stock)

    def get_search_results(self, request, queryset, search_term):
        """Every word in the name or in a SKU; both by their indexes."""
        for word in search_term.split()[:WORDS]:
            named = Product.objects.filter(name__icontains=word).order_by().values("pk")
            coded = Variant.objects.filter(sku__icontains=word).order_by().values("product")
            queryset = queryset.filter(pk__in=named.union(coded))
        return queryset, False

    def view_on_site(self, product):
        return product.get_absolute_url() if product.status != Product.Status.DRAFT else None

    @action(description=gettext_lazy("Save and publish"), permissions=["publish"])
    def publish(self, request, product):
        request.wanted_step = "publish"

    @action(description=gettext_lazy("Save and take off sale"), permissions=["unpublish"])
    def unpublish(self, request, product):
        request.wanted_step = "unpublish"

    @action(description=gettext_lazy("Save and retire"), permissions=["retire"])
    def retire(self, request, product):
        request.wanted_step = "retire"

    def has_publish_permission(self, request, object_id=None):
        return self._may_become(request, object_id, "publish")

    def has_unpublish_permission(self, request, object_id=None):
        return self._may_become(request, object_id, "unpublish")

    def has_retire_permission(self, request, object_id=None):
        return self._may_become(request, object_id, "retire")

    @admin.action(description=gettext_lazy("Change many…"), permissions=["change"])
    def edit_chosen(self, request, queryset):
        chosen = running.choose(queryset, by=request.user)
        return see_other("admin:catalog_bulkedit_change", chosen.pk)

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish_chosen(self, request, queryset):
        self._take_all(request, queryset, "publish")

    @admin.action(description=gettext_lazy("Take off sale"), permissions=["change"])
    def unpublish_chosen(self, request, queryset):
        self._take_all(request, queryset, "unpublish")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if {"publish_at", "retire_at"} & set(form.changed_data):
            scheduling.schedule(obj, **_moments(form.cleaned_data), by=request.user)

    def save_formset(self, request, form, formset, change):
        formset.save()
        if formset.model is Option:
            _save_values(request, formset)
        if formset.model is Variant:
            _save_parts(request, formset)
            _save_preorders(request, formset)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        product = form.instance
        describing.describe(product, values=form.described(), by=request.user)
        varying.name_variants(product)
        varying.open_shelves(product)
        note_prices(product.variants.values_list("pk", flat=True))
        events.record("product.changed", product, by=request.user)
        if step := getattr(request, "wanted_step", ""):
            self._take(request, Product.objects.get(pk=product.pk), step)

    def _may_become(self, request, object_id, step: str) -> bool:
        """Whether to offer the step; without an id it is being taken, and the operation itself has the last word."""
        if not self.has_change_permission(request):
            return False
        if object_id is None:
            return True
        product = self.scoped(request, Product.objects.filter(pk=object_id)).only("status").first()
        return product is not None and product.can_move_to(LEADS_TO[step])

    def _take_all(self, request, queryset, step: str) -> None:
        done = [product for product in queryset if self._take(request, product, step)]
        messages.success(request, _("%(count)s products changed.") % {"count": len(done)})

    def _take(self, request, product: Product, step: str) -> bool:
        try:
            STEPS[step](product, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return False
        if step == "publish" and product.photos.filter(alt="").exists():
            messages.warning(
                request, _("%(name)s: some pictures are not put in words yet.") % {"name": product}
            )
        return True


def _moments(data: dict) -> dict:
    return {name: data.get(name) for name in ("publish_at", "retire_at")}


def _save_values(request, formset) -> None:
    for form in formset.forms:
        if form in formset.deleted_forms or "typed" not in form.changed_data:
            continue
        try:
            varying.set_values(form.instance, form.cleaned_data["typed"])
        except Refused as refusal:
            messages.error(request, refusal.message)


def _save_preorders(request, formset) -> None:
    """What the rows' forms have checked; refused only where somebody bought at this very moment."""
    for form in formset.forms:
        if form in formset.deleted_forms or not PREORDER & set(form.changed_data):
            continue
        day, pieces = form.cleaned_data["preorder_day"], form.cleaned_data["preorder_pieces"]
        try:
            if day:
                preordering.take_preorders(form.instance, ships_by=day, pieces=pieces, by=request.user)
            else:
                preordering.stop_preorders(form.instance, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)


def _save_parts(request, formset) -> None:
    """Sets alone consist of something; what is typed elsewhere is refused with a reason."""
    for form in formset.forms:
        if form in formset.deleted_forms or "typed_parts" not in form.changed_data:
            if form.instance.pk and "percent_off_parts" in form.changed_data:
                bundling.reprice([form.instance.pk])
            continue
        try:
            bundling.set_parts(form.instance, parts=form.cleaned_data["typed_parts"], by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
