from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class ProductSearch(models.Model):
    """One row a product, made for reading: lists, search and cards need no other table (catalog/searching.py keeps it).

    Prices are those of the cheapest variant on sale. `document` is written by searching.refresh.
    """

    product = models.OneToOneField("catalog.Product", models.CASCADE, primary_key=True, related_name="search")
    is_listed = models.BooleanField(default=False)
    name = models.CharField(max_length=150)
    document = SearchVectorField(null=True)
    category_paths = models.JSONField(default=list)
    currency = models.CharField(max_length=3, default="EUR")
    price_minor = models.BigIntegerField(default=0)
    price_max_minor = models.BigIntegerField(default=0)
    compare_at_minor = models.BigIntegerField(null=True)
    in_stock = models.BooleanField(default=False)
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    rating_count = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    card = models.JSONField(default=dict)  # what a card shows beside the above: url, photo, hint, badge

    class Meta:
        indexes = [GinIndex(fields=["document"], name="search_document")]
