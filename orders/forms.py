"""What shoppers post about their orders. Fields that are not named here are not read, whatever else is sent."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.core.tokens import as_written

KEPT_CARD = re.compile(r"card-([0-9]{1,18})")


class PayForm(forms.Form):
    """By which means: a gateway, or "card-12", one of the customer's kept cards."""

    gateway = forms.CharField(max_length=30, error_messages={"required": _("Choose how to pay.")})
    keep_card = forms.BooleanField(required=False)

    def clean(self) -> dict:
        given = super().clean() or {}
        kept = KEPT_CARD.fullmatch(given.get("gateway", ""))
        given["card"] = int(kept[1]) if kept else None
        given["gateway"] = "stripe" if kept else given.get("gateway", "")
        return given

    @property
    def way(self) -> dict:
        """For orders.handing_over.pay."""
        return {name: self.cleaned_data[name] for name in ("gateway", "card", "keep_card")}


class PlaceForm(PayForm):
    """The button of the payment page."""

    fingerprint = forms.CharField(max_length=64)
    waives_withdrawal = forms.BooleanField(required=False)
    terms_version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class CancellationForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? It helps us"), max_length=200, required=False, widget=forms.TextInput
    )


class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("Order number"),
        max_length=40,
        help_text=_("Like K7F4-9QXM; spaces and dashes do not matter."),
        error_messages={"required": _("Enter your order number")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address"),
            "invalid": _("Enter an email address like name@example.com"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_number(self) -> str:
        """As it is stored, however it was typed."""
        return as_written(self.cleaned_data["number"])
