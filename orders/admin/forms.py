"""What staff fill in on an order's page."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Order
from orders.refunding import Refundable, refundable
from shop.core.admin.money import MoneyInput
from shop.core.tokens import as_written


class StatementForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Statement"),
        help_text=gettext_lazy("CAMT.053 (XML), or a table as CSV with columns for day, amount and text."),
    )


class BookForm(forms.Form):
    """To which order a transfer is booked."""

    number = forms.CharField(label=gettext_lazy("Order number"), max_length=40)

    def clean_number(self) -> str:
        number: str = as_written(self.cleaned_data["number"])
        self.order = Order.objects.filter(number=number).first()
        if self.order is None:
            raise forms.ValidationError(_("There is no order %(number)s.") % {"number": number})
        return number


class CancelForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class RefundForm(forms.Form):
    """Pieces, delivery, or a sum of its own. Nothing filled in means nothing, not everything.

    `once` is minted with the page: sent twice, it pays back once.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, order: Order):
        super().__init__(data, auto_id="refund_%s", initial={"once": uuid4()})
        self.order, self.left = order, refundable(order)
        self.lines = {
            line: f"pieces_{line.pk}" for line in order.lines.all() if self.left.lines.get(line.pk, 0) > 0
        }
        for line, name in self.lines.items():
            self.fields[name] = forms.IntegerField(
                label=_("Pieces of %(name)s") % {"name": line.name},
                min_value=0,
                max_value=self.left.lines[line.pk],
                required=False,
            )
        self.fields["shipping"] = self._sum(_("Delivery"))
        self.fields["amount"] = self._sum(_("Or any other sum"))
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=200)
        if order.user_id:
            self.fields["as_credit"] = forms.BooleanField(label=_("As store credit instead"), required=False)

    def clean(self) -> dict:
        given = super().clean() or {}
        if self.errors:
            return given
        if not (self.pieces() or given["shipping"] or given["amount"]):
            raise forms.ValidationError(_("Say what is to be paid back: pieces, delivery or a sum."))
        if given["amount"] and (self.pieces() or given["shipping"]):
            raise forms.ValidationError(_("Either pieces and delivery, or a sum of its own."))
        return given

    def pieces(self) -> dict[int, int]:
        """{line id: pieces}"""
        found = {line.pk: self.cleaned_data.get(name) or 0 for line, name in self.lines.items()}
        return {pk: pieces for pk, pieces in found.items() if pieces}

    def rows(self) -> list[tuple]:
        """(line, its field) for the page."""
        return [(line, self[name]) for line, name in self.lines.items()]

    def _sum(self, label: str) -> MoneyInput:
        return MoneyInput(
            currency=self.order.currency,
            label=label,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )


def refund_form(order: Order) -> RefundForm | None:
    """None where nothing can go back."""
    left: Refundable = refundable(order)
    return RefundForm(order=order) if left.amount_minor > 0 else None
