from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from shop.core import tokens


class StockAlertQuerySet(models.QuerySet):
    def waiting(self):
        """Confirmed by whoever owns the address, and not told yet."""
        return self.filter(confirmed_at__isnull=False, told_at=None)


class StockAlert(models.Model):
    """Somebody wants one mail when a variant can be had again. `token` opens its page, for saying yes and for stopping it."""

    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10, default="en")
    token = models.CharField(max_length=40, unique=True, default=tokens.secret_token)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)  # when the owner of the address agreed
    told_at = models.DateTimeField(null=True)

    objects = StockAlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("variant"), Lower("email"), condition=Q(told_at=None), name="stock_alert_once"
            )
        ]
        indexes = [
            models.Index(fields=["variant"], name="stock_alert_waiting", condition=Q(told_at=None)),
        ]
