from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checkout.models import postcode_areas


def check_postcodes(typed: str) -> None:
    """Raises ValidationError."""
    if not postcode_areas.are_understood(typed):
        raise ValidationError(_("Enter postcodes or ranges with commas between: 27498, 25980-25999, HS."))


class PostcodesField(models.CharField):
    """Postcodes and ranges of them, as people write them."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 2000)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class ShippingZone(models.Model):
    """Countries, or parts of them, to which the same prices of delivery hold.

    The narrowest zone wins: one with postcodes before one with regions before one of whole countries.
    """

    code = models.SlugField(unique=True, max_length=30)
    name = models.CharField(_("name"), max_length=80)
    countries = ArrayField(
        models.CharField(max_length=2),
        default=list,
        verbose_name=_("countries"),
        help_text=_("Two-letter codes with commas between: AT, DE"),
    )
    regions = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("only states or regions"),
        help_text=_("Their codes with commas between: AK, HI. Empty: the whole countries."),
    )
    postcodes = PostcodesField(
        _("only postcodes"),
        validators=[check_postcodes],
        help_text=_("What they begin with, or ranges: 27498, 25980-25999. Empty: all of them."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    @property
    def is_narrow(self) -> bool:
        """Whether it is only a part of its countries."""
        return bool(self.regions or self.postcodes)


class ShippingMethodQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def offered_in(self, country: str):
        """The methods that go to `country`."""
        served = Q(only_countries=[]) | Q(only_countries__contains=[country])
        return self.active().filter(served, zone__countries__contains=[country])


class ShippingMethod(models.Model):
    """One way of delivery within a zone."""

    class Basis(models.TextChoices):
        WEIGHT = "weight", _("Weight")
        TOTAL = "total", _("Worth of the goods")
        PIECES = "pieces", _("Number of pieces")

    zone = models.ForeignKey(ShippingZone, models.CASCADE, related_name="methods")
    code = models.SlugField(max_length=30)
    name = models.CharField(_("name"), max_length=80)
    carrier = models.CharField(
        _("carrier"), max_length=20, default="manual"
    )  # code known to checkout/carriers
    service = models.CharField(_("carrier's service"), max_length=40, blank=True)
    days_min = models.PositiveSmallIntegerField(_("working days, at least"), default=1)
    days_max = models.PositiveSmallIntegerField(_("working days, at most"), default=3)
    cut_off = models.TimeField(_("leaves the same day if ordered before"), default="14:00")
    basis = models.CharField(
        _("the table goes by"),
        max_length=10,
        choices=Basis,
        default=Basis.WEIGHT,
        help_text=_("What “up to” means in the rows below: grams, the worth of the goods, or pieces."),
    )
    parcel_max_g = models.PositiveIntegerField(
        _("one parcel weighs at most (grams)"),
        null=True,
        blank=True,
        help_text=_("Heavier orders travel in several parcels, each by the table. Empty: one parcel."),
    )
    is_live = models.BooleanField(
        _("the carrier says the price"),
        default=False,
        help_text=_("It is asked for each address. The table holds where it does not answer in two seconds."),
    )
    live_markup_percent = models.PositiveSmallIntegerField(
        _("added to the carrier’s price, per cent"),
        default=0,
        help_text=_(
            "For packing, and for the tax where your prices contain it: carriers say theirs without."
        ),
    )
    not_for = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("not for shipping classes"),
        help_text=_("With commas between: bulky. An order with such goods is not offered this."),
    )
    free_from_minor = models.BigIntegerField(_("free from goods worth"), null=True, blank=True)
    only_countries = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        verbose_name=_("only to"),
        help_text=_("Some of the zone's countries; empty: all of them."),
    )
    is_pickup = models.BooleanField(_("collected by the customer"), default=False)
    is_tracked = models.BooleanField(_("tracked"), default=True)
    has_import_charges = models.BooleanField(
        _("import charges"), default=False, help_text=_("Customs may charge the recipient; buyers are told.")
    )
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ShippingMethodQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="shipping_method_once"),
            models.CheckConstraint(
                condition=Q(days_max__gte=F("days_min")),
                name="shipping_days_in_order",
                violation_error_message=_("The most days are fewer than the least."),
            ),
            models.CheckConstraint(
                condition=Q(free_from_minor=None) | Q(free_from_minor__gte=0),
                name="shipping_free_from_not_negative",
                violation_error_message=_("Enter 0 or more, or leave it empty."),
            ),
            models.CheckConstraint(
                condition=Q(parcel_max_g=None) | Q(parcel_max_g__gte=1, basis="weight"),
                name="shipping_parcels_by_weight",
                violation_error_message=_("Several parcels need a table by weight."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.zone})"


class ShippingRate(models.Model):
    """Price up to and including a weight (grams), a worth (minor units) or a number of pieces: the method's basis.

    Beyond the last row the method is not offered.
    """

    method = models.ForeignKey(ShippingMethod, models.CASCADE, related_name="rates")
    up_to = models.PositiveBigIntegerField(_("up to"))
    price_minor = models.BigIntegerField(_("price"))
    per_piece_minor = models.BigIntegerField(_("and for each piece"), default=0)
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        ordering = ["up_to"]
        constraints = [
            models.UniqueConstraint(fields=["method", "up_to", "currency"], name="shipping_rate_once"),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, per_piece_minor__gte=0),
                name="shipping_rate_not_negative",
                violation_error_message=_("A price is 0 or more."),
            ),
        ]


class ShippingSurcharge(models.Model):
    """Added to a method's price for certain postcodes or goods, also where delivery itself is free."""

    method = models.ForeignKey(ShippingMethod, models.CASCADE, related_name="surcharges")
    name = models.CharField(_("name"), max_length=60, help_text=_("Island delivery, bulky goods."))
    price_minor = models.BigIntegerField(_("price"))
    currency = models.CharField(max_length=3, default="EUR")
    postcodes = PostcodesField(
        _("postcodes"), validators=[check_postcodes], help_text=_("Empty: wherever it goes.")
    )
    shipping_class = models.CharField(
        _("shipping class"), max_length=20, blank=True, help_text=_("Empty: whatever it is.")
    )
    is_per_piece = models.BooleanField(
        _("for each piece"), default=False, help_text=_("Of that class; else once an order.")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("surcharge"), _("surcharges")
        constraints = [
            models.CheckConstraint(
                condition=Q(price_minor__gte=0),
                name="shipping_surcharge_not_negative",
                violation_error_message=_("A price is 0 or more."),
            )
        ]

    def __str__(self):
        return self.name


class HolidayQuerySet(models.QuerySet):
    def after(self, day) -> set:
        """The free days from `day` on."""
        return set(self.filter(day__gte=day).values_list("day", flat=True))


class Holiday(models.Model):
    """A day on which nothing leaves and nothing is delivered."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.name}".strip()
