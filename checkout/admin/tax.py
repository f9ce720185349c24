"""Tax classes, zones and their dated rates."""

from datetime import date

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkout.addresses import all_countries
from checkout.models import TaxClass, TaxExemption, TaxRate, TaxZone, VatCheck
from shop.core.admin.bases import ReadOnlyAdmin, ShopAdmin, TabularInline, site


class RateFormSet(BaseInlineFormSet):
    """The rows of a form are checked against each other, and against those that somebody else has stored meanwhile."""

    def clean(self):
        super().clean()
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        kept = list(self.instance.rates.exclude(pk__in=shown)) if self.instance.pk else []
        for form in self.forms:
            if form in self.deleted_forms or form.errors or not form.cleaned_data.get("tax_class"):
                continue
            rate = form.instance
            if any(_overlap(rate, other) for other in kept):
                raise ValidationError(
                    _(
                        "Two rates of “%(name)s” for %(kind)s hold on the same day. End one before the other begins."
                    )
                    % {"name": rate.name, "kind": rate.tax_class}
                )
            kept.append(rate)


def _overlap(one: TaxRate, other: TaxRate) -> bool:
    if (one.tax_class_id, one.name) != (other.tax_class_id, other.name):
        return False
    ends = [rate.valid_to or date.max for rate in (one, other)]
    return max(one.valid_from, other.valid_from) <= min(ends)


class RateInline(TabularInline):
    model = TaxRate
    formset = RateFormSet
    extra = 0


class ZoneForm(forms.ModelForm):
    def clean_country(self):
        return known_country(self.cleaned_data["country"])

    def clean_region(self):
        return self.cleaned_data["region"].strip().upper()

    def clean_postcodes(self):
        """As addresses are compared with: capitals, no spaces."""
        found = ["".join(prefix.split()).upper() for prefix in self.cleaned_data["postcodes"]]
        return sorted({prefix for prefix in found if prefix})


class ExemptionForm(forms.ModelForm):
    def clean_country(self):
        return known_country(self.cleaned_data["country"])

    def clean_region(self):
        return self.cleaned_data["region"].strip().upper()


def known_country(typed: str) -> str:
    """In capitals. Raises ValidationError."""
    code = typed.strip().upper()
    if code and code not in all_countries():
        raise ValidationError(_("There is no country %(codes)s.") % {"codes": code})
    return code


@admin.register(TaxClass, site=site)
class TaxClassAdmin(ShopAdmin):
    list_display = ["name", "code", "stripe_code"]
    search_fields = ["name", "code"]


@admin.register(TaxZone, site=site)
class TaxZoneAdmin(ShopAdmin):
    form = ZoneForm
    list_display = ["name", "country", "region", "shown_postcodes", "mode", "rounding", "is_eu"]
    list_filter = ["mode", "rounding", "is_eu"]
    search_fields = ["name", "code", "country", "region"]
    inlines = [RateInline]

    @admin.display(description=gettext_lazy("postcodes"))
    def shown_postcodes(self, zone):
        return ", ".join(f"{prefix}…" for prefix in zone.postcodes)


@admin.register(TaxExemption, site=site)
class TaxExemptionAdmin(ShopAdmin):
    form = ExemptionForm
    list_display = ["group", "certificate", "country", "region", "valid_from", "valid_to"]
    list_select_related = ["group"]
    search_fields = ["certificate", "group__name"]


@admin.register(VatCheck, site=site)
class VatCheckAdmin(ReadOnlyAdmin):
    """The proof for the tax office: what was asked, when, and the register's consultation number."""

    list_display = ["vat_id", "state", "reference", "answered_at", "due_at", "tries"]
    list_filter = ["state"]
    search_fields = ["vat_id", "reference"]
