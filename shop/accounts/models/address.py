from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PostalAddress(models.Model):
    """Where something goes, as its country writes it. Shared by address book, checkout and order."""

    name = models.CharField(_("full name"), max_length=150)
    company = models.CharField(_("company"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=200)
    extra = models.CharField(_("flat, floor, building"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    region = models.CharField(_("state or region"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2)  # ISO 3166-1 alpha-2
    phone = models.CharField(_("phone"), max_length=30, blank=True)  # E.164

    FIELDS = ["name", "company", "street", "extra", "postcode", "city", "region", "country", "phone"]

    class Meta:
        abstract = True

    def __str__(self):
        return ", ".join(
            filter(None, [self.name, self.street, f"{self.postcode} {self.city}".strip(), self.country])
        )

    def as_dict(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in self.FIELDS}


class Address(PostalAddress):
    """An entry of a person's address book."""

    MOST = 20

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="addresses")
    is_default = models.BooleanField(_("use this one first"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_default", "-created_at"]
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="address_one_default")
        ]
