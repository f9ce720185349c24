from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Related(models.Model):
    """Picked by hand: who likes this also looks at that."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="related")
    other = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name, verbose_name_plural = _("related product"), _("related products")
        constraints = [
            models.UniqueConstraint(fields=["product", "other"], name="related_once"),
            models.CheckConstraint(
                condition=~Q(product=F("other")),
                name="related_not_itself",
                violation_error_message=_("A product is not related to itself."),
            ),
        ]

    def __str__(self):
        return str(self.other)
