"""What surrounds a product's form: what it lacks and the button that publishes it, its photos, how it looks where people
search, a copy of it, and what has happened to it."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.photos.pictures import Picture
from catalog.products import combining, duplicating, readying
from shop.core.admin.bases import ShopAdmin
from shop.core.admin.work import in_words
from shop.core.errors import Refused
from shop.core.events import timeline_of
from shop.core.http import absolute, see_other

LONGEST = {"title": 60, "description": 160}  # what Google shows of them
EVENTS = 30
STAYS = ("_fill", "_combine")


class DeskAdmin(ShopAdmin):
    """Mixed into the product's screen."""

    change_form_outer_before_template = "admin/catalog/product_desk.html"
    change_form_outer_after_template = "admin/catalog/product_history.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.duplicate_view)
        return [path("<int:pk>/duplicate/", view, name="catalog_product_duplicate"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        rows = self.scoped(request, Product.objects.all())
        product = rows.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        around = self._around(request, product) if product else {}
        return super().change_view(request, object_id, form_url, around | (extra_context or {}))

    def duplicate_view(self, request, pk):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        product = get_object_or_404(self.scoped(request, Product.objects.all()), pk=min(pk, 10**12))
        made = duplicating.duplicate(product, by=request.user)
        self.message_user(request, _("This is the copy: a draft. Give it its own name and SKUs."))
        return see_other("admin:catalog_product_change", made.pk)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "_combine" in request.POST:
            self._combine(request, form.instance)

    def response_change(self, request, obj):
        """Buttons inside the form lead back to where they stand."""
        if any(name in request.POST for name in STAYS):
            return see_other(reverse("admin:catalog_product_change", args=[obj.pk]) + "#variants-group")
        return super().response_change(request, obj)

    def _combine(self, request, product: Product) -> None:
        try:
            made = combining.combine(product, by=request.user)
        except Refused as refusal:
            self.message_user(request, refusal.message, "error")
        else:
            self.message_user(request, _("%(count)s variants were made.") % {"count": made})

    def _around(self, request, product: Product) -> dict:
        points = readying.points_of(product)
        photos = list(product.photos.all()[:8])
        events = timeline_of(product).order_by("-created_at", "-pk")[:EVENTS]
        return {
            "points": [(point, self._url_of(product, point)) for point in points],
            "lacking": [point for point in points if not point.is_there],
            "may_publish": self.has_change_permission(request, product)
            and product.can_move_to(Product.Status.ACTIVE),
            "may_copy": self.has_add_permission(request),
            "strip": [Picture.of(photo) for photo in photos],
            "photos_url": reverse("admin:catalog_product_photos", args=[product.pk]),
            "snippet": snippet_of(product),
            "timeline": [(in_words(event.name), event) for event in events],
        }

    def _url_of(self, product: Product, point: readying.Point) -> str:
        match point.place:
            case "photos":
                return reverse("admin:catalog_product_photos", args=[product.pk])
            case "stock":
                sku = product.variants.values_list("sku", flat=True).first() or ""
                return f"{reverse('admin:catalog_stockitem_changelist')}?{urlencode({'q': sku})}"
            case "variants":
                return "#variants-group"
            case "":
                return ""
        return f"#{point.place}"


def snippet_of(product: Product) -> dict:
    """What a search engine shows of its page, and how long that is."""
    title = product.seo_title or product.name
    description = product.seo_description or product.short_description or product.name
    return {
        "address": absolute(product.get_absolute_url()).removeprefix("https://").removeprefix("http://"),
        "title": title,
        "description": description,
        "lengths": [
            (_("Title"), len(title), LONGEST["title"], len(title) > LONGEST["title"]),
            (
                _("Description"),
                len(description),
                LONGEST["description"],
                len(description) > LONGEST["description"],
            ),
        ],
        "is_own": bool(product.seo_title and product.seo_description),
    }
