from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks, tokens
from shop.core.states import Moves


class Ticket(Moves):
    """A customer's question and everything said about it."""

    LOCK_RANK = locks.FULFILLMENT

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for us")
        ANSWERED = "answered", _("Waits for the customer")
        CLOSED = "closed", _("Closed")

    MOVES = {
        Status.OPEN: {Status.ANSWERED, Status.CLOSED},
        Status.ANSWERED: {Status.OPEN, Status.CLOSED},
        Status.CLOSED: {Status.OPEN},
    }

    number = models.CharField(max_length=12, unique=True, default=tokens.readable_number)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    topic = models.CharField(max_length=20)
    order = models.ForeignKey("orders.Order", models.SET_NULL, null=True, blank=True, related_name="tickets")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="tickets"
    )
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self):
        return self.number


class TicketMessage(models.Model):
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_from_shop = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)  # a note among staff
    text = models.TextField(_("message"))
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "pk"]
