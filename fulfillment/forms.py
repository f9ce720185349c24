"""What shoppers and sellers type about parcels and returns. Shape only: the operations decide what is possible."""

from collections.abc import Iterable, Mapping

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fulfillment.eligibility import Eligible
from fulfillment.models import Return, ReturnLine, Shipment
from fulfillment.returning import Wish
from shop.core.admin.money import MoneyInput

MOST_PIECES = 100  # offered at once in a list; the rest may follow in another return
ASKED = [reason for reason in ReturnLine.Reason if reason != ReturnLine.Reason.UNDELIVERED]


class ReturnForm(forms.Form):
    """For each line that may come back: how many, and why."""

    note = forms.CharField(
        label=gettext_lazy("Anything we should know?"),
        required=False,
        max_length=2000,
        error_messages={"max_length": gettext_lazy("Shorten your note to %(limit_value)s characters.")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )

    def __init__(self, *args, eligible: Iterable[Eligible], **kwargs):
        super().__init__(*args, **kwargs)
        self.possible = [one for one in eligible if one.quantity]
        for one in self.possible:
            self.fields[f"quantity_{one.line.pk}"] = _quantity_field(one)
            self.fields[f"reason_{one.line.pk}"] = _reason_field(one)

    def rows(self) -> list[dict]:
        """A line with its two fields."""
        return [
            {
                "eligible": one,
                "quantity": self[f"quantity_{one.line.pk}"],
                "reason": self[f"reason_{one.line.pk}"],
            }
            for one in self.possible
        ]

    def clean(self):
        given = super().clean()
        for one in self.possible:
            wanted, reason = given.get(f"quantity_{one.line.pk}"), given.get(f"reason_{one.line.pk}")
            if wanted and not reason and f"reason_{one.line.pk}" not in self.errors:
                self.add_error(
                    f"reason_{one.line.pk}", _("Choose why “%(name)s” comes back.") % {"name": one.line.name}
                )
        if not self.errors and not self.wishes():
            raise forms.ValidationError(_("Choose at least one item to send back."))
        return given

    def wishes(self) -> dict[int, Wish]:
        """{order line id: Wish} of what was chosen."""
        given = self.cleaned_data
        return {
            one.line.pk: Wish(given[f"quantity_{one.line.pk}"], given[f"reason_{one.line.pk}"])
            for one in self.possible
            if given.get(f"quantity_{one.line.pk}")
        }


class ShipForm(forms.Form):
    """A parcel: by whom, how heavy, and what is in it."""

    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"))
    service = forms.CharField(
        label=gettext_lazy("Service"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Empty: the carrier's usual one."),
    )
    weight_g = forms.IntegerField(
        label=gettext_lazy("Weight with packaging, grams"), required=False, min_value=0, max_value=999_999
    )
    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Only for a carrier without labels here."),
    )

    def __init__(self, *args, carriers: list[tuple[str, str]], lines: Mapping[int, int], **kwargs):
        super().__init__(*args, **kwargs)
        offered = self.fields["carrier"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = carriers
        self.lines = lines
        for pk, most in lines.items():
            self.fields[f"pieces_{pk}"] = forms.IntegerField(
                min_value=0, max_value=most, initial=most, required=False
            )

    def contents(self) -> dict[int, int]:
        return {pk: self.cleaned_data.get(f"pieces_{pk}") or 0 for pk in self.lines}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why? The customer reads this."),
        max_length=250,
        error_messages={"required": gettext_lazy("Tell the customer why.")},
    )


class ReceiveForm(forms.Form):
    """How many pieces of each line were in the parcel."""

    def __init__(self, *args, wish: Return, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(wish.lines.all())
        for line in self.lines:
            self.fields[f"received_{line.order_line_id}"] = forms.IntegerField(
                min_value=0, max_value=line.quantity, initial=line.quantity, label=line.order_line.name
            )

    def received(self) -> dict[int, int]:
        return {
            line.order_line_id: self.cleaned_data[f"received_{line.order_line_id}"] for line in self.lines
        }


class InspectForm(forms.Form):
    """In which condition each line came back."""

    def __init__(self, *args, wish: Return, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = [line for line in wish.lines.all() if line.received]
        choices = [
            (one.value, one.label) for one in ReturnLine.Condition if one != ReturnLine.Condition.MISSING
        ]
        for line in self.lines:
            self.fields[f"condition_{line.order_line_id}"] = forms.ChoiceField(
                choices=choices, label=line.order_line.name, widget=forms.Select
            )

    def conditions(self) -> dict[int, str]:
        return {
            line.order_line_id: self.cleaned_data[f"condition_{line.order_line_id}"] for line in self.lines
        }


class SettleForm(forms.Form):
    """What is paid back: pieces of each line, a part of the delivery, less a deduction."""

    def __init__(self, *args, wish: Return, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("shipping", _("Delivery paid back")), ("deduction", _("Deduction"))):
            self.fields[name] = MoneyInput(
                currency=wish.order.currency,
                label=label,
                required=False,
                validators=[MinValueValidator(0)],
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self.lines = [line for line in wish.lines.all() if line.received]
        for line in self.lines:
            self.fields[f"refunded_{line.order_line_id}"] = forms.IntegerField(
                min_value=0, max_value=line.received, initial=line.received, label=line.order_line.name
            )

    def pieces(self) -> dict[int, int]:
        return {
            line.order_line_id: self.cleaned_data[f"refunded_{line.order_line_id}"] for line in self.lines
        }


def _quantity_field(one: Eligible) -> forms.TypedChoiceField:
    choices = [(0, _("Keep it"))] + [
        (count, ngettext("Send %(count)s back", "Send %(count)s back", count) % {"count": count})
        for count in range(1, min(one.quantity, MOST_PIECES) + 1)
    ]
    label = _("How many of %(name)s?") % {"name": one.line.name}
    messages = {
        "invalid_choice": _("At most %(count)s of “%(name)s” can be sent back.")
        % {"count": one.quantity, "name": one.line.name}
    }
    return forms.TypedChoiceField(
        coerce=int, empty_value=None, choices=choices, required=False, label=label, error_messages=messages
    )


def _reason_field(one: Eligible) -> forms.ChoiceField:
    choices = [("", _("Choose a reason")), *((reason.value, reason.label) for reason in ASKED)]
    return forms.ChoiceField(
        choices=choices, required=False, label=_("Why does %(name)s come back?") % {"name": one.line.name}
    )


def carriers_for(work, choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is offered for this order: collecting first where the customer chose it."""
    pickup = [(Shipment.PICKUP, _("Collected by the customer"))] if work.order.is_pickup else []
    return [*pickup, *choices]
