from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core.models import Translated


class CollectionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def for_home(self):
        return self.published().filter(on_home=True).order_by("position", "name")


class Collection(Translated):
    """Products that belong together for a while: picked by hand and in that order, or by a rule that stays live.

    `rule` is what catalog/finding/grouping.py reads; it is kept as a list's filters are, so a product that fits tomorrow
    is in it tomorrow.
    """

    class Kind(models.TextChoices):
        PICKED = "picked", _("Picked by hand")
        RULE = "rule", _("By a rule")

    TRANSLATED = ("name", "description")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(unique=True, max_length=100)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PICKED)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    is_published = models.BooleanField(_("published"), default=True)
    on_home = models.BooleanField(_("on the home page"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name, verbose_name_plural = _("collection"), _("collections")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="rule") | ~Q(rule={}),
                name="collection_rule_says_something",
                violation_error_message=_("Say at least one thing in the rule."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalog:collection", args=[self.slug])


class CollectionItem(models.Model):
    """A product picked by hand, at its place."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="collection_items", verbose_name=_("product")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("product"), _("products")
        constraints = [models.UniqueConstraint(fields=["collection", "product"], name="collection_item_once")]

    def __str__(self):
        return str(self.product)
