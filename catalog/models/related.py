from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Related(models.Model):
    """Picked by hand: what goes with a product, or what may take its place."""

    class Kind(models.TextChoices):
        GOES_WITH = "goes_with", _("Goes with it")
        INSTEAD = "instead", _("Alternative")

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="related")
    other = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.GOES_WITH)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position", "pk"]
        verbose_name, verbose_name_plural = _("related product"), _("related products")
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "other"], name="related_once"),
            models.CheckConstraint(
                condition=~Q(product=F("other")),
                name="related_not_itself",
                violation_error_message=_("A product is not related to itself."),
            ),
        ]

    def __str__(self):
        return str(self.other)
