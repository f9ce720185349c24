from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core.money import MoneyOf


class GiftOptionQuerySet(models.QuerySet):
    def offered(self, currency: str):
        return self.filter(is_active=True, currency=currency)


class GiftOption(models.Model):
    """What a seller does for a gift beyond the goods: wrapping it, or adding a card. Taxed like a thing of its class."""

    class Kind(models.TextChoices):
        WRAP = "wrap", _("Gift wrap")
        CARD = "card", _("Greeting card")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WRAP)
    name = models.CharField(_("name"), max_length=60)
    text = models.CharField(_("what the buyer reads"), max_length=120, blank=True)
    price_minor = models.BigIntegerField(_("price"))
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", help_text=_("Offered in carts of this currency alone.")
    )
    tax_class = models.CharField(_("tax class"), max_length=20, default="standard")
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    price = MoneyOf("price_minor")
    objects = GiftOptionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("gift option"), _("gift options")
        ordering = ["-kind", "position", "pk"]  # wraps before cards
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name", "currency"],
                name="gift_option_once",
                violation_error_message=_("There is one of this name in this currency already."),
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0),
                name="gift_option_not_negative",
                violation_error_message=_("A price is 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class Presented(models.Model):
    """How a purchase is to be presented, and what else the buyer wants to say: of a cart and of its checkout.

    The words are personal data: events never hold them.
    """

    MOST_LETTERS = 500

    wrap = models.ForeignKey(GiftOption, models.SET_NULL, null=True, blank=True, related_name="+")
    greeting_card = models.ForeignKey(GiftOption, models.SET_NULL, null=True, blank=True, related_name="+")
    gift_message = models.TextField(max_length=MOST_LETTERS, blank=True)  # for whoever gets the goods
    order_note = models.TextField(max_length=MOST_LETTERS, blank=True)  # for the shop

    class Meta:
        abstract = True
