from django.db import models


class Hit(models.Model):
    """How often something was tried within one window of time (shop/core/limits.py)."""

    bucket = models.CharField(max_length=150)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window_start"], name="hit_once_per_window")]
        indexes = [models.Index(fields=["window_start"], name="hit_window")]
