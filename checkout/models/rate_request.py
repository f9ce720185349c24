from django.db import models
from django.utils.translation import gettext_lazy as _


class RateRequest(models.Model):
    """A question to the carriers what some parcels to some address would cost, and their answer.

    It holds no address: `key` is a digest of what was asked. Once the delivery page has given up waiting, a later answer
    is not used, so that a price that was shown does not move.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        GIVEN_UP = "given_up", _("Too late")

    checkout = models.ForeignKey("checkout.Checkout", models.CASCADE, related_name="rate_requests")
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    parcels = models.JSONField(default=list)  # grams of each
    rates = models.JSONField(default=dict)  # {"ups/ups_standard": [minor units, currency]}
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkout", "key"], name="rate_request_once")]
