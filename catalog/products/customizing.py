"""What is made to order is made after the buyer's own words: the seller asks, the buyer answers, the line carries it.

Answers are checked where they are put into a cart, and again whenever the cart is counted: when the questions or their
surcharges have changed meanwhile, the line must be answered anew. An answer is a dict with `code`, `label`, `value` (as it is
shown), `given` (as it was typed) and `surcharge`, in minor units of the variant's currency. It is personal data.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from catalog.finding.lines import LineCard
from catalog.models import CustomField, Product
from shop.core.errors import Refused
from shop.core.money import Money

Kind = CustomField.Kind
Answers = Sequence[Mapping[str, Any]]
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
        self, questions: Iterable[CustomField], data: Mapping[str, Any] | None = None, *, currency: str
    ) -> None:
        super().__init__(data, prefix=PREFIX)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.code] = _field(question, currency)


def questions_of(products: Iterable[int]) -> dict[int, list[CustomField]]:
    """{product id: its questions, in order}. One query."""
    found: dict[int, list[CustomField]] = {}
    for question in CustomField.objects.filter(product__in=list(products)):
        found.setdefault(question.product_id, []).append(question)
    return found


def form_for(product: Product, *, currency: str) -> CustomForm | None:
    """The empty form of a product's page; None where nothing is asked."""
    questions = list(product.custom_fields.all()) if product.kind == Product.Kind.MADE else []
    return CustomForm(questions, currency=currency) if questions else None


def answered(product: Product, given: Mapping[str, Any], *, currency: str) -> list[dict]:
    """The answers to a product's questions, from what was sent (names begin with "custom-"). Raises NotAnswered."""
    questions = list(product.custom_fields.all()) if product.kind == Product.Kind.MADE else []
    form = CustomForm(questions, given, currency=currency)
    if not form.is_valid():
        raise NotAnswered(_("Look at what you filled in: something is missing or does not fit."), form=form)
    return _answers(form)


def still_fit(questions: Iterable[CustomField], answers: Answers, *, currency: str) -> bool:
    """Whether the same words would be accepted today, for the same surcharges."""
    form = CustomForm(questions, as_given(answers), currency=currency)
    return form.is_valid() and [_essence(a) for a in _answers(form)] == [_essence(a) for a in answers]


def as_given(answers: Answers) -> dict[str, Any]:
    """As the buyer's form sent them, to be checked anew by answered()."""
    return {f"{PREFIX}-{answer['code']}": answer["given"] for answer in answers}


def key_of(answers: Answers) -> str:
    """The same for the same answers; empty without any. Two lines of one variant with different keys stay two lines."""
    if not answers:
        return ""
    text = json.dumps([[answer["code"], answer["given"]] for answer in answers])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def surcharge_of(answers: Answers) -> int:
    return sum(answer["surcharge"] for answer in answers)


def in_words(answers: Answers) -> list[str]:
    return [f"{answer['label']}: {answer['value']}" for answer in answers]


def dressed(card: LineCard, answers: Answers) -> LineCard:
    """The card of a line with these answers: they are shown, and their surcharges paid."""
    extra = surcharge_of(answers)
    was = card.compare_at_minor
    return replace(
        card,
        custom=tuple(answers),
        price_minor=card.price_minor + extra,
        compare_at_minor=None if was is None else was + extra,
    )


def _essence(answer: Mapping[str, Any]) -> tuple:
    return answer["code"], answer["given"], answer["surcharge"]


def _answers(form: CustomForm) -> list[dict]:
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
                "value": _shown(question, value),
                "given": "on" if value is True else str(value),
                "surcharge": question.surcharge_minor if value is True else surcharges.get(value, 0),
            }
        )
    return found


def _shown(question: CustomField, value: Any) -> str:
    if question.kind == Kind.CHECKBOX:
        return _("yes")
    if question.kind == Kind.DATE:
        return date_format(value, "DATE_FORMAT")
    if question.kind == Kind.NUMBER:
        return number_format(value.normalize(), use_l10n=True)
    return value


def _field(question: CustomField, currency: str) -> forms.Field:
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
        case Kind.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **base)
    base["max_length"] = question.max_length
    base["validators"] = _validators(question)
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}) if question.kind == Kind.LINES else None, **base
    )


def _validators(question: CustomField) -> list:
    pattern = PATTERNS.get(CustomField.Allowed(question.allowed))
    if pattern is None:
        return []
    text = _("%(label)s: these characters cannot be used. Allowed: %(allowed)s.")
    return [
        RegexValidator(pattern, text % {"label": question.label, "allowed": question.get_allowed_display()})
    ]


def _priced(name: str, surcharge: int, currency: str) -> str:
    return f"{name} (+{Money(surcharge, currency).format()})" if surcharge else name
