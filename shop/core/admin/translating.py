"""Texts in the shop's other languages on any seller's screen: a tab a language, saying in its title how much is missing.

The fields take what the row keeps in `texts` (shop/core/models/translated.py); what is left empty shows in the first language.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from shop.core.models import Translated
from shop.core.models.wording import other_languages


class TextsForm(forms.ModelForm):
    """Sets the texts while the form is checked, so that whatever saves the row saves them with it."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for language in other_languages():
            given = {
                field: self.cleaned_data.get(name_of(language, field), "")
                for field in type(self.instance).TRANSLATED
                if name_of(language, field) in self.fields
            }
            self.instance.translate(language, **given)


def name_of(language: str, field: str) -> str:
    """Of the form's field."""
    return f"text_{language.replace('-', '_')}_{field}"


def is_translated(model: type[models.Model]) -> bool:
    return issubclass(model, Translated) and bool(other_languages())


def with_texts(form: Any, model: type[Translated], row: Any) -> type[forms.ModelForm]:
    """The form, and beside its own fields those of the other languages."""
    fields = {
        name_of(language, field): _field(model, field, row.texts.get(language, {}) if row else {})
        for language in other_languages()
        for field in model.TRANSLATED
    }
    return type(form.__name__, (TextsForm, form), fields)


def _field(model: type[Translated], name: str, known: dict[str, str]) -> forms.CharField:
    field: Any = model._meta.get_field(name)
    is_long = isinstance(field, models.TextField)
    return forms.CharField(
        label=field.verbose_name,
        required=False,
        max_length=field.max_length,
        initial=known.get(name, ""),
        widget=UnfoldAdminTextareaWidget() if is_long else UnfoldAdminTextInputWidget(),
    )


def tabs(model: type[Translated], row: Any) -> list[tuple[str, dict[str, Any]]]:
    """A fieldset for each language, to stand in a tab."""
    return [
        (
            _title(code, str(name), row),
            {"fields": [name_of(code, field) for field in model.TRANSLATED], "classes": ["tab"]},
        )
        for code, name in settings.LANGUAGES
        if code in other_languages()
    ]


def without_texts(names: Any) -> list:
    """The form's fields, rows of fields among them, that are not of another language."""
    return [name for name in names if not (isinstance(name, str) and name.startswith("text_"))]


def _title(code: str, name: str, row: Any) -> str:
    missing = len(row.missing_in(code)) if row else 0
    if not missing:
        return _(name)
    text = ngettext("%(language)s: %(n)s text is missing", "%(language)s: %(n)s texts are missing", missing)
    return text % {"language": _(name), "n": missing}
