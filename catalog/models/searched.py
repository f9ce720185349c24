from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchedTerm(models.Model):
    """How often words were searched for on one day. Nothing says by whom."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10)
    term = models.CharField(_("searched for"), max_length=100)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    hits = models.PositiveIntegerField(_("products found"), null=True)  # when last counted

    class Meta:
        verbose_name, verbose_name_plural = _("search"), _("searches")
        constraints = [
            models.UniqueConstraint(fields=["day", "language", "term"], name="searched_term_once_a_day")
        ]

    def __str__(self):
        return self.term
