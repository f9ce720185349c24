"""Tax classes, zones and their dated rates."""

from datetime import date

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from checkout.models import TaxClass, TaxRate, TaxZone
from shop.core.admin.bases import ShopAdmin, TabularInline, site


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


@admin.register(TaxClass, site=site)
class TaxClassAdmin(ShopAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


@admin.register(TaxZone, site=site)
class TaxZoneAdmin(ShopAdmin):
    list_display = ["name", "country", "region", "mode", "rounding", "is_eu"]
    list_filter = ["mode", "rounding", "is_eu"]
    search_fields = ["name", "code", "country", "region"]
    inlines = [RateInline]
