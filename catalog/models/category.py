from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node


class Category(MP_Node):
    """A branch of the shop's tree. Products of a branch show in all branches above it."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(unique=True, max_length=100)
    description = models.TextField(_("description"), blank=True)
    tile = models.ImageField(_("tile"), upload_to="categories/", blank=True)
    tile_alt = models.CharField(_("tile in words"), max_length=200, blank=True)
    tile_color = models.CharField(max_length=7, blank=True)
    is_published = models.BooleanField(_("published"), default=True)

    class Meta:
        verbose_name_plural = _("categories")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalog:category", args=[self.slug])
