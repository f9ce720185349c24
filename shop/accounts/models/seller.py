from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class Seller(models.Model):
    """A guest who sells here in his own name. What has no seller is the shop's own."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address of its page"), max_length=60, unique=True)
    imprint = models.TextField(
        _("legal name and address"),
        max_length=1000,
        help_text=_(
            "Who the buyer's contract is with: legal name, street, place, country, registers. Shown on its page."
        ),
    )
    email = models.EmailField(_("contact address"), max_length=254)
    is_active = models.BooleanField(_("sells here"), default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("seller"), _("sellers")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:seller", args=[self.slug])
