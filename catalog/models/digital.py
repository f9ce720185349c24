from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock
from shop.core.storage import private


class DigitalFile(models.Model):
    """A file that buyers of a product, or of one variant of it, may download. Its content is that of the newest version."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="digital_files", verbose_name=_("product")
    )
    variant = models.ForeignKey(
        "catalog.Variant",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="digital_files",
        verbose_name=_("variant"),
        help_text=_("Empty: for buyers of any variant."),
    )
    title = models.CharField(_("title"), max_length=150)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)  # who bought it keeps it
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("file to download"), _("files to download")

    def __str__(self):
        return self.title

    @property
    def latest(self) -> "FileVersion | None":
        """The one with the highest number; of loaded versions without a query."""
        return max(self.versions.all(), key=lambda version: version.pk, default=None)


class FileVersion(models.Model):
    """What a file contained from some moment on. The content lies in the private storage, under a name nobody can guess."""

    digital_file = models.ForeignKey(DigitalFile, models.CASCADE, related_name="versions")
    label = models.CharField(_("version"), max_length=40, blank=True)
    content = models.FileField(storage=private, upload_to="downloads/", max_length=200)
    name = models.CharField(max_length=150)  # under which it is saved by the buyer
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("version"), _("versions")

    def __str__(self):
        return self.label or self.name
