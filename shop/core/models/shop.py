from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class Shop(models.Model):
    """The merchant's own settings: what changes without a deployment. One row."""

    name = models.CharField(max_length=80, default="Till")
    tagline = models.CharField(max_length=160, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(
        max_length=2, default="AT", help_text="Where goods leave from and VAT is owed by default."
    )
    prices_include_tax = models.BooleanField(default=True)
    company = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    return_days = models.PositiveSmallIntegerField(default=30)
    free_delivery_from_minor = models.BigIntegerField(
        null=True, blank=True, help_text="Shown in the header; the tables decide."
    )
    demo_notice = models.CharField(max_length=160, blank=True, help_text="A strip above every page.")
    share_image = models.ImageField(upload_to="shop/", blank=True)

    class Meta:
        verbose_name_plural = "shop"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="shop_is_one_row")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.free_delivery_from_minor is not None and self.free_delivery_from_minor < 0:
            raise ValidationError({"free_delivery_from_minor": "Enter 0 or more."})

    @classmethod
    def current(cls) -> "Shop":
        return cls.objects.filter(pk=1).first() or cls(pk=1)
