"""How the demo's things are found: words that mean the same, two collections, and what visitors have searched for lately."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from catalog.models import Collection, CollectionItem, Product, SearchedTerm, Synonym
from shop.core import keeping

SYNONYMS = {  # word → others, both ways
    "stoneware": ["ceramic", "pottery", "porcelain"],
    "mug": ["tumbler", "coffee mug"],
    "notebook": ["jotter", "writing pad"],
    "planner": ["agenda", "organiser", "organizer", "calendar"],
    "poster": ["wall decoration", "art print"],
    "frame": ["framed", "picture frame"],
    "tee": ["top", "jersey"],
    "wave": ["sea", "ocean"],
}
ONE_WAY = {"hill": ["contour", "ridge"], "flower": ["sunflower", "stem"], "map": ["contour"]}
COLLECTIONS: list[dict] = [
    {
        "slug": "desk-by-the-window",
        "name": "A desk by the window",
        "description": "What stands on ours: paper that lies flat, a mug that stays warm, one print to look up at.",
        "kind": Collection.Kind.PICKED,
        "products": [
            "quarter-turn-notebook", "terrazzo-mug", "contour-eleven", "five-fold-notebook", "nine-waves-mug", "three-stems",
        ],
    },
    {
        "slug": "small-presents",
        "name": "Small presents",
        "description": "Everything in stock for up to €20.",
        "kind": Collection.Kind.RULE,
        "rule": {"in_stock": True, "price_max": 2000},
    },
]  # fmt: skip
# (searches a week, products found): what found nothing shows sellers what is missing.
SEARCHED = {
    "mug": (41, 6), "moon": (23, 2), "contour": (19, 4), "poster a3": (14, 19), "notebook": (12, 5),
    "sunflower": (9, 3), "terrazzo": (8, 3), "planner": (5, 1), "socks": (4, 0), "tote bag": (3, 0), "wrapping paper": (2, 0),
}  # fmt: skip
WEEKS = 4


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}."""
    for is_two_way, known in ((True, SYNONYMS), (False, ONE_WAY)):
        for word, others in known.items():
            Synonym.objects.update_or_create(word=word, defaults={"others": others, "is_two_way": is_two_way})
    for place, row in enumerate(COLLECTIONS):
        _collect(row, place)
    _remember_searches()
    keeping.forget("lists")
    return {"synonyms": Synonym.objects.count(), "collections": Collection.objects.count()}


def _collect(row: dict, place: int) -> None:
    fields = {name: row[name] for name in ("name", "description", "kind", "rule") if name in row}
    collection, _made = Collection.objects.update_or_create(
        slug=row["slug"], defaults=fields | {"on_home": True, "position": place}
    )
    products = Product.objects.in_bulk(row.get("products", []), field_name="slug")
    for position, slug in enumerate(row.get("products", [])):
        CollectionItem.objects.update_or_create(
            collection=collection, product=products[slug], defaults={"position": position}
        )


def _remember_searches() -> None:
    today = timezone.localdate()
    rows = [
        SearchedTerm(
            day=today - timedelta(days=7 * week), language="en", term=term, searches=number, hits=hits
        )
        for week in range(WEEKS)
        for term, (number, hits) in SEARCHED.items()
    ]
    SearchedTerm.objects.bulk_create(rows, ignore_conflicts=True)
