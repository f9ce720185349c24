"""What is made to order is made after the buyer's own words: the seller asks, the buyer answers, the line carries it.

Answers are checked where they are put into a cart, and again whenever the cart is counted: when the questions or their
surcharges have changed meanwhile, the line must be answered anew. An answer is a dict with `code`, `label`, `value` (as it is
shown), `given` (as it was typed) and `surcharge`, in minor units of the variant's currency; an `amount` replaces its price.
It is personal data. Gift cards are asked for in the same way (catalog/products/gift_asking.py).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from catalog.finding.lines import LineCard
from catalog.models import CustomField, Product
from catalog.products import gift_asking
from catalog.products.gift_asking import Question
from shop.core.currency import exponent
from shop.core.errors import Refused
from shop.core.money import Money

Kind = CustomField.Kind
Answers = Sequence[Mapping[str, Any]]
Asked = CustomField | Question
ASKED = (Product.Kind.MADE, Product.Kind.GIFT_CARD)  # the kinds of product that ask
PREFIX = "custom"
PATTERNS = {
    CustomField.Allowed.LETTERS: re.compile(r"^(?:[^\W\d_]|[ .’'\-])*\Z"),
    CustomField.Allowed.CODE: re.compile(r"^[A-Za-z0-9 ]*\Z"),
}


class NotAnswered(Refused):
    """Something is missing or not as it was asked for. `data["form"]` says it beside each field."""


class CustomForm(forms.Form):
    """The questions of one product. Nothing but their answers is in `cleaned_data`."""

    def __init__(
        self, questions: Iterable[Asked], data: Mapping[str, Any] | None = None, *, currency: str
    ) -> None:
        super().__init__(data, prefix=PREFIX)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.code] = _field(question, currency)


def questions_of(products: Mapping[int, str], *, currency: str) -> dict[int, list[Asked]]:
    """{product id: its questions, in order} of {product id: kind}. One query for each kind that asks."""
    found: dict[int, list[Asked]] = {}
    made = [pk for pk, kind in products.items() if kind == Product.Kind.MADE]
    cards = [pk for pk, kind in products.items() if kind == Product.Kind.GIFT_CARD]
    for question in CustomField.objects.filter(product__in=made) if made else ():
        found.setdefault(question.product_id, []).append(question)
    terms = gift_asking.terms_of(cards) if cards else {}
    for pk in cards:
        found[pk] = list(gift_asking.questions_for(terms.get(pk), currency=currency))
    return found


def form_for(product: Product, *, currency: str) -> CustomForm | None:
    """The empty form of a product's page; None where nothing is asked."""
    questions = _questions(product, currency)
    return CustomForm(questions, currency=currency) if questions else None


def answered(product: Product, given: Mapping[str, Any], *, currency: str) -> list[dict]:
    """The answers to a product's questions, from what was sent (names begin with "custom-"). Raises NotAnswered."""
    form = CustomForm(_questions(product, currency), given, currency=currency)
    if not form.is_valid():
        raise NotAnswered(_("Look at what you filled in: something is missing or does not fit."), form=form)
    return _answers(form, currency)


def still_fit(questions: Iterable[Asked], answers: Answers, *, currency: str) -> bool:
    """Whether the same words would be accepted today, for the same surcharges."""
    form = CustomForm(questions, as_given(answers), currency=currency)
    return form.is_valid() and [_essence(a) for a in _answers(form, currency)] == [
        _essence(a) for a in answers
    ]


def as_given(answers: Answers) -> dict[str, Any]:
    """As the buyer's form sent them, to be checked anew by answered()."""
    return {f"{PREFIX}-{answer['code']}": answer["given"] for answer in answers}


def key_of(answers: Answers) -> str:
    """The same for the same answers; empty without any. Two lines of one variant with different keys stay two lines."""
    if not answers:
        return ""
    text = json.dumps([[answer["code"], answer["given"]] for answer in answers])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def price_with(price_minor: int, answers: Answers) -> int:
    """What one piece costs with these answers: its price and their surcharges, or the amount that the buyer named."""
    own = next((answer["amount"] for answer in answers if answer.get("amount")), price_minor)
    return own + surcharge_of(answers)


def surcharge_of(answers: Answers) -> int:
    """What the answers cost extra; it has a price in the variant's own currency alone."""
    return sum(answer["surcharge"] for answer in answers)


def said_to(answers: Answers, code: str) -> str:
    """What was typed as the answer to this question; empty where nothing was."""
    return next((answer["given"] for answer in answers if answer["code"] == code), "")


def in_words(answers: Answers) -> list[str]:
    return [f"{answer['label']}: {answer['value']}" for answer in answers]


def dressed(card: LineCard, answers: Answers) -> LineCard:
    """The card of a line with these answers: they are shown, and their surcharges paid."""
    was, now = card.compare_at_minor, price_with(card.price_minor, answers)
    has_own = any(answer.get("amount") for answer in answers)
    return replace(
        card,
        custom=tuple(answers),
        price_minor=now,
        compare_at_minor=None if was is None or has_own else price_with(was, answers),
    )


def _essence(answer: Mapping[str, Any]) -> tuple:
    return answer["code"], answer["given"], answer["surcharge"], answer.get("amount")


def _questions(product: Product, currency: str) -> list[Asked]:
    if product.kind not in ASKED:
        return []
    return questions_of({product.pk: product.kind}, currency=currency).get(product.pk, [])


def _answers(form: CustomForm, currency: str) -> list[dict]:
    found = []
    for question in form.questions:
        value = form.cleaned_data[question.code]
        if value in (None, "", False):
            continue
        surcharges = dict(question.options) if question.kind == Kind.CHOICE else {}
        found.append(
            {
                "code": question.code,
                "label": question.label,
                "value": _shown(question, value, currency),
                "given": "on" if value is True else str(value),
                "surcharge": question.surcharge_minor if value is True else surcharges.get(value, 0),
            }
        )
        if question.kind == gift_asking.AMOUNT:
            found[-1]["amount"] = Money.from_decimal(value, currency).minor
    return found


def _shown(question: Asked, value: Any, currency: str) -> str:
    if question.kind == gift_asking.AMOUNT:
        return Money.from_decimal(value, currency).format()
    if question.kind == Kind.CHECKBOX:
        return _("yes")
    if question.kind in (Kind.DATE, gift_asking.DAY):
        return date_format(value, "DATE_FORMAT")
    if question.kind == Kind.NUMBER:
        return number_format(value.normalize(), use_l10n=True)
    return value


def _field(question: Asked, currency: str) -> forms.Field:
    base: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help_text,
        "required": question.is_required,
        "error_messages": {"required": _("Fill in: %(label)s.") % {"label": question.label}},
    }
    match question.kind:
        case Kind.NUMBER:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
            base |= {"min_value": question.lowest, "max_value": question.highest}
            return forms.DecimalField(max_digits=12, decimal_places=4, widget=widget, **base)
        case Kind.CHOICE:
            choices = [
                ("", _("Choose …")),
                *((name, _priced(name, n, currency)) for name, n in question.options),
            ]
            return forms.ChoiceField(choices=choices, **base)
        case Kind.CHECKBOX:
            base["label"] = _priced(question.label, question.surcharge_minor, currency)
            return forms.BooleanField(**base)
        case gift_asking.AMOUNT:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
            base |= {"min_value": question.lowest, "max_value": question.highest, "widget": widget}
            return forms.DecimalField(max_digits=12, decimal_places=exponent(currency), **base)
        case gift_asking.EMAIL:
            return forms.EmailField(max_length=question.max_length, **base)
        case gift_asking.DAY:
            return forms.DateField(widget=_day_input(), validators=[_check_day], **base)
        case Kind.DATE:
            return forms.DateField(widget=_day_input(), **base)
    base["max_length"] = question.max_length
    base["validators"] = _validators(question)
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}) if question.kind == Kind.LINES else None, **base
    )


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _check_day(day: date) -> None:
    """Today, or a day within a year."""
    if not timezone.localdate() <= day <= gift_asking.last_day():
        raise ValidationError(_("Choose today, or a day within the next twelve months."))


def _validators(question: Asked) -> list:
    pattern = PATTERNS.get(CustomField.Allowed(question.allowed))
    if pattern is None:
        return []
    text = _("%(label)s: these characters cannot be used. Allowed: %(allowed)s.")
    return [
        RegexValidator(pattern, text % {"label": question.label, "allowed": question.get_allowed_display()})
    ]


def _priced(name: str, surcharge: int, currency: str) -> str:
    return f"{name} (+{Money(surcharge, currency).format()})" if surcharge else name
