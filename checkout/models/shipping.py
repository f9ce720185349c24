from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ShippingZone(models.Model):
    """Countries to which the same prices of delivery hold."""

    code = models.SlugField(unique=True, max_length=30)
    name = models.CharField(_("name"), max_length=80)
    countries = ArrayField(
        models.CharField(max_length=2),
        default=list,
        verbose_name=_("countries"),
        help_text=_("Two-letter codes with commas between: AT, DE"),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class ShippingMethodQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def offered_in(self, country: str):
        """The methods that go to `country`."""
        served = Q(only_countries=[]) | Q(only_countries__contains=[country])
        return self.active().filter(served, zone__countries__contains=[country])


class ShippingMethod(models.Model):
    """One way of delivery within a zone."""

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
        ]

    def __str__(self):
        return f"{self.name} ({self.zone})"


class ShippingRate(models.Model):
    """Price up to and including a weight. Beyond the last row the method is not offered."""

    method = models.ForeignKey(ShippingMethod, models.CASCADE, related_name="rates")
    up_to_g = models.PositiveIntegerField(_("up to grams"))
    price_minor = models.BigIntegerField(_("price"))
    currency = models.CharField(max_length=3, default="EUR")

    class Meta:
        ordering = ["up_to_g"]
        constraints = [
            models.UniqueConstraint(fields=["method", "up_to_g", "currency"], name="shipping_rate_once"),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0),
                name="shipping_rate_not_negative",
                violation_error_message=_("A price is 0 or more."),
            ),
        ]


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
