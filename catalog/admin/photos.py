"""The photos of a product on a page of their own: many at once, by file or address; in words; put in order.

Whatever button is pressed, what was typed about the photos is saved with it. Pictures are drawn anew while no transaction
is open; a bad file is named with its reason and keeps no good one out.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog import photographing
from catalog.admin.pictured import PicturedAdmin
from catalog.forms import look_at
from catalog.models import Photo, PhotoImport, Product
from catalog.photographing import NotAPhoto
from catalog.photos import arranging, collecting
from catalog.photos.arranging import Description
from catalog.photos.pictures import Picture
from shop.core.errors import Refused
from shop.core.http import see_other

MOST_AT_ONCE = 50
ALL_THE_WAY = 10_000
PLACES = {"up": -1, "down": 1, "first": -ALL_THE_WAY}


class PhotographedAdmin(PicturedAdmin):
    """Adds the page to a product's screen, and the field `photos_shown` that leads there."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.photos_view)
        return [path("<int:pk>/photos/", page, name="catalog_product_photos"), *super().get_urls()]

    @admin.display(description=gettext_lazy("photos"))
    def photos_shown(self, product):
        """How many there are and what they lack, leading to the page where that is mended."""
        if not product.pk:
            return _("after saving")
        alts = list(product.photos.values_list("alt", flat=True))
        told = ngettext("%(n)s photo", "%(n)s photos", len(alts)) % {"n": len(alts)}
        if missing := sum(not alt for alt in alts):
            words = ngettext("%(n)s without words", "%(n)s without words", missing) % {"n": missing}
            told = f"{told}, {words}"
        url = reverse("admin:catalog_product_photos", args=[product.pk])
        return format_html('<a class="underline" href="{}">{}</a>', url, told)

    def photos_view(self, request, pk):
        product = get_object_or_404(self.scoped(request, Product.objects.all()), pk=min(pk, 10**12))
        may = self.has_change_permission(request, product)
        if not (may or self.has_view_permission(request, product)) or (request.method == "POST" and not may):
            raise PermissionDenied
        if request.method != "POST":
            return self._photos_page(request, product)
        arranging.describe(product, _typed(request, product), by=request.user)
        bad = _done(request, product)
        if bad:
            return self._photos_page(request, product, status=422, **bad)
        return see_other("admin:catalog_product_photos", product.pk)

    def _photos_page(self, request, product, *, status=200, bad_files=(), bad_urls=(), urls=""):
        photos = list(product.photos.prefetch_related("variants"))
        imports = product.photo_imports.exclude(status=PhotoImport.Status.DONE)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": product,
            "title": _("Photos of %(name)s") % {"name": product},
            "is_fullwidth": "0",
            "may_act": self.has_change_permission(request, product),
            "photos": [
                (photo, Picture.of(photo), {variant.pk for variant in photo.variants.all()})
                for photo in photos
            ],
            "missing": sum(not photo.alt for photo in photos),
            "variants": [variant for variant in product.variants.all() if variant.title],
            "imports": imports,
            "is_waiting": any(row.status == PhotoImport.Status.WAITING for row in imports),
            "bad_files": bad_files,
            "bad_urls": bad_urls,
            "urls": urls,
        }
        return TemplateResponse(request, "admin/catalog/photos.html", context, status=status)


def _typed(request, product: Product) -> dict[int, Description]:
    """What stands beside each photo; those that the page did not show stay as they are."""
    return {
        pk: Description(
            request.POST[f"alt-{pk}"].replace("\0", "").strip()[:300],
            frozenset(_numbers(request.POST.getlist(f"variants-{pk}"))),
        )
        for pk in product.photos.values_list("pk", flat=True)
        if f"alt-{pk}" in request.POST
    }


def _done(request, product: Product) -> dict:
    """Do what the pressed button says; returns what went wrong, for the page."""
    verb, _colon, which = request.POST.get("do", "").partition(":")
    if verb == "upload":
        return _take_files(request, product)
    if verb == "fetch":
        return _take_addresses(request, product)
    if verb == "order":
        arranging.arrange(product, _numbers(request.POST.get("order", "").split(",")), by=request.user)
    elif verb in ("again", "forget"):
        for row in product.photo_imports.filter(pk__in=_numbers([which])):
            collecting.again(row, by=request.user) if verb == "again" else collecting.forget(row)
    else:
        for photo in product.photos.filter(pk__in=_numbers([which])):
            _with_photo(verb, product, photo, by=request.user)
    messages.success(request, _("Saved."))
    return {}


def _with_photo(verb: str, product: Product, photo: Photo, *, by) -> None:
    if verb == "remove":
        photographing.remove(photo, by=by)
    elif verb in PLACES:
        arranging.move(product, photo, by_places=PLACES[verb], by=by)


def _take_files(request, product: Product) -> dict:
    uploads = request.FILES.getlist("files")
    if not uploads:
        return {"bad_files": [_("Choose one or more pictures.")]}
    kept, bad = 0, []
    for upload in uploads[:MOST_AT_ONCE]:
        found = look_at(upload)
        if isinstance(found, NotAPhoto):
            bad.append(f"{upload.name}: {found.message}")
        else:
            photographing.keep(found, product=product, by=request.user)
            kept += 1
    if len(uploads) > MOST_AT_ONCE:
        bad.append(_("We took the first %(count)s. Send the others now.") % {"count": MOST_AT_ONCE})
    if kept:
        taken = ngettext("%(n)s picture is here.", "%(n)s pictures are here.", kept) % {"n": kept}
        messages.success(request, taken)
    return {"bad_files": bad} if bad else {}


def _take_addresses(request, product: Product) -> dict:
    typed = request.POST.get("urls", "").replace("\0", "").split()
    if not typed:
        return {"bad_urls": [_("Enter one or more addresses.")]}
    bad, left = [], []
    for url in typed[:MOST_AT_ONCE]:
        try:
            collecting.ask(product, url=url, by=request.user)
        except Refused as refusal:
            bad.append(f"{url[:100]}: {refusal.message}")
            left.append(url[:1000])
    if left or typed[MOST_AT_ONCE:]:
        left += typed[MOST_AT_ONCE:]
        bad = bad or [_("We took the first %(count)s. Send the others now.") % {"count": MOST_AT_ONCE}]
    return {"bad_urls": bad, "urls": "\n".join(left)} if bad else {}


def _numbers(texts) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 13]
