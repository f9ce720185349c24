from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Wording(models.Model):
    """A short text that many rows share, in another language: "Oak frame" is "Eichenrahmen", on whichever product.

    For the names and values of choices and attributes, their units, and ways of delivery; prose stands in the rows
    themselves (Translated). Read through shop/core/wording.py.
    """

    language = models.CharField(_("language"), max_length=10)
    text = models.CharField(
        _("text"), max_length=300, help_text=_("As it stands in the shop's first language.")
    )
    wording = models.CharField(_("in that language"), max_length=300)

    class Meta:
        verbose_name, verbose_name_plural = _("wording"), _("wordings")
        ordering = ["text", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "text"],
                name="one_wording_a_language",
                violation_error_message=_("There is a wording for this text already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.wording}"


def other_languages() -> list[str]:
    """All languages of the shop but the first."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
