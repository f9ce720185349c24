"""What a buyer may say about the presentation of an order: choices of what is offered, and two short texts."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cart.models import Cart, GiftOption

Kind = GiftOption.Kind
TOO_LONG = {"max_length": gettext_lazy("Shorten it to %(limit_value)s characters.")}


class GiftForm(forms.Form):
    """`options` is {kind: GiftOptions} as cart/gifting.py offers them; without any of a kind it is not asked for."""

    use_required_attribute = False

    def __init__(
        self,
        options: Mapping[str, Sequence[GiftOption]],
        data: Mapping[str, str] | None = None,
        *,
        cart: Cart | None = None,
    ) -> None:
        super().__init__(data, initial=_as_chosen(cart), auto_id="gift_%s")
        self.options = options
        self._choose("wrap", Kind.WRAP, _("Gift wrap"), _("No wrap"))
        self._choose("greeting_card", Kind.CARD, _("Greeting card"), _("No card"))
        self._write("message", _("Gift message"), _("It comes on a page of its own, without prices."))
        self._write("note", _("Note to us"), _("About the order: where to ring, what to look after."))

    def _choose(self, name: str, kind: str, label: str, none: str) -> None:
        offered = self.options.get(kind, ())
        words = [(str(option.pk), _words(option)) for option in offered]
        self.fields[name] = forms.TypedChoiceField(
            label=label,
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", none), *words],
            widget=forms.RadioSelect if offered else forms.HiddenInput,
            error_messages={"invalid_choice": _("Choose one of those that are offered.")},
        )

    def _write(self, name: str, label: str, help_text: str) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            max_length=Cart.MOST_LETTERS,
            help_text=help_text,
            widget=forms.Textarea(attrs={"rows": 3, "data-count": ""}),
            error_messages=TOO_LONG,
        )


def _as_chosen(cart: Cart | None) -> dict[str, object]:
    if cart is None:
        return {}
    return {
        "wrap": cart.wrap_id or "",
        "greeting_card": cart.greeting_card_id or "",
        "message": cart.gift_message,
        "note": cart.order_note,
    }


def _words(option: GiftOption) -> str:
    """ "Cotton ribbon, €3.90 (recycled paper)" """
    text = f"{option.name}, {option.price.format()}" if option.price_minor else option.name
    return f"{text} – {option.text}" if option.text else text
