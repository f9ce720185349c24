from typing import Any

from django.db import models
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from shop.core.models import Translated


class CategoryQuerySet(MP_NodeQuerySet):
    def published(self):
        return self.filter(is_published=True)

    def menu(self):
        """What stands in the shop's header."""
        return self.published().filter(in_menu=True).order_by("path")

    def tiles(self):
        """What the home page shows as pictures."""
        return (
            self.published().filter(on_home=True, tile__isnull=False).select_related("tile").order_by("path")
        )

    def for_home(self):
        """The menu and the tiles, in one."""
        tiles = models.Q(on_home=True, tile__isnull=False)
        shown = self.published().filter(tiles | models.Q(in_menu=True))
        return shown.select_related("tile").order_by("path")

    def family_of(self, slug):
        """The branches above, beside and directly below one, and itself, in the tree's order. Roots have none beside."""
        steps, one = self.model.steplen, self.model.objects.filter(slug=slug)
        near = self.annotate(here=models.Subquery(one.values("path")[:1]))
        near = near.annotate(above=Left("here", Length("here") - steps))
        depth = Length("here") / steps
        above = models.Q(here__startswith=models.F("path"))
        beside = models.Q(path__startswith=models.F("above"), depth=depth, depth__gt=1)
        below = models.Q(path__startswith=models.F("here"), depth=depth + 1)
        return near.filter(above | beside | below).order_by("path")


TreeManager: Any = MP_NodeManager.from_queryset(CategoryQuerySet)


class CategoryManager(TreeManager):
    """Treebeard's manager, with the filters above: its own get_queryset would forget them."""

    def get_queryset(self):
        return CategoryQuerySet(self.model, using=self._db).order_by("path")


class Category(Translated, MP_Node):
    """A branch of the shop's tree. Products of a branch show in all branches above it."""

    TRANSLATED = ("name", "description", "search_words")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(unique=True, max_length=100)
    description = models.TextField(_("description"), blank=True)
    search_words = models.CharField(
        _("other words"),
        max_length=250,
        blank=True,
        help_text=_("What else people call it when they search, e.g. “cup, coffee cup”."),
    )
    tile = models.OneToOneField(
        "catalog.Photo", models.SET_NULL, null=True, blank=True, related_name="category"
    )
    is_published = models.BooleanField(_("published"), default=True)
    in_menu = models.BooleanField(_("in the menu"), default=False)
    on_home = models.BooleanField(_("on the home page"), default=False)

    objects = CategoryManager()

    class Meta:
        verbose_name, verbose_name_plural = _("category"), _("categories")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalog:category", args=[self.slug])

    @property
    def line(self) -> list[str]:
        """The paths of all branches above and its own, from the root."""
        return [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
