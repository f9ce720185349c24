from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


class PaymentCustomer(models.Model):
    """Under which name the payment provider knows a person. Made when a card is first to be kept, not before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="payment_customer")
    provider_ref = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)


class SavedCardQuerySet(models.QuerySet):
    def usable(self) -> Self:
        return self.filter(removed_at=None)


class SavedCard(models.Model):
    """A card that a person agreed to have kept, with the provider. We know what is printed at its end, not the number.

    `removed_at`: the person took it out; the row goes once the provider has forgotten it, too.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_cards")
    provider_ref = models.CharField(max_length=100, unique=True)
    brand = models.CharField(max_length=30)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = SavedCardQuerySet.as_manager()

    class Meta:
        ordering = ["-is_default", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="saved_card_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"

    @property
    def pk_text(self) -> str:
        return str(self.pk)

    @property
    def expiry(self) -> str:
        return f"{self.exp_month:02d}/{self.exp_year}"

    @property
    def until(self) -> str:
        return _("Valid until %(expiry)s") % {"expiry": self.expiry}
