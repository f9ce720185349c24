"""Writing a review, and finding one helpful."""

import hashlib
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog import reviewing
from catalog.models import Product, Review
from catalog.photos.pictures import Picture
from catalog.voices import voting
from catalog.voices.listening import Asked
from catalog.voices.review_forms import WORDS, ReviewForm
from shop.core import limits
from shop.core.errors import Refused
from shop.core.http import client_ip, private, same_origin, see_other

TRIES = {"limit": 30, "seconds": 3600}  # of one visitor: each may bring pictures to draw anew
PER_VISITOR = {"limit": 10, "seconds": 3600}
PER_ADDRESS = {"limit": 10, "seconds": 24 * 3600}
VOTES = {"limit": 3, "seconds": 24 * 3600}  # of one visitor for one review, should he clear his cookies
IDS = "%s"
A_YEAR = 365 * 24 * 3600


@private
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, slug):
    product = _product(slug)
    try:
        standing = reviewing.standing_of(
            product, user=request.user, token=request.GET.get("invitation", "")[:200]
        )
    except Refused as refusal:
        return _not_you(request, product, refusal)
    if request.method != "POST":
        return _page(request, product, standing, ReviewForm(initial=_known(request, standing), auto_id=IDS))
    try:
        limits.hit(f"review-try:{client_ip(request)}", **TRIES)
        form = ReviewForm(request.POST, request.FILES, auto_id=IDS)
        if not form.is_valid():
            return _page(request, product, standing, form, status=422)
        return _written(request, product, standing, form)
    except limits.TooMany as refusal:
        form = ReviewForm(request.POST, auto_id=IDS)
        form.add_error(None, refusal.message)
        return _page(request, product, standing, form, status=429)


@private
@require_GET
def thank(request, slug):
    return render(request, "catalog/review_sent.html", {"product": _product(slug)})


@same_origin
@require_POST
@private
def vote(request, slug, pk):
    """From a cached page, to which it returns; that page thanks by what its address says."""
    review = get_object_or_404(Review, pk=min(pk, 10**12), product__slug=slug)
    limits.hit(f"helpful:{review.pk}:{client_ip(request)}", **VOTES)
    known = request.get_signed_cookie(settings.SHOP_BALLOT_COOKIE_NAME, default="")
    ballot = known or voting.draw_ballot()
    try:
        voting.vote(review, ballot=ballot)
    except voting.NotShown:
        return see_other("catalog:product", slug)
    response = see_other(_back_to(request, slug, review))
    if not known:
        response.set_signed_cookie(
            settings.SHOP_BALLOT_COOKIE_NAME,
            ballot,
            max_age=A_YEAR,
            secure=settings.SHOP_IS_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _product(slug) -> Product:
    return get_object_or_404(Product.objects.with_page().select_related("search"), slug=slug)


def _written(request, product, standing, form):
    given = form.cleaned_data
    limits.hit(f"review:{client_ip(request)}", **PER_VISITOR)
    address = hashlib.sha256(standing.email.encode()).hexdigest()[:24]
    limits.hit(f"review-by:{address}", **PER_ADDRESS)
    words = {name: given[name] for name in ("stars", "title", "text", "author", "photos")}
    try:
        reviewing.write(product, standing=standing, without=_without(request), **words)
    except limits.TooMany:
        raise
    except reviewing.TooManyPhotos as refusal:
        form.add_error("photos", refusal.message)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    else:
        return see_other("catalog:review_sent", product.slug)
    return _page(request, product, standing, form, status=422)


def _page(request, product, standing, form, *, status=200):
    review = standing.review
    context = {
        "product": product,
        "form": form,
        "standing": standing,
        "review": review,
        "may_change": review is None or reviewing.may_change(review),
        "photos": [(photo.pk, Picture.of(photo)) for photo in review.photos.all()] if review else [],
        "words": WORDS.items(),
        "stars": _chosen(form),
    }
    return render(request, "catalog/review.html", context, status=status)


def _not_you(request, product, refusal):
    ways = {"product": product, "refusal": refusal.message, "sign_in": refusal.data.get("sign_in")}
    ways["sign_in"] = ways["sign_in"] and not request.user.is_authenticated
    ways["next"] = reverse("catalog:review", args=[product.slug])
    return render(request, "catalog/review_closed.html", ways, status=403)


def _known(request, standing) -> dict:
    if standing.review:
        return {name: getattr(standing.review, name) for name in ("stars", "title", "text", "author")}
    return {"author": request.user.name.split(" ")[0]} if request.user.is_authenticated else {}


def _chosen(form) -> int:
    value = str(form["stars"].value() or "")
    return int(value) if value in {"1", "2", "3", "4", "5"} else 0


def _without(request) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("without") if pk.isdecimal() and len(pk) < 13]


def _back_to(request, slug, review) -> str:
    """The same reviews, in the same order."""
    query = Asked.by(request.GET).url().partition("#")[0][1:]
    thanks = urlencode({"thanked": review.pk})
    return (
        f"{reverse('catalog:product', args=[slug])}?{query}{'&' if query else ''}{thanks}#review-{review.pk}"
    )
