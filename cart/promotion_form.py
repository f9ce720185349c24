"""What a seller fills in for a promotion: amounts as people write them, steps as lines, and one answer for each mistake."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cart import making
from cart.benefits import percent_text
from cart.building import points_of
from cart.coupons import plain
from cart.models import Coupon, CouponBatch, Promotion
from cart.splitting import PARTS
from shop.core.currency import exponent
from shop.core.models import Shop
from shop.core.money import Money, minor_of

Kind = Promotion.Kind
AMOUNTS = {"amount": "amount_minor", "min_total": "min_total_minor", "delivery_up_to": "delivery_up_to_minor"}
MOST_STEPS = 20


def sum_of_money(label) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=3, required=False)


class PromotionForm(forms.ModelForm):
    """Amounts are in the promotion's currency, whatever the shop's own is."""

    amount = sum_of_money(gettext_lazy("Amount or price"))
    min_total = sum_of_money(gettext_lazy("Goods worth at least"))
    delivery_up_to = sum_of_money(gettext_lazy("Only deliveries that cost up to"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency of the amounts"), required=False)
    countries = forms.CharField(
        label=gettext_lazy("Delivered to"),
        required=False,
        help_text=gettext_lazy("Codes of countries, separated by commas: AT, DE. Empty: anywhere."),
    )
    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, what from and how many per cent: 50 = 5"),
    )

    class Meta:
        model = Promotion
        fields = (
            *("name", "is_active", "needs_code", "starts_at", "ends_at", "currency", "kind", "percent"),
            *("buy_quantity", "get_quantity", "gifts", "counts_pieces"),
            *("products", "categories", "collections", "excludes_reduced", "reaches"),
            *("counts", "min_quantity", "groups", "is_for_first_order", "countries"),
            *("lane", "priority", "is_exclusive"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shop, row = Shop.current(), self.instance
        self.fields["currency"].choices = [("", "–"), *((one, one) for one in shop.currencies)]
        if not row.pk:
            self.initial.setdefault("currency", shop.currency)
        for name, column in AMOUNTS.items():
            minor = getattr(row, column)
            if minor is not None and row.currency:
                self.initial[name] = Money(minor, row.currency).to_decimal()
        self.initial["countries"] = ", ".join(row.countries)
        self.initial["steps"] = "\n".join(_written(row))

    def clean_countries(self) -> list[str]:
        codes = [one.strip().upper() for one in self.cleaned_data["countries"].replace("\n", ",").split(",")]
        found = [one for one in dict.fromkeys(codes) if one]
        if wrong := next((one for one in found if len(one) != 2 or not one.isalpha()), ""):
            raise ValidationError(_("“%(code)s” is not the code of a country.") % {"code": wrong[:20]})
        return found

    def clean(self) -> dict:
        data = super().clean() or {}
        currency = data.get("currency") or ""
        for name, column in AMOUNTS.items():
            setattr(self.instance, column, self._minor(name, data.get(name), currency))
        kind = data.get("kind")
        self.instance.tiers = self._steps(data, currency) if kind == Kind.TIERS else []
        if kind == Kind.GIFT and not data.get("gifts"):
            self.add_error("gifts", _("Say what one gets."))
        if kind in Promotion.WITH_AMOUNT and "amount" not in self.errors:
            least = 0 if kind == Kind.PRICE else 1
            if self.instance.amount_minor is None or self.instance.amount_minor < least:
                self.add_error("amount", _("Say how much."))
        return data

    def _minor(self, name: str, value: Decimal | None, currency: str) -> int | None:
        if value is None:
            return None
        if not currency:
            self.add_error("currency", _("Say the currency of the amounts."))
            return None
        if value != round(value, exponent(currency)):
            self.add_error(name, _("%(currency)s has no such small amounts.") % {"currency": currency})
        return minor_of(value, currency)

    def _steps(self, data: dict, currency: str) -> list[list[int]]:
        found: dict[int, int] = {}
        if not currency and not data.get("counts_pieces"):
            self.add_error("currency", _("Say the currency of the amounts."))
        for line in filter(str.strip, data.get("steps", "").splitlines()):
            try:
                start, percent = (
                    Decimal(part.strip().rstrip("%").replace(",", ".")) for part in line.split("=")
                )
                by_pieces = data.get("counts_pieces") or not currency
                found[int(start) if by_pieces else minor_of(start, currency) or 0] = points_of(percent)
            except (ArithmeticError, ValueError):
                self.add_error(
                    "steps", _("“%(line)s”: write what from = how many per cent.") % {"line": line[:40]}
                )
                return []
        if (
            any(start < 0 or not 0 < points <= PARTS for start, points in found.items())
            or len(found) > MOST_STEPS
        ):
            self.add_error(
                "steps", _("Per cent are above 0 and up to 100; %(n)d steps at most.") % {"n": MOST_STEPS}
            )
        if not found:
            self.add_error("steps", _("Say at least one step."))
        return [[start, points] for start, points in sorted(found.items())]


class CouponForm(forms.ModelForm):
    """A code of the seller's own choice."""

    class Meta:
        model = Coupon
        fields = ("code", "promotion", "most", "most_each", "ends_at", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "promotion" in self.fields:
            self.fields["promotion"].queryset = Promotion.objects.filter(needs_code=True)

    def clean_code(self) -> str:
        code = plain(self.cleaned_data["code"])
        if len(code) < 4:
            raise ValidationError(_("A code has at least 4 letters or digits."))
        return code


def _written(row: Promotion) -> list[str]:
    """Steps as lines."""
    is_amount = bool(row.currency) and not row.counts_pieces
    return [
        f"{Money(start, row.currency).to_decimal() if is_amount else start} = {percent_text(points)}"
        for start, points in row.tiers
    ]


class BatchForm(forms.ModelForm):
    class Meta:
        model = CouponBatch
        fields = ("name", "promotion", "wanted", "uses", "prefix", "ends_at")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "promotion" in self.fields:
            self.fields["promotion"].queryset = Promotion.objects.filter(needs_code=True)

    def clean_wanted(self) -> int:
        if not 1 <= self.cleaned_data["wanted"] <= making.MOST:
            raise ValidationError(_("From 1 to %(most)s codes.") % {"most": making.MOST})
        return self.cleaned_data["wanted"]

    def clean_prefix(self) -> str:
        return plain(self.cleaned_data["prefix"])
