"""Zones, ways of delivery with their price tables, holidays."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import BaseInlineFormSet
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkout import carriers
from checkout.addresses import all_countries
from checkout.admin.previewing import PreviewForm, answers
from checkout.models import Holiday, ShippingMethod, ShippingRate, ShippingSurcharge, ShippingZone
from shop.core.admin.bases import ShopAdmin, TabularInline, site
from shop.core.admin.money import MoneyFields
from shop.core.models import Shop


def _countries(codes: list[str]) -> list[str]:
    """In capitals and known. Raises ValidationError."""
    codes = [code.strip().upper() for code in codes]
    if unknown := sorted(set(codes) - set(all_countries())):
        raise ValidationError(_("There is no country %(codes)s.") % {"codes": ", ".join(unknown)})
    return list(dict.fromkeys(codes))


class ZoneForm(forms.ModelForm):
    def clean_countries(self):
        return _countries(self.cleaned_data["countries"])

    def clean_regions(self):
        return list(dict.fromkeys(code.strip().upper() for code in self.cleaned_data["regions"]))

    def clean(self):
        """A country lies whole in one zone: otherwise two prices would hold. Parts of it may have zones of their own."""
        data = super().clean()
        codes = data.get("countries", [])
        if data.get("regions") or data.get("postcodes"):
            return data
        whole = ShippingZone.objects.filter(regions=[], postcodes="", countries__overlap=codes)
        for zone in whole.exclude(pk=self.instance.pk):
            both = ", ".join(sorted(set(codes) & set(zone.countries)))
            words = _("%(codes)s: already in the zone %(zone)s.") % {"codes": both, "zone": zone}
            self.add_error("countries", words)
            break
        return data


class MethodForm(forms.ModelForm):
    def clean_only_countries(self):
        return _countries(self.cleaned_data["only_countries"])

    def clean_not_for(self):
        return sorted({code.strip().lower() for code in self.cleaned_data["not_for"] if code.strip()})

    def clean_carrier(self):
        if self.cleaned_data["carrier"] not in carriers.CARRIERS:
            known = ", ".join(carriers.CARRIERS)
            raise ValidationError(_("Known carriers: %(codes)s.") % {"codes": known})
        return self.cleaned_data["carrier"]


class RateFormSet(BaseInlineFormSet):
    """One price a weight, counting what somebody else has stored meanwhile."""

    def clean(self):
        super().clean()
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        stored = self.instance.rates.exclude(pk__in=shown) if self.instance.pk else ()
        taken = {(rate.up_to, rate.currency) for rate in stored}
        for form in self.forms:
            if form in self.deleted_forms or form.errors or not form.cleaned_data:
                continue
            key = (form.instance.up_to, form.instance.currency)
            if key in taken:
                raise ValidationError(_("There are two prices up to %(amount)s.") % {"amount": key[0]})
            taken.add(key)


class RateInline(MoneyFields, TabularInline):
    model = ShippingRate
    formset = RateFormSet
    fields = ["up_to", "price_minor", "per_piece_minor", "currency"]
    extra = 0


class SurchargeInline(MoneyFields, TabularInline):
    model = ShippingSurcharge
    fields = ["name", "price_minor", "currency", "postcodes", "shipping_class", "is_per_piece"]
    extra = 0


@admin.register(ShippingZone, site=site)
class ShippingZoneAdmin(ShopAdmin):
    form = ZoneForm
    list_before_template = "admin/checkout/preview_link.html"
    list_display = ["name", "code", "shown_countries", "shown_parts", "position"]
    search_fields = ["name", "code"]

    def get_urls(self):
        page = self.admin_site.admin_view(self.preview)
        return [path("preview/", page, name="checkout_delivery_preview"), *super().get_urls()]

    def preview(self, request):
        """What would a 1.2 kg parcel of €80 to 80331 cost?"""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = PreviewForm(request.GET or None, initial={"country": Shop.current().country})
        context = self.admin_site.each_context(request) | {
            "title": _("What would a parcel cost?"),
            "form": form,
            "rows": answers(form) if form.is_valid() else None,
        }
        return TemplateResponse(request, "admin/checkout/delivery_preview.html", context)

    @admin.display(description=gettext_lazy("countries"))
    def shown_countries(self, zone):
        return ", ".join(zone.countries)

    @admin.display(description=gettext_lazy("only"))
    def shown_parts(self, zone):
        return " ".join([*zone.regions, zone.postcodes]).strip()


@admin.register(ShippingMethod, site=site)
class ShippingMethodAdmin(MoneyFields, ShopAdmin):
    form = MethodForm
    list_display = ["name", "zone", "carrier", "days_min", "days_max", "cut_off", "is_active", "position"]
    list_filter = ["zone", "carrier", "is_active"]
    list_select_related = ["zone"]
    search_fields = ["name", "code"]
    list_before_template = "admin/checkout/preview_link.html"
    inlines = [RateInline, SurchargeInline]


@admin.register(Holiday, site=site)
class HolidayAdmin(ShopAdmin):
    list_display = ["day", "name"]
    date_hierarchy = "day"
