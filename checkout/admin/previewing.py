"""What a parcel would cost: a seller tries the tables before customers do."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkout import shipping_rates
from checkout.addresses import all_countries, country_choices
from checkout.models import ShippingMethod
from checkout.promising import in_words
from checkout.shipping.pricing import Destination, Sending, Table, price_of
from checkout.shipping_rates import nearest
from shop.core.models import Shop
from shop.core.money import Money


class PreviewForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("to"))
    region = forms.CharField(label=gettext_lazy("state or region"), required=False, max_length=20)
    postcode = forms.CharField(label=gettext_lazy("postcode"), required=False, max_length=20)
    kg = forms.DecimalField(
        label=gettext_lazy("weight of a piece in kg"), min_value=0, max_value=100_000, initial="1.2"
    )
    pieces = forms.IntegerField(label=gettext_lazy("pieces"), min_value=1, max_value=100_000, initial=1)
    worth = forms.DecimalField(
        label=gettext_lazy("goods worth"), min_value=0, max_value=10_000_000, initial="80"
    )
    shipping_class = forms.CharField(label=gettext_lazy("shipping class"), required=False, max_length=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(all_countries())

    @property
    def to(self) -> Destination:
        told = self.cleaned_data
        return Destination(told["country"], told["region"].strip().upper(), told["postcode"])

    @property
    def sending(self) -> Sending:
        told = self.cleaned_data
        grams = int((told["kg"] * 1000).to_integral_value(rounding="ROUND_CEILING"))
        piece = shipping_rates.Piece(grams, told["pieces"], told["shipping_class"].strip().lower())
        return Sending(Money.from_decimal(Decimal(told["worth"]), Shop.current().currency), (piece,))


def answers(form: PreviewForm) -> list[dict]:
    """One row a way of delivery that goes to the country, offered or not, with the reason."""
    sending, to = form.sending, form.to
    tables = shipping_rates.tables(to.country)
    near = {table.method.pk for table in nearest(tables, to)}
    when = {
        offer.method.pk: offer
        for offer in shipping_rates.offers(
            tables, weight_g=sending.weight_g, goods=sending.goods, to=to, pieces=sending.pieces
        )
    }
    return [_row(table, sending, to, near, when) for table in tables]


def _row(table: Table, sending: Sending, to: Destination, near: set[int], when: dict) -> dict:
    method: ShippingMethod = table.method
    row: dict = {"name": str(method), "price": "", "steps": [], "arrives": ""}
    if method.pk not in near:
        return row | {"why_not": _("A narrower zone holds for this address.")}
    priced = price_of(table, sending, to)
    if priced is None:
        return row | {
            "why_not": _("Not offered: too heavy, too dear or too many for its table, or not for this class.")
        }
    offer = when[method.pk]
    count = len(priced.parcels)
    steps = [*priced.steps] + ([_("%(count)s parcels") % {"count": count}] if count > 1 else [])
    return row | {
        "price": priced.price.format(),
        "steps": steps,
        "arrives": in_words(offer.earliest, offer.latest),
    }
