from django.db import models
from django.utils.translation import gettext_lazy as _

WIDTHS = [320, 640, 960, 1280]  # px; a worker makes those below the original's own width, as WebP


class Photo(models.Model):
    """A product's picture. The original is kept; `widths` lists the renditions that a worker has made so far."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="photos")
    variants = models.ManyToManyField("catalog.Variant", related_name="photos", blank=True)
    file = models.ImageField(_("photo"), upload_to="products/")
    alt = models.CharField(_("in words"), max_length=300, blank=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    color = models.CharField(
        max_length=7, default="#dddddd", editable=False
    )  # its average, shown while it loads
    widths = models.JSONField(default=list, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.alt or self.file.name
