from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from catalog.finding.sorting import indexes


class ProductSearch(models.Model):
    """One row a product, made for reading: lists, search and cards need no other table (catalog/searching.py keeps it).

    Prices are those that everybody is asked for one piece of the cheapest variant on sale; `lowest_minor` is the lowest
    of the 30 days before it was reduced, `price_lists` are the lists that a price of any variant comes from. `card` and
    `page` hold what a card and the product's page show beside that; prices and stock of a product's page are always
    read from the variants themselves.
    """

    product = models.OneToOneField("catalog.Product", models.CASCADE, primary_key=True, related_name="search")
    is_listed = models.BooleanField(default=False)
    name = models.CharField(max_length=150)
    document = SearchVectorField(null=True)
    category_ids = ArrayField(models.BigIntegerField(), default=list)  # with all branches above
    facets = ArrayField(models.CharField(max_length=120), default=list)  # "Size:A4": what lists filter by
    currency = models.CharField(max_length=3, default="EUR")
    price_minor = models.BigIntegerField(default=0)
    price_max_minor = models.BigIntegerField(default=0)
    compare_at_minor = models.BigIntegerField(null=True)
    lowest_minor = models.BigIntegerField(null=True)
    price_lists = ArrayField(models.BigIntegerField(), default=list)
    is_reduced = models.BooleanField(default=False)
    in_stock = models.BooleanField(default=False)
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    rating_count = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)  # pieces shipped so far
    position = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    card = models.JSONField(default=dict)
    page = models.JSONField(default=dict)
    refreshed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            GinIndex(fields=["document"], name="search_document"),
            GinIndex(fields=["category_ids"], name="search_categories"),
            GinIndex(fields=["facets"], name="search_facets"),
            GinIndex(fields=["price_lists"], name="search_price_lists"),
            *indexes(),
            models.Index(fields=["product", "refreshed_at"], name="search_map", condition=Q(is_listed=True)),
            models.Index(
                F("sold").desc(),
                "position",
                name="search_reduced",
                condition=Q(is_listed=True, is_reduced=True, in_stock=True),
            ),
        ]

    def __str__(self):
        return self.name


class SearchTerm(models.Model):
    """A word that some product is found by: what misspelt words are corrected to."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_term_trigrams")]

    def __str__(self):
        return self.word
