from datetime import datetime
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shop.core.models import Translated

NAMED = ("products", "categories", "collections", "groups", "gifts")


class PromotionQuerySet(models.QuerySet):
    def running(self, at: datetime) -> Self:
        started = Q(starts_at=None) | Q(starts_at__lte=at)
        not_over = Q(ends_at=None) | Q(ends_at__gt=at)
        return self.filter(started, not_over, is_active=True)

    def automatic(self) -> Self:
        return self.filter(needs_code=False)

    def with_ids(self) -> Self:
        """With `<name>_ids` of everything that it names, in the same query."""
        return self.annotate(**{f"{name}_ids": _ids(name) for name in NAMED})


class Promotion(Translated):
    """A condition and a benefit. What it means says cart/conditions.py and cart/benefits.py, how it stacks cart/promotions.py.

    Naming no goods means all goods. Empty conditions are none. Amounts are catalogue prices in `currency`; without one no
    amount may be used, and it holds in every currency.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Per cent off")
        AMOUNT = "amount", _("An amount off, once")
        EACH = "each", _("An amount off each piece")
        PRICE = "price", _("A fixed price for each piece")
        BUY_GET = "buy_get", _("Buy some, get some")
        TIERS = "tiers", _("The more, the more per cent")
        GIFT = "gift", _("A free item")
        FREE_DELIVERY = "free_delivery", _("Free delivery")
        DELIVERY_OFF = "delivery_off", _("An amount off the delivery")

    class Lane(models.IntegerChoices):
        FIRST = 1, _("First")
        MAIN = 2, _("Main")
        LAST = 3, _("Last")

    class Scope(models.TextChoices):
        GOODS = "goods", _("the goods above")
        ALL = "all", _("the whole cart")

    TRANSLATED = ("name",)
    products_ids: list[int]  # these are there after with_ids()
    categories_ids: list[int]
    collections_ids: list[int]
    groups_ids: list[int]
    gifts_ids: list[int]

    WITH_AMOUNT = (Kind.AMOUNT, Kind.EACH, Kind.PRICE, Kind.DELIVERY_OFF)

    name = models.CharField(_("name"), max_length=80, help_text=_("Customers read it beside the discount."))
    is_active = models.BooleanField(_("in use"), default=True)
    needs_code = models.BooleanField(
        _("only with a code"), default=False, help_text=_("Otherwise it holds by itself.")
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    currency = models.CharField(_("currency of its amounts"), max_length=3, blank=True)

    products = models.ManyToManyField(
        "catalog.Product", related_name="+", blank=True, verbose_name=_("products")
    )
    categories = models.ManyToManyField(
        "catalog.Category", related_name="+", blank=True, verbose_name=_("categories")
    )
    collections = models.ManyToManyField(
        "catalog.Collection", related_name="+", blank=True, verbose_name=_("collections")
    )
    excludes_reduced = models.BooleanField(
        _("not for reduced goods"), default=False, help_text=_("What is on sale already stays as it is.")
    )
    reaches = models.CharField(_("it lowers"), max_length=5, choices=Scope, default=Scope.GOODS)

    counts = models.CharField(_("counted are"), max_length=5, choices=Scope, default=Scope.GOODS)
    min_total_minor = models.PositiveBigIntegerField(_("goods worth at least"), null=True, blank=True)
    min_quantity = models.PositiveIntegerField(_("pieces at least"), null=True, blank=True)
    groups = models.ManyToManyField(
        "accounts.CustomerGroup", related_name="+", blank=True, verbose_name=_("customer groups")
    )
    is_for_first_order = models.BooleanField(_("only for a first order"), default=False)
    countries = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name=_("delivered to")
    )

    kind = models.CharField(_("benefit"), max_length=13, choices=Kind, default=Kind.PERCENT)
    percent = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2, null=True, blank=True)
    amount_minor = models.PositiveBigIntegerField(_("amount"), null=True, blank=True)
    buy_quantity = models.PositiveIntegerField(_("buy"), null=True, blank=True)
    get_quantity = models.PositiveIntegerField(_("get"), null=True, blank=True)
    gifts = models.ManyToManyField(
        "catalog.Product",
        related_name="+",
        blank=True,
        verbose_name=_("what one gets"),
        help_text=_("The free item; for “buy some, get some” empty means more of the same goods."),
    )
    tiers = models.JSONField(default=list, blank=True)  # [[from, basis points], …], the lowest first
    counts_pieces = models.BooleanField(_("by pieces, not by value"), default=False)
    delivery_up_to_minor = models.PositiveBigIntegerField(
        _("deliveries that cost up to"), null=True, blank=True, help_text=_("Empty: any delivery.")
    )

    lane = models.PositiveSmallIntegerField(
        _("lane"),
        choices=Lane,
        default=Lane.MAIN,
        help_text=_("Of one lane at most one promotion lowers a line; lanes add to each other."),
    )
    priority = models.SmallIntegerField(
        _("priority"),
        default=0,
        help_text=_("Within a lane the higher comes first; among equals the customer gets the best."),
    )
    is_exclusive = models.BooleanField(
        _("alone"), default=False, help_text=_("Never together with another promotion.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-is_active", "name", "pk"]
        verbose_name, verbose_name_plural = _("promotion"), _("promotions")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="promotion_span",
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="percent") | Q(percent__isnull=False, percent__gt=0, percent__lte=100),
                name="promotion_percent",
                violation_error_message=_("Say how many per cent, up to 100."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["amount", "each", "delivery_off"])
                | Q(amount_minor__isnull=False, amount_minor__gt=0),
                name="promotion_amount",
                violation_error_message=_("Say how much."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="price") | Q(amount_minor__isnull=False),
                name="promotion_price",
                violation_error_message=_("Say the price."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="buy_get")
                | Q(
                    buy_quantity__isnull=False,
                    get_quantity__isnull=False,
                    percent__isnull=False,
                    buy_quantity__gte=1,
                    get_quantity__gte=1,
                    percent__gt=0,
                    percent__lte=100,
                ),
                name="promotion_buy_get",
                violation_error_message=_(
                    "Say how many to buy, how many to get and at how many per cent off."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind="tiers") | ~Q(tiers=[]),
                name="promotion_tiers",
                violation_error_message=_("Say at least one step."),
            ),
            models.CheckConstraint(
                condition=~Q(currency="")
                | (
                    ~Q(kind__in=["amount", "each", "price", "delivery_off"])
                    & Q(min_total_minor=None, delivery_up_to_minor=None)
                    & (~Q(kind="tiers") | Q(counts_pieces=True))
                ),
                name="promotion_amounts_have_a_currency",
                violation_error_message=_("Say the currency of the amounts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def runs_at(self, at: datetime) -> bool:
        has_started = self.starts_at is None or self.starts_at <= at
        return self.is_active and has_started and (self.ends_at is None or self.ends_at > at)


def _ids(name: str) -> ArraySubquery:
    link = getattr(Promotion, name).through
    target = getattr(Promotion, name).field.m2m_reverse_field_name()
    return ArraySubquery(link.objects.filter(promotion=OuterRef("pk")).values(f"{target}_id"))
