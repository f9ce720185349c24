from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WIDTHS = [320, 640, 960, 1280]  # px; a worker makes those below the original's own width, as WebP


class Photo(models.Model):
    """A picture: of a product, beside a review, on a category's tile, or behind a headline of the home page.

    The original is kept, without what a camera writes into it; `widths` lists the renditions that a worker has made so
    far. Its file name holds a hash of its content: it never shows anything else and may be cached for good.
    """

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="photos", null=True, blank=True
    )
    review = models.ForeignKey("catalog.Review", models.CASCADE, related_name="photos", null=True, blank=True)
    variants = models.ManyToManyField("catalog.Variant", related_name="photos", blank=True)
    file = models.ImageField(_("photo"), upload_to="photos/", max_length=200)
    alt = models.CharField(_("in words"), max_length=300, blank=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    color = models.CharField(max_length=7, default="#dddddd", editable=False)  # shown while it loads
    widths = models.JSONField(default=list, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("photo"), _("photos")

    def __str__(self):
        return self.alt or self.file.name


class PhotoImport(models.Model):
    """A picture that a worker fetches from an address, for a product. Asked for once for each address."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Fetched")
        FAILED = "failed", _("Failed")

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="photo_imports")
    variants = models.ManyToManyField("catalog.Variant", related_name="+", blank=True)
    url = models.CharField(_("address"), max_length=1000)
    alt = models.CharField(_("in words"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(null=True, blank=True)  # null: after the last
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    photo = models.ForeignKey(Photo, models.SET_NULL, related_name="+", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("picture to fetch"), _("pictures to fetch")
        constraints = [models.UniqueConstraint(fields=["product", "url"], name="photo_import_once")]

    def __str__(self):
        return self.url
