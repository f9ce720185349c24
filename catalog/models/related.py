from django.db import models
from django.db.models import F, Q


class Related(models.Model):
    """Picked by hand: who likes this also looks at that."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="related")
    other = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "other"], name="related_once"),
            models.CheckConstraint(condition=~Q(product=F("other")), name="related_not_itself"),
        ]
