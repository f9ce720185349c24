from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class GiftCardTerms(models.Model):
    """How a product that is a gift card is sold, beside the fixed amounts, which are its variants.

    `lowest_minor` and `highest_minor`, in the shop's own currency, are given where the buyer may name an amount himself.
    """

    product = models.OneToOneField("catalog.Product", models.CASCADE, related_name="gift_card_terms")
    lowest_minor = models.BigIntegerField(_("own amount, at least"), null=True, blank=True)
    highest_minor = models.BigIntegerField(_("own amount, at most"), null=True, blank=True)
    months_valid = models.PositiveSmallIntegerField(
        _("valid for so many months"),
        null=True,
        blank=True,
        default=36,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Empty: for ever. Many countries ask for three years at least."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("terms of the gift card"), _("terms of gift cards")
        constraints = [
            models.CheckConstraint(
                condition=Q(lowest_minor=None, highest_minor=None)
                | Q(lowest_minor__gt=0, highest_minor__gte=F("lowest_minor")),
                name="gift_card_own_amount",
                violation_error_message=_("Give both amounts, the lower one first, or none."),
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
