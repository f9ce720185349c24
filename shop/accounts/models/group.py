from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerGroup(models.Model):
    """Shoppers who buy under terms of their own, e.g. trade customers. Staff decides who is in it."""

    name = models.CharField(
        _("name"),
        max_length=60,
        unique=True,
        help_text=_("Members read it beside their prices: “Price for trade customers”."),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="customer_groups", blank=True, verbose_name=_("members")
    )

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("customer group"), _("customer groups")

    def __str__(self) -> str:
        return self.name
