from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="reviews")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    stars = models.PositiveSmallIntegerField()
    author = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    is_verified = models.BooleanField(default=False)
    helpful = models.PositiveIntegerField(default=0)
    reply = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("review"), _("reviews")
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_one_to_five_stars")
        ]
        indexes = [
            models.Index(
                fields=["product", "-created_at"], name="review_shown", condition=Q(status="published")
            )
        ]

    def __str__(self):
        return self.title or f"{self.stars} ★ {self.author}"
