from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class PriceList(models.Model):
    """Prices for somebody, for some time, in one currency. Which list wins says catalog/pricing.py.

    A fixed list names an amount for each variant that it has (ListPrice); a percentage is taken of the variant's own
    price, rounded to an ending. Only a sale announces a reduction: its prices stand beside the former ones.
    """

    class Method(models.TextChoices):
        FIXED = "fixed", _("Amounts, one by one")
        PERCENT = "percent", _("A percentage of each price")

    name = models.CharField(_("name"), max_length=80, unique=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    group = models.ForeignKey(
        "accounts.CustomerGroup",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("for"),
        help_text=_("Empty: for everybody."),
    )
    method = models.CharField(_("prices"), max_length=8, choices=Method, default=Method.FIXED)
    percent = models.DecimalField(
        _("per cent of the price"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("80 means a fifth less."),
    )
    ending_minor = models.PositiveSmallIntegerField(
        _("rounded to"),
        null=True,
        blank=True,
        help_text=_("The last two digits: 90 makes 17.90 of 17.62. Empty: to the cent."),
    )
    category = models.ForeignKey(
        "catalog.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only in"),
        help_text=_("A percentage holds for this category and all below it. Empty: for every product."),
    )
    is_sale = models.BooleanField(
        _("sale"), default=False, help_text=_("Shown as reduced, with the former price beside it.")
    )
    priority = models.SmallIntegerField(
        _("priority"),
        default=0,
        help_text=_("Lists of the highest priority decide alone; among equals the lowest price wins."),
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    turned_at = models.DateTimeField(null=True, editable=False)  # its last start or end that lists show

    class Meta:
        ordering = ["-priority", "name"]
        verbose_name, verbose_name_plural = _("price list"), _("price lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(method="fixed", percent=None)
                | Q(method="percent", percent__isnull=False, percent__gt=0),
                name="price_list_percent",
                violation_error_message=_(
                    "A percentage needs a number above 0; a list of amounts has no percentage."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ending_minor=None) | Q(ending_minor__lt=100),
                name="price_list_ending",
                violation_error_message=_("The ending has two digits at most."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="price_list_span",
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(is_sale=False) | Q(group=None),
                name="price_list_sale_is_public",
                violation_error_message=_("A sale is for everybody: leave the group empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListPrice(models.Model):
    """What a fixed list asks for one piece when at least `from_quantity` of them are bought."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="list_prices")
    from_quantity = models.PositiveIntegerField(_("from"), default=1)
    price_minor = models.BigIntegerField(_("price"))

    class Meta:
        ordering = ["variant__sku", "from_quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "variant", "from_quantity"], name="list_price_once"
            ),
            models.CheckConstraint(
                condition=Q(from_quantity__gte=1) & Q(price_minor__gte=0), name="list_price_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} × {self.from_quantity}"


class PublicPrice(models.Model):
    """The price that everybody was asked for one piece, from `at` on, until the next row. Append-only (a trigger).

    None: not for sale in this currency. What a sale must name as the lowest price of 30 days is read from here, so rows
    outlive their variant.
    """

    variant = models.ForeignKey(
        "catalog.Variant", models.DO_NOTHING, related_name="public_prices", db_constraint=False
    )
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField(null=True)
    is_reduced = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["variant", "currency", "at"], name="public_price_of")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.price_minor} {self.currency}"
