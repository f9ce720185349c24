"""What a seller fills in for a collection by a rule; catalog/finding/grouping.py asks for what comes of it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Category, Collection
from shop.core.models import Shop
from shop.core.money import Money, minor_of

MOST_TOKENS = 30


class RuleForm(forms.ModelForm):
    """A collection with its rule as fields. Prices are in whole units of the shop's currency, with cents if need be."""

    category = forms.ModelChoiceField(
        Category.objects.all(), label=gettext_lazy("Category, with all below"), required=False
    )
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=80, required=False)
    tokens = forms.CharField(
        label=gettext_lazy("Properties"),
        required=False,
        help_text=gettext_lazy(
            "Separated by commas, as lists filter by them: colour:Blue, colour:Red, size:A4."
        ),
    )
    price_min = forms.DecimalField(
        label=gettext_lazy("Price from"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    price_max = forms.DecimalField(
        label=gettext_lazy("Price up to"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    new_days = forms.IntegerField(
        label=gettext_lazy("New within days"), min_value=1, max_value=3650, required=False
    )
    rating = forms.TypedChoiceField(
        label=gettext_lazy("Rating"),
        choices=[("", "–"), ("4", gettext_lazy("4 stars and up")), ("3", gettext_lazy("3 stars and up"))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reduced = forms.BooleanField(label=gettext_lazy("Reduced"), required=False)
    in_stock = forms.BooleanField(label=gettext_lazy("In stock"), required=False)

    class Meta:
        model = Collection
        fields = ["name", "slug", "description", "kind", "is_published", "on_home", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rule, currency = self.instance.rule, Shop.current().currency
        self.initial |= rule | {"tokens": ", ".join(rule.get("tokens", []))}
        for name in ("price_min", "price_max"):
            if name in rule:
                self.initial[name] = Money(rule[name], currency).to_decimal()

    def clean_tokens(self) -> list[str]:
        parts = [part.strip() for part in self.cleaned_data["tokens"].replace("\n", ",").split(",")]
        tokens = list(dict.fromkeys(part for part in parts if part))
        for token in tokens:
            group, colon, value = token.partition(":")
            if not (group and colon and value) or len(token) > 120:
                raise ValidationError(
                    _("“%(token)s”: write the property, a colon and its value, like colour:Blue.")
                    % {"token": token[:120]}
                )
        if len(tokens) > MOST_TOKENS:
            raise ValidationError(_("Name at most %(n)d properties.") % {"n": MOST_TOKENS})
        return tokens

    def clean(self):
        data = super().clean()
        low, high = data.get("price_min"), data.get("price_max")
        if low is not None and high is not None and low > high:
            self.add_error("price_max", _("This is below the lowest price."))
        self.instance.rule = self._rule(data)
        if data.get("kind") == Collection.Kind.RULE and not self.instance.rule and not self.errors:
            self.add_error("kind", _("Say at least one thing in the rule."))
        return data

    def _rule(self, data: dict) -> dict:
        currency = Shop.current().currency
        rule = {
            name: data.get(name) for name in ("brand", "tokens", "new_days", "rating", "reduced", "in_stock")
        }
        rule["category"] = data["category"].pk if data.get("category") else None
        kept = {name: value for name, value in rule.items() if value}
        for name in ("price_min", "price_max"):
            if data.get(name) is not None:
                kept[name] = minor_of(data[name], currency)
        return kept
