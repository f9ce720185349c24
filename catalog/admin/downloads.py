"""The files of downloads: which product's they are, in which versions, and what buyers get now."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from catalog.models import DigitalFile, Product, Variant
from catalog.products import filing
from shop.core.admin.bases import ShopAdmin, site
from shop.core.errors import Refused


class FiledAdmin(ShopAdmin):
    """Adds the field `files_shown` to a product's screen."""

    @admin.display(description=gettext_lazy("files to download"))
    def files_shown(self, product):
        """How many there are, leading to them."""
        if not product.pk or product.kind != Product.Kind.DIGITAL:
            return _("only for downloads, once saved")
        count = product.digital_files.filter(removed_at=None).count()
        told = ngettext("%(n)s file", "%(n)s files", count) % {"n": count}
        listed = f"{reverse('admin:catalog_digitalfile_changelist')}?product__id__exact={product.pk}"
        new = f"{reverse('admin:catalog_digitalfile_add')}?product={product.pk}"
        link = '<a class="underline" href="{}">{}</a> · <a class="underline" href="{}">{}</a>'
        return format_html(link, listed, told, new, _("Add a file"))


class DigitalFileForm(forms.ModelForm):
    variant = forms.ModelChoiceField(
        label=gettext_lazy("variant"),
        queryset=Variant.objects.none(),  # those of the product, once it is known
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("Empty: for buyers of any variant."),
    )
    upload = forms.FileField(
        label=gettext_lazy("file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(),
        help_text=gettext_lazy("A new version: buyers get it from now on, earlier buyers too."),
    )
    label = forms.CharField(
        label=gettext_lazy("version"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = str(self.instance.product_id or self.data.get("product") or self.initial.get("product", ""))
        of_product = Variant.objects.filter(product=int(chosen) if chosen.isdecimal() else None)
        self.fields["variant"].queryset = of_product

    def clean(self):
        data = super().clean()
        product, variant = data.get("product", getattr(self.instance, "product", None)), data.get("variant")
        if product and product.kind != Product.Kind.DIGITAL:
            self.add_error("product", _("Only downloads have files for their buyers."))
        if product and variant and variant.product_id != product.pk:
            self.add_error("variant", _("That variant is another product's."))
        if not self.instance.pk and not data.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Choose the file."))
        return data


@admin.register(DigitalFile, site=site)
class DigitalFileAdmin(ShopAdmin):
    seller_path = "product__seller"
    form = DigitalFileForm
    list_display = ["title", "product", "variant", "newest", "state"]
    list_filter = [("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "variant"]
    search_fields = ["title", "product__name", "variant__sku"]
    autocomplete_fields = ["product"]
    fields = ["product", "variant", "title", "position", "upload", "label", "versions_shown"]
    readonly_fields = ["versions_shown"]
    actions = ["remove_chosen"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def get_readonly_fields(self, request, obj=None):
        """A file stays its product's: buyers have it under that name."""
        return ["versions_shown", "product"] if obj else ["versions_shown"]

    def has_delete_permission(self, request, obj=None):
        """It is removed from sale instead: those who bought it keep it."""
        return False

    def save_model(self, request, obj, form, change):
        upload, label = form.cleaned_data.get("upload"), form.cleaned_data["label"]
        super().save_model(request, obj, form, change)
        if upload:
            filing.add_version(obj, upload=upload, label=label, by=request.user)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "product__id__exact" or super().lookup_allowed(lookup, value, request)

    @display(description=gettext_lazy("buyers get"))
    def newest(self, file):
        return filing.in_words(file.latest) if file.latest else "–"

    @display(description=gettext_lazy("sold"), label={"yes": "success", "no": ""})
    def state(self, file):
        return ("no", _("removed")) if file.removed_at else ("yes", _("sold"))

    @display(description=gettext_lazy("versions"))
    def versions_shown(self, file):
        if not file.pk:
            return "–"
        rows = [(filing.in_words(version), version.name) for version in file.versions.all()]
        return format_html_join("", "<p>{} <span>({})</span></p>", rows) if rows else "–"

    @admin.action(description=gettext_lazy("No longer sell"), permissions=["change"])
    def remove_chosen(self, request, queryset):
        for file in queryset.select_related("product"):
            try:
                filing.remove(file, by=request.user)
            except Refused as refusal:
                messages.error(request, refusal.message)
