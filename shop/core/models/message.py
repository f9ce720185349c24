from django.db import models
from django.db.models import Q

from shop.core import clock


class Message(models.Model):
    """A mail, as stored: rendered once, without its secrets, delivered once (shop/core/mail.py)."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        REFUSED = "refused"  # the mail server will never take it

    name = models.CharField(max_length=60)  # folder below templates/mails/
    key = models.CharField(
        max_length=150
    )  # what it is about: a second message of the same name and key is not made
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    to = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    sealed = models.BinaryField(null=True, editable=False)  # its secrets, encrypted; gone once it is sent
    attachments = models.JSONField(default=list)  # [{"name", "type", "path" among the private files}]
    thread = models.CharField(max_length=100, blank=True)  # messages about one thing form one conversation
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="message_once_per_key")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="message_subject"),
            models.Index(fields=["created_at"], name="message_queued", condition=Q(status="queued")),
        ]

    def __str__(self) -> str:
        return self.subject
