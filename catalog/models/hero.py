from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core.models import Translated


class Hero(Translated):
    """A wide picture with a headline on the home page: the first one opens it, the others stand between the rows."""

    class Side(models.TextChoices):
        LEFT = "left", _("left")
        RIGHT = "right", _("right")

    TRANSLATED = ("heading", "text", "link_label")

    photo = models.OneToOneField("catalog.Photo", models.PROTECT, related_name="hero")
    heading = models.CharField(_("headline"), max_length=80)
    text = models.CharField(_("text"), max_length=160, blank=True)
    link = models.CharField(
        _("leads to"), max_length=200, help_text=_("A path of this shop, e.g. /c/prints/")
    )
    link_label = models.CharField(_("button"), max_length=40)
    free_side = models.CharField(_("free side of the picture"), max_length=5, choices=Side, default=Side.LEFT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_published = models.BooleanField(_("published"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("home picture"), _("home pictures")

    def __str__(self):
        return self.heading
