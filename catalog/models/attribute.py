from django.db import models
from django.utils.translation import gettext_lazy as _


class Attribute(models.Model):
    """A property that products have: a row of the specification table, a section of the page, a filter of lists."""

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=60)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    is_filter = models.BooleanField(_("lists filter by it"), default=False)
    is_section = models.BooleanField(
        _("section of its own"),
        default=False,
        help_text=_("Shown below a heading, not in the table: care, for example."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name, verbose_name_plural = _("attribute"), _("attributes")

    def __str__(self):
        return self.name


class ProductAttribute(models.Model):
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="+")
    value = models.CharField(_("value"), max_length=250)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["attribute__position", "attribute_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "attribute", "value"], name="product_attribute_once")
        ]
        verbose_name, verbose_name_plural = _("attribute"), _("attributes")

    def __str__(self):
        return self.value
