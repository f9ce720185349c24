from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class TaxClass(models.Model):
    """What kind of goods it is for the tax office: standard, reduced …"""

    code = models.SlugField(unique=True, max_length=20)
    name = models.CharField(_("name"), max_length=60)
    stripe_code = models.CharField(
        _("code for Stripe Tax"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^txcd_\d{8}\Z", _("Enter a code like txcd_99999999."))],
        help_text=_("Only where Stripe Tax calculates, e.g. txcd_99999999 for goods in general."),
    )

    class Meta:
        verbose_name_plural = _("tax classes")

    def __str__(self):
        return self.name


class TaxZone(models.Model):
    """Where one set of rates holds. The narrowest zone wins: a postcode before its region before its country.

    No zone, or one outside of the tax area: export, tax 0.
    """

    class Mode(models.TextChoices):
        INCLUSIVE = "inclusive", _("Prices contain the tax")
        EXCLUSIVE = "exclusive", _("Tax is added to the prices")
        OUTSIDE = "outside", _("No tax: an export")

    class Sourcing(models.TextChoices):
        DESTINATION = "destination", _("Where the goods arrive")
        ORIGIN = "origin", _("Where the goods leave, for shops of the same region")

    class Rounding(models.TextChoices):
        LINE = "line", _("Each line")
        INVOICE = "invoice", _("The sum of each rate")

    code = models.SlugField(unique=True, max_length=30)
    name = models.CharField(_("name"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=10, blank=True)  # e.g. "CA" of US; empty: all of it
    postcodes = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        verbose_name=_("postcodes beginning with"),
        help_text=_("With commas between: 35, 38 for the Canary Islands. Empty: all of it."),
    )
    mode = models.CharField(_("prices"), max_length=10, choices=Mode, default=Mode.INCLUSIVE)
    rounding = models.CharField(_("rounded"), max_length=10, choices=Rounding, default=Rounding.LINE)
    sourcing = models.CharField(
        _("whose rates"), max_length=12, choices=Sourcing, default=Sourcing.DESTINATION
    )
    taxes_delivery = models.BooleanField(
        _("delivery is taxed"), default=True, help_text=_("Like the goods that it carries.")
    )
    is_eu = models.BooleanField(
        _("European Union"),
        default=False,
        help_text=_("Businesses of other member states pay no VAT here once their VAT id is confirmed."),
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["country", "region", "postcodes"], name="tax_zone_place_once")
        ]

    def __str__(self):
        return self.name


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class TaxRate(models.Model):
    """`percent` of a class in a zone within dates (the last day included). Two of them can never overlap."""

    zone = models.ForeignKey(TaxZone, models.CASCADE, related_name="rates")
    tax_class = models.ForeignKey(TaxClass, models.PROTECT, related_name="rates")
    name = models.CharField(_("name on the receipt"), max_length=40)
    percent = models.DecimalField(_("per cent"), max_digits=7, decimal_places=4)
    valid_from = models.DateField(_("first day"), default=date(2000, 1, 1))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["zone", "tax_class", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="tax_rate_percent",
                violation_error_message=_("Enter a percentage from 0 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="tax_rate_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            ExclusionConstraint(
                name="tax_rate_no_overlap",
                violation_error_message=_(
                    "On some of these days another rate of the same name holds for this tax class."
                ),
                expressions=[
                    ("zone", RangeOperators.EQUAL),
                    ("tax_class", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "valid_from",
                            "valid_to",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.percent.normalize():f} %"


class TaxExemptionQuerySet(models.QuerySet):
    def holding(self, day: date):
        """Those that hold on this day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))


class TaxExemption(models.Model):
    """A certificate that frees a customer group from tax within dates (the last day included), everywhere or in one place."""

    group = models.ForeignKey(
        "accounts.CustomerGroup",
        models.CASCADE,
        related_name="tax_exemptions",
        verbose_name=_("customer group"),
    )
    certificate = models.CharField(_("number of the certificate"), max_length=60)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Empty: wherever the goods go.")
    )
    region = models.CharField(_("region"), max_length=10, blank=True)
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = TaxExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["group", "valid_from"]
        verbose_name, verbose_name_plural = _("tax exemption"), _("tax exemptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="tax_exemption_days_in_order",
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self):
        return f"{self.group}: {self.certificate}"
