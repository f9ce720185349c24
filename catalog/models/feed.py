from django.db import models
from django.utils.translation import gettext_lazy as _


class Feed(models.Model):
    """The newest file of one feed, in the private storage. Only catalog/feeding.py writes it.

    Each build has a file of its own; that this row names the new one is what replaces the old one, at once and whole.
    """

    name = models.CharField(
        _("name"), max_length=60, primary_key=True
    )  # "google-en.xml": the end of its address
    file = models.CharField(max_length=200)
    etag = models.CharField(max_length=64)
    entries = models.PositiveIntegerField(_("products in it"))  # each variant counts
    without_picture = models.PositiveIntegerField(_("left out: no picture"), default=0)
    without_price = models.PositiveIntegerField(_("left out: costs nothing"), default=0)
    built_at = models.DateTimeField(_("built"))

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("feed"), _("feeds")

    def __str__(self):
        return self.name
