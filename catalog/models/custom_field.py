from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CustomField(models.Model):
    """What a buyer fills in for a product that is made to order. catalog/products/customizing.py makes a form of them."""

    class Kind(models.TextChoices):
        TEXT = "text", _("One line of text")
        LINES = "lines", _("Several lines of text")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("Choice")
        CHECKBOX = "checkbox", _("Checkbox")
        DATE = "date", _("Date")

    class Allowed(models.TextChoices):
        ANY = "any", _("Everything")
        LETTERS = "letters", _("Letters, spaces, . ’ -")
        CODE = "code", _("A to Z and digits")

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="custom_fields")
    code = models.SlugField(_("code"), max_length=30)
    label = models.CharField(_("question"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    help_text = models.CharField(_("help"), max_length=150, blank=True)
    is_required = models.BooleanField(_("must be filled in"), default=True)
    max_length = models.PositiveSmallIntegerField(
        _("longest text"), default=50, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    allowed = models.CharField(_("characters"), max_length=10, choices=Allowed, default=Allowed.ANY)
    lowest = models.DecimalField(_("lowest"), max_digits=12, decimal_places=4, null=True, blank=True)
    highest = models.DecimalField(_("highest"), max_digits=12, decimal_places=4, null=True, blank=True)
    options = models.JSONField(default=list, blank=True)  # of a choice: [[name, surcharge in minor units], …]
    surcharge_minor = models.BigIntegerField(_("surcharge"), default=0)  # of a ticked checkbox
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("question to the buyer"), _("questions to the buyer")
        constraints = [
            models.UniqueConstraint(fields=["product", "code"], name="custom_field_once"),
            models.CheckConstraint(condition=Q(surcharge_minor__gte=0), name="custom_surcharge_not_negative"),
            models.CheckConstraint(
                condition=Q(max_length__gte=1, max_length__lte=1000), name="custom_length"
            ),
        ]

    def __str__(self):
        return self.label
