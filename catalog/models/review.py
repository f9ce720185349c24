from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.core.states import Moves


class Review(Moves):
    """What a buyer says about a product: one for each buyer and product. Only catalog/reviewing.py and
    catalog/voices/moderating.py write it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")

    class Refusal(models.TextChoices):
        SPAM = "spam", _("It advertises something.")
        OFF_TOPIC = "off_topic", _("It is not about the product.")
        ABUSIVE = "abusive", _("It insults somebody.")
        PERSONAL = "personal", _("It names a person or an address.")
        UNLAWFUL = "unlawful", _("It breaks the law, or the rights of somebody else.")

    MOVES = {
        Status.PENDING: {Status.PUBLISHED, Status.REFUSED, Status.PENDING},
        Status.PUBLISHED: {Status.REFUSED, Status.PENDING},
        Status.REFUSED: {Status.PUBLISHED, Status.PENDING},
    }

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="reviews")
    variant = models.ForeignKey("catalog.Variant", models.SET_NULL, related_name="+", null=True, blank=True)
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )
    email = models.EmailField(max_length=254, blank=True)  # normalised, confirmed, never shown
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    stars = models.PositiveSmallIntegerField(_("stars"))
    author = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("title"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_verified = models.BooleanField(_("verified purchase"), default=False)
    helpful = models.PositiveIntegerField(_("found helpful"), default=0)  # how many votes there are
    reply = models.TextField(_("answer of the shop"), blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(_("refused because"), max_length=10, choices=Refusal, blank=True)
    refusal_note = models.CharField(_("more about it"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("review"), _("reviews")
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_one_to_five_stars"),
            models.UniqueConstraint(
                fields=["product", "email"], condition=~Q(email=""), name="review_once_a_buyer"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "-created_at"], name="review_shown", condition=Q(status="published")
            ),
            models.Index(
                fields=["product", "-helpful", "-created_at"],
                name="review_helpful",
                condition=Q(status="published"),
            ),
            models.Index(fields=["created_at"], name="review_waiting", condition=Q(status="pending")),
        ]

    def __str__(self):
        return self.title or f"{self.stars} ★ {self.author}"


class ReviewInvitation(models.Model):
    """Somebody bought and received the product: the proof behind “verified purchase”, and what a link in a mail opens.

    It is kept after its link ran out: who signs in with that address may still write.
    """

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="review_invitations")
    variant = models.ForeignKey("catalog.Variant", models.SET_NULL, related_name="+", null=True, blank=True)
    email = models.EmailField(max_length=254)  # normalised
    reference = models.CharField(_("order"), max_length=60)
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("link runs out"))
    used_at = models.DateTimeField(_("link used"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("review invitation"), _("review invitations")
        constraints = [
            models.UniqueConstraint(fields=["product", "email"], name="review_invitation_once_a_buyer")
        ]
        indexes = [models.Index(fields=["-created_at"], name="review_invitation_newest")]

    def __str__(self):
        return f"{self.product} · {self.reference}"


class HelpfulVote(models.Model):
    """Somebody found a review helpful. `voter` is a number drawn by lot, hashed anew for each review: nobody can be
    found by it, nor can two votes of one visitor be told to be his."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=43)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "voter"], name="helpful_vote_once")]
