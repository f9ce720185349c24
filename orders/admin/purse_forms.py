"""What staff fill in for gift cards and store credit. `once` is minted with the page: sent twice, it counts once."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.accounts.models import User
from shop.core.admin.money import MoneyInput
from shop.core.models import Shop


class PurseForm(forms.Form):
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, currency: str = "") -> None:
        super().__init__(data, auto_id="purse_%s", initial={"once": uuid4()})
        self.currency = currency or Shop.current().currency
        amount = MoneyInput(
            currency=self.currency,
            label=_("Amount (%(currency)s)") % {"currency": self.currency},
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
        self.fields = {"once": self.fields["once"], "amount": amount} | self.fields

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("More than nothing."))
        return amount


class AdjustForm(PurseForm):
    """Above zero puts it on, below zero takes it off."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("Say how much: 5.00 puts it on, -5.00 takes it off."))
        return amount


class IssueForm(PurseForm):
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("Empty: for ever."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Send it to"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Empty: the code is shown to you, once."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("That day is over."))
        return day


class CreditForm(PurseForm):
    person = forms.EmailField(label=gettext_lazy("Email address of the account"), max_length=254)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def clean_person(self) -> User:
        found: User | None = User.objects.filter(
            email__iexact=self.cleaned_data["person"], is_active=True
        ).first()
        if found is None:
            raise ValidationError(_("Nobody has an account with this address."))
        return found
