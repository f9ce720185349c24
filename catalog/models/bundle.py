from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BundlePart(models.Model):
    """So many pieces of a variant in one piece of a bundle. Only catalog/products/bundling.py writes here."""

    bundle = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="parts")
    component = models.ForeignKey(
        "catalog.Variant", models.PROTECT, related_name="part_of", verbose_name=_("variant")
    )
    quantity = models.PositiveSmallIntegerField(_("pieces"), default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("part of a set"), _("parts of sets")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "component"], name="bundle_part_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=99), name="bundle_part_of_something"
            ),
            models.CheckConstraint(condition=~Q(bundle=F("component")), name="bundle_not_of_itself"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.component}"
