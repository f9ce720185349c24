"""What sellers type to change many products: the fields of each kind of change, as plain data for catalog/bulk/changes.py."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.bulk.changes import CHANGES
from catalog.models import Attribute, Category, Product
from shop.core.admin.money import MoneyInput
from shop.core.models import Shop

SUGGESTED = 200  # categories offered while typing; any other may be typed


class ChangeForm(forms.Form):
    """The fields that the kind of change `what` needs; `given()` is what is stored."""

    status = forms.ChoiceField(label=gettext_lazy("becomes"), choices=Product.Status)
    percent = forms.DecimalField(
        label=gettext_lazy("per cent"),
        min_value=Decimal("-99"),
        max_value=Decimal("900"),
        decimal_places=2,
        help_text=gettext_lazy("10 makes prices a tenth higher, -10 a tenth lower."),
    )
    ending = forms.IntegerField(
        label=gettext_lazy("rounded to"),
        required=False,
        min_value=0,
        max_value=99,
        help_text=gettext_lazy("The last two digits: 90 makes 17.90 of 17.62. Empty: to the cent."),
    )
    category = forms.CharField(
        label=gettext_lazy("category"),
        max_length=100,
        help_text=gettext_lazy("Its name, or the last part of its address."),
    )
    attribute = forms.ModelChoiceField(Attribute.objects.all(), label=gettext_lazy("property"))
    value = forms.CharField(
        label=gettext_lazy("value"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Several: one a line. Empty takes it away."),
    )
    brand = forms.CharField(label=gettext_lazy("brand"), required=False, max_length=80)
    tax_class = forms.SlugField(label=gettext_lazy("tax class"), max_length=20)
    search_words = forms.CharField(label=gettext_lazy("other words"), required=False, max_length=250)

    def __init__(self, data=None, *, what: str):
        super().__init__(data)
        self.fields["amount"] = MoneyInput(
            currency=Shop.current().currency,
            label=gettext_lazy("amount"),
            help_text=gettext_lazy("Added to each price; -2.50 takes 2.50 off."),
            widget=forms.TextInput(attrs={"inputmode": "text"}),
        )
        self.fields = {name: self.fields[name] for name in CHANGES[what].needs}
        if "category" in self.fields:
            self.fields["category"].widget.attrs["list"] = "categories"

    @property
    def suggestions(self) -> list[str]:
        if "category" not in self.fields:
            return []
        return list(Category.objects.order_by("path").values_list("name", flat=True)[:SUGGESTED])

    def clean_category(self) -> int:
        typed = self.cleaned_data["category"].strip()
        found = list(Category.objects.filter(slug=typed)[:1]) or list(
            Category.objects.filter(name__iexact=typed)[:2]
        )
        if not found:
            raise ValidationError(_("There is no such category."))
        if len(found) > 1:
            raise ValidationError(_("Several have this name: type the last part of the address."))
        return found[0].pk

    def given(self) -> dict:
        plain = dict(self.cleaned_data)
        if "percent" in plain:
            plain["percent"] = str(plain["percent"])
        if "attribute" in plain:
            plain["attribute"] = plain["attribute"].pk
        return plain
