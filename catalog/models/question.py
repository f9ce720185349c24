from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Question(models.Model):
    """Asked on a product page; shown once it is answered."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("question"), _("questions")

    def __str__(self):
        return self.text[:80]
