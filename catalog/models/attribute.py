from django.db import models
from django.utils.translation import gettext_lazy as _


class Attribute(models.Model):
    """A property that products have: a row of the specification table."""

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=60)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class ProductAttribute(models.Model):
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="+")
    value = models.CharField(_("value"), max_length=250)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["attribute__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "attribute", "value"], name="product_attribute_once")
        ]
