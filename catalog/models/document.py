from pathlib import PurePath
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock

FOLDER = "product-documents"


def place_of(_document: "ProductDocument", name: str) -> str:
    """Named anew, so that it may be cached for good and a name never says anything else; its ending stays."""
    return f"{FOLDER}/{uuid4()}{PurePath(name).suffix.lower()[:5]}"


class ProductDocument(models.Model):
    """A paper that everybody may read: data sheet, instructions, safety. It lies with the photos, below MEDIA_URL."""

    class Kind(models.TextChoices):
        DATA = "data", _("Data sheet")
        MANUAL = "manual", _("Instructions")
        SAFETY = "safety", _("Safety")
        OTHER = "other", _("Document")

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DATA)
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: for all languages."),
    )
    file = models.FileField(_("PDF"), upload_to=place_of, max_length=200)
    size = models.PositiveIntegerField(default=0, editable=False)  # bytes
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("document"), _("documents")

    def __str__(self):
        return self.title
