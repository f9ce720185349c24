from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Profile(models.Model):
    """Whose views and searches are remembered: an account's, or those of the bearer of a signed cookie.

    `is_off` is an objection: the row then stands for nothing else.
    """

    token = models.CharField(max_length=60, unique=True, null=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="taste")
    is_off = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(token=None) ^ Q(user=None), name="profile_of_cookie_or_account"
            )
        ]


class Looked(models.Model):
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="looks")
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "product"], name="looked_once")]
        indexes = [models.Index(fields=["looked_at"], name="looked_oldest")]


class Searched(models.Model):
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="searches")
    words = models.CharField(max_length=100)
    searched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "words"], name="searched_once")]
        indexes = [models.Index(fields=["searched_at"], name="searched_oldest")]
