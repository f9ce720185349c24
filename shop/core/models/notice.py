from django.db import models
from django.db.models import Q

from shop.core import clock
from shop.core.states import Moves


class Notice(Moves):
    """An incoming webhook, kept before any work is done and only once (shop/core/inbox.py)."""

    class Status(models.TextChoices):
        PENDING = "pending"
        APPLIED = "applied"
        IGNORED = "ignored"  # understood, nothing to do
        UNMATCHED = "unmatched"  # about something that we do not know (yet)

    MOVES = {
        Status.PENDING: {Status.APPLIED, Status.IGNORED, Status.UNMATCHED},
        Status.UNMATCHED: {Status.APPLIED, Status.IGNORED},
    }

    provider = models.CharField(max_length=20)
    external_id = models.CharField(max_length=150)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=150, blank=True)
    payload = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    outcome = models.TextField(blank=True)
    happened_at = models.DateTimeField(null=True)  # by the provider's clock, where it says so
    received_at = models.DateTimeField(default=clock.now)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["received_at"], name="notice_open", condition=Q(status__in=["pending", "unmatched"])
            ),
            models.Index(fields=["object_id"], name="notice_object"),
            models.Index(fields=["provider", "happened_at"], name="notice_happened"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"
