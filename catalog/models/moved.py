from django.db import models
from django.db.models import Q


class OldSlug(models.Model):
    """An address that a product or category had before. Its page leads on to the present one, for good (301).

    Kept by triggers of the database, so that no way of changing a slug forgets it. It points to the thing, not to another
    address: however often a slug changes, one step leads there. A slug that is taken anew stops being an old one.
    """

    slug = models.SlugField(max_length=150)
    product = models.ForeignKey("catalog.Product", models.CASCADE, null=True, related_name="old_slugs")
    category = models.ForeignKey("catalog.Category", models.CASCADE, null=True, related_name="old_slugs")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(product=None, category__isnull=False) | Q(product__isnull=False, category=None),
                name="old_slug_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(product__isnull=False), name="old_slug_of_product_once"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(category__isnull=False), name="old_slug_of_category_once"
            ),
        ]

    def __str__(self):
        return self.slug
