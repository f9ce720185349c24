from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductType(models.Model):
    """What sort of thing a product is. It decides which attributes apply: a mug has a volume, a print has none.

    A product without a type keeps whatever it has. Values that do not belong to a product's type stay stored, but are
    shown to sellers only: nothing is lost when the type changes.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    attributes = models.ManyToManyField("catalog.Attribute", related_name="types", blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name, verbose_name_plural = _("product type"), _("product types")

    def __str__(self):
        return self.name
