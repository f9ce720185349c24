from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core.models import Translated


class FaqEntry(Translated):
    """A question that many ask, and its answer. Entries of one topic stand together, in the order of `position`."""

    TRANSLATED = ("topic", "question", "answer")

    topic = models.CharField(_("topic"), max_length=60)
    slug = models.SlugField(
        _("anchor"), unique=True, max_length=80, help_text=_("The page opens it at #anchor.")
    )
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_published = models.BooleanField(_("shown"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("frequent question"), _("frequent questions")

    def __str__(self):
        return self.question
