"""Gift wraps and greeting cards that the shop offers, with their prices."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cart import gifting
from cart.models import GiftOption
from shop.core.admin.bases import ShopAdmin, site
from shop.core.admin.money import MoneyInput
from shop.core.models import Shop


class GiftOptionForm(forms.ModelForm):
    """The price is typed in the option's own currency, which is chosen first and then stays."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sent = self.data.get(self.add_prefix("currency"), "").strip().upper()
        currency = self.instance.currency if self.instance.pk else sent
        if currency not in Shop.current().currencies:
            currency = Shop.current().currency
        self.fields["price_minor"] = MoneyInput(currency=currency, label=gettext_lazy("price"))

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].strip().upper()
        if currency not in Shop.current().currencies:
            raise ValidationError(_("The shop does not sell in this currency."))
        return currency

    def clean_price_minor(self) -> int:
        minor = self.cleaned_data["price_minor"]
        if minor < 0:
            raise ValidationError(_("A price is 0 or more."))
        return minor


@admin.register(GiftOption, site=site)
class GiftOptionAdmin(ShopAdmin):
    form = GiftOptionForm
    list_display = ["name", "kind", "amount", "tax_class", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]
    fields = ["kind", "name", "text", ("currency", "price_minor"), "tax_class", "position", "is_active"]

    def get_readonly_fields(self, request, obj=None):
        return ["currency"] if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        gifting.forget_options()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        gifting.forget_options()

    @admin.display(description=gettext_lazy("price"), ordering="price_minor")
    def amount(self, option):
        return option.price.format()
