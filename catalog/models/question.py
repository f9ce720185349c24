from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Question(models.Model):
    """Asked on a product page; shown once it is answered. Only catalog/voices/asking.py writes it."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.CharField(max_length=60, blank=True)
    email = models.EmailField(
        max_length=254, blank=True
    )  # where the answer goes; never shown, then forgotten
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("question"), _("questions")
        indexes = [
            models.Index(fields=["created_at"], name="question_wants_mail", condition=~Q(email="")),
        ]

    def __str__(self):
        return self.text[:80]
