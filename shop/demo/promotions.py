"""Two promotions that hold by themselves, and a code for a first order that everybody may try."""

from django.db import transaction

from cart.models import Coupon, Promotion
from cart.offering import forget_kept
from catalog.models import Category
from shop.demo.signins import CODE

Kind = Promotion.Kind
PROMOTIONS: list[dict] = [
    {
        "name": "Three notebooks for two",
        "german": "Drei Notizbücher für zwei",
        "category": "notebooks",
        "fields": {"kind": Kind.BUY_GET, "buy_quantity": 2, "get_quantity": 1, "percent": 100},
    },
    {
        "name": "Mugs by the shelf",
        "german": "Becher fürs ganze Regal",
        "category": "mugs",
        "fields": {"kind": Kind.TIERS, "counts_pieces": True, "tiers": [[3, 1000], [6, 1500]]},
    },
    {
        "name": "Welcome",
        "german": "Willkommen",
        "fields": {
            "kind": Kind.PERCENT,
            "percent": 10,
            "needs_code": True,
            "is_for_first_order": True,
            "lane": Promotion.Lane.LAST,
        },
    },
]


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}. What a seller has changed since stays."""
    for row in PROMOTIONS:
        promotion, made = Promotion.objects.get_or_create(name=row["name"], defaults=row["fields"])
        if made:
            promotion.translate("de", name=row["german"])
            promotion.save(update_fields=["texts"])
            promotion.categories.set(Category.objects.filter(slug=row.get("category", "")))
        if promotion.needs_code:
            Coupon.objects.get_or_create(code=CODE, defaults={"promotion": promotion, "most_each": 1})
    forget_kept()
    return {"promotions": Promotion.objects.count(), "codes": Coupon.objects.count()}
