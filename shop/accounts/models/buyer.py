from django.conf import settings
from django.db import models


class Buyer(models.Model):
    """How often an e-mail address has bought, whether or not it has an account: "first order", limits per customer."""

    email = models.EmailField(max_length=254, unique=True)  # normalised, see accounts/buyers.py
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="buyers")
    orders = models.PositiveIntegerField(default=0)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.email
