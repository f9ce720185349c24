import re
import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def plain(text: str) -> str:
    """Small letters without accents, single spaces: how words are compared."""
    text = unicodedata.normalize("NFKD", text.lower())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", text))


class Synonym(models.Model):
    """What else is searched for when somebody types `word`. Both ways: any of them finds all of them."""

    word = models.CharField(
        _("who searches for"),
        max_length=60,
        unique=True,
        help_text=_("A word or a few, as customers type them."),
    )
    others = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("also finds"),
        help_text=_("Separated by commas, e.g. “couch, settee”."),
    )
    is_two_way = models.BooleanField(
        _("both ways"),
        default=True,
        help_text=_("Off: the word also finds the others, but not the other way round."),
    )

    class Meta:
        ordering = ["word"]
        verbose_name, verbose_name_plural = _("synonym"), _("synonyms")

    def __str__(self):
        return f"{self.word} {'↔' if self.is_two_way else '→'} {', '.join(self.others)}"

    def clean(self):
        self.word = plain(self.word)
        self.others = [
            word for word in dict.fromkeys(map(plain, self.others or [])) if word not in ("", self.word)
        ]
        if not self.word:
            raise ValidationError({"word": _("Enter a word.")})
        if not self.others:
            raise ValidationError({"others": _("Enter at least one other word.")})

    def meanings(self, phrase: str) -> list[str]:
        """What `phrase`, which is one of its words, may also be called."""
        known = [self.word, *self.others]
        if phrase == self.word:
            return self.others
        return [word for word in known if word != phrase] if self.is_two_way and phrase in known else []
