from urllib.parse import urlencode

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.products.unit_pricing import Unit
from shop.core.money import MoneyOf


class Option(models.Model):
    """A choice that the buyer makes, e.g. "Size"."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="options")
    name = models.CharField(_("name"), max_length=40)
    must_choose = models.BooleanField(
        _("buyers must choose"),
        default=False,
        help_text=_("Nothing is chosen beforehand: for sizes of clothes."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("choice"), _("choices")
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="option_name_once")]

    def __str__(self):
        return self.name


class OptionValue(models.Model):
    option = models.ForeignKey(Option, models.CASCADE, related_name="values")
    name = models.CharField(_("value"), max_length=60)
    color = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Enter a colour like #1f5f5b."))],
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["option", "name"], name="option_value_once")]

    def __str__(self):
        return self.name


class VariantQuerySet(models.QuerySet):
    def on_sale_now(self):
        """What may be put into a cart."""
        return self.filter(is_active=True, product__status="active")


class Variant(models.Model):
    """What is put into a cart: one SKU with its own price, weight and stock."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=40, unique=True)
    title = models.CharField(
        _("choices"), max_length=150, blank=True
    )  # "A4 / Oak frame"; empty with a single variant
    values = models.ManyToManyField(OptionValue, related_name="variants", blank=True)
    ean13 = models.CharField("EAN", max_length=13, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    price_minor = models.BigIntegerField(_("price"))  # tax-inclusive or not: Shop.prices_include_tax
    compare_at_minor = models.BigIntegerField(_("was"), null=True, blank=True)
    cost_minor = models.BigIntegerField(_("cost"), null=True, blank=True)
    floor_minor = models.PositiveBigIntegerField(
        _("floor price"),
        null=True,
        blank=True,
        help_text=_("No promotion makes one piece cheaper than this. Prices and sales of your own may."),
    )
    percent_off_parts = models.PositiveSmallIntegerField(
        _("set: per cent below its parts"),
        null=True,
        blank=True,
        help_text=_(
            "The price follows the prices of the parts, less this much. Empty: the price above holds."
        ),
    )
    weight_g = models.PositiveIntegerField(_("weight in grams"), default=0)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    depth_mm = models.PositiveIntegerField(null=True, blank=True)
    shipping_class = models.SlugField(
        _("shipping class"),
        max_length=20,
        blank=True,
        db_index=False,
        help_text=_("What deliveries and their surcharges look at: bulky. Empty: nothing special."),
    )
    min_quantity = models.PositiveSmallIntegerField(_("at least"), default=1)
    max_quantity = models.PositiveSmallIntegerField(_("at most in one order"), null=True, blank=True)
    quantity_step = models.PositiveSmallIntegerField(_("in steps of"), default=1)
    content_amount = models.DecimalField(
        _("content"), max_digits=10, decimal_places=3, null=True, blank=True
    )  # for the price per unit (catalog/products/unit_pricing.py)
    content_unit = models.CharField(_("unit of content"), max_length=2, choices=Unit, blank=True)
    ships_by = models.DateField(
        _("preorder: ships by"), null=True, blank=True
    )  # the day on which expected pieces leave at the latest: see catalog/preordering.py
    low_stock_at = models.PositiveIntegerField(_("low at"), default=5)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("on sale"), default=True)

    price = MoneyOf("price_minor")
    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("variant"), _("variants")
        indexes = [GinIndex(OpClass(Upper("sku"), name="gin_trgm_ops"), name="variant_sku_trigrams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_minor__gte=0),
                name="variant_price_not_negative",
                violation_error_message=_("A price is 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(percent_off_parts=None) | Q(percent_off_parts__lte=90),
                name="variant_percent_off_parts",
                violation_error_message=_("Enter a percentage from 0 to 90."),
            ),
            models.CheckConstraint(
                condition=Q(compare_at_minor=None) | Q(compare_at_minor__gt=F("price_minor")),
                name="variant_was_above_price",
                violation_error_message=_("The former price must be above the price."),
            ),
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1, quantity_step__gte=1)
                & (Q(max_quantity=None) | Q(max_quantity__gte=F("min_quantity"))),
                name="variant_quantities",
                violation_error_message=_(
                    "At least 1, in steps of 1 or more, and at most no less than at least."
                ),
            ),
            models.CheckConstraint(
                condition=Q(content_amount=None, content_unit="")
                | Q(content_amount__isnull=False, content_amount__gt=0) & ~Q(content_unit=""),
                name="variant_content",
                violation_error_message=_("A content has an amount above 0 and a unit."),
            ),
        ]

    def __str__(self):
        return f"{self.sku} · {self.title}" if self.title else self.sku

    def get_absolute_url(self):
        """The product's page with this variant chosen; the plain page when there is nothing to choose."""
        page = self.product.get_absolute_url()
        return f"{page}?{urlencode({'variant': self.sku})}" if self.title else page

    @property
    def full_name(self) -> str:
        return f"{self.product.name}, {self.title}" if self.title else self.product.name
