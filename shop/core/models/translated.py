from typing import ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound="Translated")


class Translated(models.Model):
    """What a seller writes in the shop's first language, and in `texts` in the others: {"de": {"name": "…"}}.

    The texts lie in the row itself, so that reading them costs no query. A field that is not translated is shown in the
    first language.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ()

    texts = models.JSONField(_("in other languages"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def in_language(self, field: str, language: str) -> str:
        """The field's text in this language, or else in the shop's first."""
        return str(self.texts.get(language, {}).get(field) or getattr(self, field))

    def missing_in(self, language: str) -> list[str]:
        """The fields that say something in the first language and nothing in this one."""
        return [
            field
            for field in self.TRANSLATED
            if getattr(self, field) and not self.texts.get(language, {}).get(field)
        ]

    def translate(self, language: str, **texts: str) -> None:
        """Sets the texts of one language, without saving; what is empty falls back to the first language."""
        if unknown := set(texts) - set(self.TRANSLATED):
            raise ValueError(f"{type(self).__name__} does not translate {sorted(unknown)}")
        known = self.texts.get(language, {}) | texts
        self.texts = self.texts | {language: {field: text for field, text in known.items() if text}}


def told(row: Row) -> Row:
    """The row with its texts in the reader's language: for showing only, never to be saved."""
    language = get_language() or settings.LANGUAGE_CODE
    if language != settings.LANGUAGE_CODE:
        for field, text in row.texts.get(language, {}).items():
            if field in row.TRANSLATED and text:
                setattr(row, field, text)
    return row
