from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks


class StockLocation(models.Model):
    """A place where goods lie and leave from."""

    code = models.SlugField(unique=True, max_length=30)
    name = models.CharField(_("name"), max_length=80)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="AT")
    phone = models.CharField(max_length=30, blank=True)
    preference = models.PositiveSmallIntegerField(default=0, help_text=_("Smaller ones are asked first."))
    is_active = models.BooleanField(default=True)
    seller = models.ForeignKey(
        "accounts.Seller",
        models.PROTECT,
        verbose_name=_("place of"),
        related_name="places",
        null=True,
        blank=True,
        help_text=_(
            "Only this seller's goods lie here, and its staff sends them. Empty: the shop's own place."
        ),
    )

    class Meta:
        ordering = ["preference", "pk"]
        verbose_name, verbose_name_plural = _("place of stock"), _("places of stock")

    def __str__(self):
        return self.name


THERE = F("on_hand") - F("reserved")  # of a StockItem, for queries: its properties `there` and `available`
FREE = THERE + F("expected") - F("preordered")


class StockItem(models.Model):
    """How many of a variant lie at a location, and how many are expected there and may be sold before they come.

    available = on hand − reserved + expected − preordered. Only catalog/ledger.py writes here.
    """

    LOCK_RANK = locks.STOCK

    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="stock_items")
    location = models.ForeignKey(StockLocation, models.PROTECT, related_name="stock_items")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    expected = models.IntegerField(_("expected"), default=0, db_default=0)  # and may be sold: see preordering
    preordered = models.IntegerField(_("preordered"), default=0, db_default=0)  # promised of those

    class Meta:
        verbose_name, verbose_name_plural = _("stock"), _("stock")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="stock_item_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(on_hand__gte=F("reserved")),
                name="stock_reserved_within_on_hand",
            ),
            models.CheckConstraint(
                condition=Q(preordered__gte=0) & Q(expected__gte=F("preordered")),
                name="stock_preordered_within_expected",
            ),
        ]

    def __str__(self):
        return f"{self.variant.sku}, {self.location}"

    @property
    def available(self) -> int:
        return self.there + self.expected - self.preordered

    @property
    def there(self) -> int:
        """Pieces on the shelf that nobody was promised."""
        return self.on_hand - self.reserved


class ReservationQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(expires_at__lt=Now())


class Reservation(models.Model):
    """A promise of `quantity` pieces that lie here, and `awaiting` that are expected here, to `holder`: "checkout:<id>"
    until it expires, "order:<id>" for good."""

    LOCK_RANK = locks.STOCK

    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="reservations")
    holder = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    awaiting = models.PositiveIntegerField(default=0, db_default=0)
    expires_at = models.DateTimeField(null=True)  # None: an order's
    created_at = models.DateTimeField(default=clock.now)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock_item", "holder"], name="reservation_once_per_holder"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(awaiting__gt=0), name="reservation_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["holder"], name="reservation_holder"),
            models.Index(
                fields=["expires_at"], name="reservation_expiry", condition=Q(expires_at__isnull=False)
            ),
        ]


class Movement(models.Model):
    """The stock ledger: why one of a row's four figures changed. Append-only (a trigger refuses everything else)."""

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("Received")
        RESERVE = "reserve", _("Reserved")
        RELEASE = "release", _("Released")
        SHIP = "ship", _("Shipped")
        RESTOCK = "restock", _("Restocked")
        ADJUST = "adjust", _("Adjusted")
        COUNT = "count", _("Counted")
        EXPECT = "expect", _("Expected")

    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=Kind)
    on_hand_delta = models.IntegerField(default=0)
    reserved_delta = models.IntegerField(default=0)
    expected_delta = models.IntegerField(default=0, db_default=0)
    preordered_delta = models.IntegerField(default=0, db_default=0)
    reference = models.CharField(max_length=80, blank=True)  # "order:12", "return:3"
    reason = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    once = models.UUIDField(null=True)  # minted with a seller's form: sent twice, it books once
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["reference"], name="movement_reference")]
        constraints = [
            models.UniqueConstraint(
                fields=["stock_item", "once"], condition=Q(once__isnull=False), name="movement_once"
            )
        ]
