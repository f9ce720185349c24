from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class Event(models.Model):
    """Something that happened: audit trail, timeline of its subject and payload of outgoing webhooks. Append-only.

    `data` holds ids, the shop's own words and amounts, never personal data: erasing a person needs no exception.
    """

    name = models.CharField(max_length=60)  # noun.past_participle
    subject_type = models.CharField(max_length=60)  # app_label.model
    subject_id = models.BigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "created_at"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type} {self.subject_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> Self:
        return self.filter(done_at=None, parked_at=None)

    def due(self) -> Self:
        """By the database's clock; a lease that ran out counts as due."""
        return self.open().filter(Q(due_at__lte=Now()), Q(lease_until=None) | Q(lease_until__lt=Now()))

    def parked(self) -> Self:
        return self.filter(parked_at__isnull=False, done_at=None)


class Delivery(models.Model):
    """One reaction to one event: done only when the reaction returned (shop/core/outbox.py)."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    reaction = models.CharField(max_length=120)  # dotted name of the task
    queue = models.CharField(max_length=20, default="default")
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event", "reaction"], name="delivery_once_per_reaction")
        ]
        indexes = [
            models.Index(
                fields=["queue", "due_at"], name="delivery_open", condition=Q(done_at=None, parked_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} ← event {self.event_id}"
