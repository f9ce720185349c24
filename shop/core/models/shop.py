from babel.numbers import list_currencies
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Shop(models.Model):
    """The merchant's own settings: what changes without a deployment. One row."""

    name = models.CharField(_("name"), max_length=80, default="Till")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    other_currencies = ArrayField(
        models.CharField(max_length=3),
        verbose_name=_("other currencies"),
        default=list,
        blank=True,
        help_text=_(
            "Offered beside it, with commas between: CHF, GBP. What is sold in them price lists say."
        ),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="AT",
        help_text=_("Where goods leave from and VAT is owed by default."),
    )
    region = models.CharField(
        _("state or region"),
        max_length=10,
        blank=True,
        help_text=_("Its postal code, where taxes depend on it: TX."),
    )
    prices_include_tax = models.BooleanField(_("prices include tax"), default=True)
    taxes_eu_at_home = models.BooleanField(
        _("home VAT in the whole EU"),
        default=False,
        help_text=_("For shops below the EU’s threshold of €10,000 a year of sales to consumers abroad."),
    )
    trusts_unchecked_vat_ids = models.BooleanField(
        _("trust VAT ids while they cannot be checked"),
        default=False,
        help_text=_("When the EU’s register does not answer. They are checked later, and bad ones reported."),
    )
    company = models.CharField(_("company"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    return_days = models.PositiveSmallIntegerField(_("days to return"), default=30)
    free_delivery_from_minor = models.BigIntegerField(
        _("free delivery from"), null=True, blank=True, help_text=_("Shown in the header; the tables decide.")
    )
    reviews_from_everybody = models.BooleanField(
        _("everybody may review"),
        default=False,
        help_text=_("Whoever has an account, not buyers alone; such reviews are marked as not verified."),
    )
    demo_notice = models.CharField(
        _("demo notice"), max_length=160, blank=True, help_text=_("A strip above every page.")
    )
    share_image = models.ImageField(_("picture for sharing"), upload_to="shop/", blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("shop"), _("shop")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="shop_is_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def currencies(self) -> list[str]:
        """All that it sells in, its own first."""
        return [self.currency, *(code for code in self.other_currencies if code != self.currency)]

    def clean(self) -> None:
        self.other_currencies = [code.strip().upper() for code in self.other_currencies]
        if unknown := [code for code in self.other_currencies if code not in list_currencies()]:
            raise ValidationError(
                {"other_currencies": _("Not a currency: %(codes)s") % {"codes": ", ".join(unknown)}}
            )
        if self.free_delivery_from_minor is not None and self.free_delivery_from_minor < 0:
            raise ValidationError({"free_delivery_from_minor": _("Enter 0 or more.")})

    @classmethod
    def current(cls) -> "Shop":
        return cls.objects.filter(pk=1).first() or cls(pk=1)
