from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class VatCheckQuerySet(models.QuerySet):
    def due(self):
        """Those that wait for an answer, by the database's clock."""
        return self.filter(due_at__lte=Now()).order_by("due_at", "pk")


class VatCheck(models.Model):
    """What the EU's register (VIES) says of a VAT id, kept with its consultation number as proof for the tax office."""

    class State(models.TextChoices):
        PENDING = "pending", _("Being checked")
        VALID = "valid", _("Confirmed")
        INVALID = "invalid", _("Not known")
        UNANSWERED = "unanswered", _("No answer yet")  # the register was out of reach: asked again

    vat_id = models.CharField(_("VAT id"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    reference = models.CharField(_("consultation number"), max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    due_at = models.DateTimeField(_("to be asked"), null=True)  # None: nothing to ask

    objects = VatCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("VAT id check"), _("VAT id checks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["valid", "invalid"]) | Q(answered_at__isnull=False),
                name="vat_check_answer_has_a_moment",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="vat_check_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self):
        return self.vat_id
