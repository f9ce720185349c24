from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks, tokens
from shop.core.states import Moves


class TicketQuerySet(models.QuerySet):
    def for_listing(self):
        """With the last words said and how many, notes among staff left out."""
        said = TicketMessage.objects.filter(ticket=OuterRef("pk"), is_internal=False).order_by(
            "-created_at", "-pk"
        )
        return self.select_related("order", "user").annotate(
            last_words=Subquery(said.values("text")[:1]),
            message_count=Count("messages", filter=Q(messages__is_internal=False)),
        )


class Ticket(Moves):
    """A customer's question and everything said about it."""

    LOCK_RANK = locks.FULFILLMENT

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for us")
        ANSWERED = "answered", _("Waits for the customer")
        CLOSED = "closed", _("Closed")

    class Topic(models.TextChoices):
        ORDER = "order", _("An order of mine")
        DELIVERY = "delivery", _("Delivery")
        RETURN = "return", _("Return or refund")
        PAYMENT = "payment", _("Payment")
        PRODUCT = "product", _("A product")
        OTHER = "other", _("Something else")

    MOVES = {
        Status.OPEN: {Status.ANSWERED, Status.CLOSED},
        Status.ANSWERED: {Status.OPEN, Status.CLOSED},
        Status.CLOSED: {Status.OPEN, Status.ANSWERED},
    }

    number = models.CharField(_("number"), max_length=12, unique=True, default=tokens.readable_number)
    token = models.CharField(
        max_length=40, unique=True, default=tokens.secret_token
    )  # opens the conversation from a link in a mail
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic, default=Topic.OTHER)
    order = models.ForeignKey(
        "orders.Order", models.SET_NULL, null=True, blank=True, related_name="tickets"
    )  # only when the writer is known to be its buyer
    claimed_order = models.CharField(_("order number as given"), max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="tickets"
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("email address"), max_length=254)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(_("opened"), default=clock.now)
    updated_at = models.DateTimeField(_("last message"), default=clock.now)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name, verbose_name_plural = _("ticket"), _("tickets")
        indexes = [
            models.Index(fields=["status", "-updated_at"], name="ticket_inbox"),
            models.Index(Upper("email"), name="ticket_email_any_case"),  # what __iexact asks for
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        """The customer's page. Whoever has this address may read and write there."""
        return reverse("support:ticket", args=[self.token])


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
        constraints = [
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(is_from_shop=True), name="ticket_note_is_the_shops"
            )
        ]
