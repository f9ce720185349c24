"""What customers say about a product, as its page shows it: the average, how the stars are spread, a page of reviews.

How many there are comes from the product's search row, so that a page of reviews is one query.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.models import Photo, Product, ProductSearch, Review
from catalog.photos.pictures import Picture

A_PAGE = 8
MOST_PAGES = 1000
ORDERS = {
    "newest": ("-created_at", "-pk"),
    "helpful": ("-helpful", "-created_at", "-pk"),
    "best": ("-stars", "-created_at", "-pk"),
    "worst": ("stars", "-created_at", "-pk"),
}


@dataclass(frozen=True)
class Asked:
    """What part of the reviews is wanted."""

    stars: int = 0  # 0: all
    order: str = "newest"
    page: int = 1
    thanked: int = 0  # the review that this visitor just found helpful
    variant: str = ""  # chosen above, and kept

    @classmethod
    def by(cls, params: QueryDict) -> "Asked":
        order = params.get("order", "")
        return cls(
            stars=_number(params.get("stars", ""), most=5),
            order=order if order in ORDERS else "newest",
            page=max(1, _number(params.get("page", ""), most=MOST_PAGES)),
            thanked=_number(params.get("thanked", ""), most=10**12),
            variant=params.get("variant", "")[:40],
        )

    def url(self, **over) -> str:
        """The same page with other reviews; what is usual is not named."""
        wanted = {"stars": self.stars, "order": self.order, "page": self.page} | over
        wanted = {"variant": self.variant} | wanted
        usual = {"stars": 0, "order": "newest", "page": 1, "variant": ""}
        named = {name: value for name, value in wanted.items() if value != usual[name]}
        return f"?{urlencode(named)}#reviews"


@dataclass(frozen=True)
class Voices:
    asked: Asked
    histogram: list[dict]
    reviews: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    count: int  # of those with the wanted stars
    pages: list[dict[str, Any]]
    previous: str
    next: str

    @property
    def query(self) -> str:
        """To come back to the same reviews."""
        return self.asked.url().partition("#")[0][1:]


def voices_of(product: Product, row: ProductSearch, params: QueryDict, *, shop_name: str) -> Voices:
    """In one query, given the product's search row; none where there are no reviews."""
    asked = Asked.by(params)
    count = row.page["stars"].get(str(asked.stars), 0) if asked.stars else row.rating_count
    last = max(1, -(-count // A_PAGE))
    asked = replace(asked, page=min(asked.page, last))
    found = list(_shown(product, asked)) if count else []
    return Voices(
        asked=asked,
        histogram=_histogram(row, asked),
        reviews=[_review(review, shop_name, asked) for review in found],
        orders=_orders(asked),
        count=count,
        pages=_pages(asked, last),
        previous=asked.url(page=asked.page - 1) if asked.page > 1 else "",
        next=asked.url(page=asked.page + 1) if asked.page < last else "",
    )


def _shown(product: Product, asked: Asked) -> QuerySet[Review]:
    pictures = Photo.objects.filter(review=OuterRef("pk")).order_by("position", "pk")
    fields = {"path": "file"} | {name: name for name in ("width", "height", "color", "alt", "widths")}
    reviews = product.reviews.filter(status=Review.Status.PUBLISHED)
    if asked.stars:
        reviews = reviews.filter(stars=asked.stars)
    start = (asked.page - 1) * A_PAGE
    reviews = reviews.select_related("variant").annotate(
        pictures=ArraySubquery(pictures.values(found=JSONObject(**fields)))
    )
    return reviews.order_by(*ORDERS[asked.order])[start : start + A_PAGE]


def _review(review, shop_name: str, asked: Asked) -> dict[str, Any]:
    return {
        "id": review.pk,
        "rating": review.stars,
        "title": review.title,
        "text": review.text,
        "name": review.author,
        "date": review.created_at,
        "verified": review.is_verified,
        "variant": review.variant.title if review.variant else "",
        "photos": [Picture.from_json(found) for found in review.pictures],
        "helpful": review.helpful,
        "thanked": review.pk == asked.thanked,
        "reply": {"text": review.reply, "name": shop_name} if review.reply else None,
    }


def _histogram(row: ProductSearch, asked: Asked) -> list[dict]:
    counts = {value: row.page["stars"].get(str(value), 0) for value in range(5, 0, -1)}
    return [
        {
            "stars": value,
            "count": number,
            "share": round(100 * number / row.rating_count) if row.rating_count else 0,
            "url": asked.url(stars=0 if value == asked.stars else value, page=1),
            "current": value == asked.stars,
        }
        for value, number in counts.items()
    ]


def _orders(asked: Asked) -> list[dict[str, Any]]:
    words = {
        "newest": _("Newest first"),
        "helpful": _("Most helpful first"),
        "best": _("Most stars first"),
        "worst": _("Fewest stars first"),
    }
    return [
        {"value": value, "label": label, "checked": value == asked.order} for value, label in words.items()
    ]


def _pages(asked: Asked, last: int) -> list[dict[str, Any]]:
    """The first, the last and those around the present one; a gap has no number."""
    near = sorted({1, last, *range(max(1, asked.page - 1), min(last, asked.page + 1) + 1)})
    shown: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number > before + 1:
            shown.append({})
        shown.append({"number": number, "url": asked.url(page=number), "current": number == asked.page})
    return shown if last > 1 else []


def _number(text: str, *, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 13 else 0
