from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks


class CouponBatch(models.Model):
    """Codes made together, each for one use unless it says otherwise. `made` is how far the making has come."""

    LOCK_RANK = locks.COUPON

    name = models.CharField(_("name"), max_length=80)
    promotion = models.ForeignKey(
        "cart.Promotion", models.PROTECT, related_name="batches", verbose_name=_("promotion")
    )
    prefix = models.CharField(_("codes begin with"), max_length=8, blank=True)
    wanted = models.PositiveIntegerField(_("how many"))
    made = models.PositiveIntegerField(default=0)
    uses = models.PositiveIntegerField(_("uses of each code"), default=1)
    ends_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("batch of codes"), _("batches of codes")
        constraints = [
            models.CheckConstraint(condition=Q(made__lte=F("wanted")), name="batch_not_overmade"),
            models.CheckConstraint(condition=Q(uses__gte=1), name="batch_uses"),
        ]

    def __str__(self) -> str:
        return self.name


class Coupon(models.Model):
    """A code that makes a promotion hold. `used` counts its live redemptions: cart/coupons.py alone writes it."""

    LOCK_RANK = locks.COUPON

    promotion = models.ForeignKey(
        "cart.Promotion", models.PROTECT, related_name="coupons", verbose_name=_("promotion")
    )
    batch = models.ForeignKey(CouponBatch, models.PROTECT, null=True, blank=True, related_name="coupons")
    code = models.CharField(_("code"), max_length=40, unique=True)  # as cart/coupons.py:plain writes it
    most = models.PositiveIntegerField(
        _("uses in all"), null=True, blank=True, help_text=_("Empty: as often as you like.")
    )
    most_each = models.PositiveIntegerField(
        _("uses per customer"), null=True, blank=True, help_text=_("Empty: as often as you like.")
    )
    used = models.PositiveIntegerField(_("used"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    ends_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("coupon"), _("coupons")
        constraints = [
            models.CheckConstraint(
                condition=Q(most=None) | Q(used__lte=F("most")),
                name="coupon_not_overused",
                violation_error_message=_("It was used more often already."),
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]+$"), name="coupon_code_plain"),
        ]

    def __str__(self) -> str:
        return self.code


class CouponRedemption(models.Model):
    """One use of a coupon. `reference` is whose ("order:12"); `customer` a normalised e-mail address.

    `number` counts a customer's uses where they are limited, so that the database refuses the one too many.
    """

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="redemptions")
    reference = models.CharField(max_length=60)
    customer = models.EmailField(max_length=254)
    number = models.PositiveIntegerField(null=True)
    redeemed_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["redeemed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["coupon", "reference"], condition=Q(released_at=None), name="redemption_once"
            ),
            models.UniqueConstraint(
                fields=["coupon", "customer", "number"],
                condition=Q(released_at=None, number__isnull=False),
                name="redemption_within_the_customers_limit",
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="redemption_reference")]
