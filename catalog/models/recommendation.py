from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Sale(models.Model):
    """A product was part of an order: what "bought together" is counted from. It names no buyer."""

    reference = models.CharField(max_length=60)
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+")
    sold_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference", "product"], name="sale_once")]
        indexes = [models.Index(fields=["sold_at"], name="sale_newest")]


class Recommendation(models.Model):
    """Who looks at `product` is shown `other`. Workers write these rows anew each night (catalog/recommending.py)."""

    class Kind(models.TextChoices):
        TOGETHER = "together", _("Bought together")
        SIMILAR = "similar", _("Similar")

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="recommendations")
    other = models.ForeignKey("catalog.Product", models.CASCADE, related_name="recommended_for")
    kind = models.CharField(_("why"), max_length=8, choices=Kind)
    position = models.PositiveSmallIntegerField(_("place"))
    support = models.PositiveIntegerField(_("orders that had both"), default=0)
    score = models.FloatField(_("weight"))

    class Meta:
        ordering = ["product", "kind", "position"]
        verbose_name, verbose_name_plural = _("recommendation"), _("recommendations")
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "other"], name="recommendation_once")
        ]

    def __str__(self):
        return f"{self.product} → {self.other}"


class Veto(models.Model):
    """A seller's word against a recommendation: never these two beside each other, or never this product at all."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    other = models.ForeignKey(
        "catalog.Product",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("never beside"),
        help_text=_("Empty: it is never recommended at all."),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("veto"), _("vetoes")
        constraints = [
            models.UniqueConstraint(fields=["product", "other"], name="veto_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(product=F("other")),
                name="veto_not_itself",
                violation_error_message=_("A product never stands beside itself."),
            ),
        ]

    def __str__(self):
        return f"{self.product} ✕ {self.other}" if self.other_id else str(self.product)
