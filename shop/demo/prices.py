"""Prices that show what price lists can do: trade terms, a sale that runs, one that comes, and a past to compare with."""

from datetime import timedelta

from django.db.models import Q

from catalog.models import Category, PriceList, PublicPrice, Variant
from catalog.prices import editing, repricing
from shop.accounts.models import CustomerGroup
from shop.core import clock
from shop.core.money import Money
from shop.demo import people
from shop.demo.signins import TRADER

OPENED = timedelta(days=420)
REDUCED = timedelta(days=12)  # since when the products with a former price have been reduced
TRADE = {1: 85, 10: 75, 50: 65}  # from so many pieces: per cent of the price
RUNNING, COMING = "Notebook weeks", "Winter mugs"


def load_past() -> None:
    """What everybody paid since the shop opened, for what has no history yet."""
    now = clock.now()
    fresh = Variant.objects.on_sale_now().filter(~Q(pk__in=PublicPrice.objects.values("variant")))
    rows = []
    for variant in fresh:
        usual = variant.compare_at_minor or variant.price_minor
        rows.append(_row(variant, usual, now - OPENED))
        if variant.compare_at_minor:
            rows.append(_row(variant, variant.price_minor, now - REDUCED, is_reduced=True))
    PublicPrice.objects.bulk_create(rows)


def load() -> dict[str, int]:
    group = CustomerGroup.objects.get_or_create(name="trade customers")[0]
    group.members.add(people.account(TRADER))
    _trade(group)
    now = clock.now()
    _sale(RUNNING, "notebooks", 80, now - timedelta(days=3), now + timedelta(days=11))
    _sale(COMING, "mugs", 85, now + timedelta(days=9), now + timedelta(days=23))
    repricing.turn_lists()
    return {"price lists": PriceList.objects.count()}


def _row(variant: Variant, minor: int, at, *, is_reduced: bool = False) -> PublicPrice:
    return PublicPrice(
        variant=variant, currency=variant.currency, price_minor=minor, is_reduced=is_reduced, at=at
    )


def _trade(group: CustomerGroup) -> None:
    fields = {"group": group, "method": PriceList.Method.FIXED}
    found, is_new = PriceList.objects.get_or_create(name="Trade terms", defaults=fields)
    if is_new:
        goods = Variant.objects.on_sale_now().filter(product__categories__slug__in=["mugs", "notebooks"])
        editing.apply_sheet(
            found,
            "\n".join(
                f"{variant.sku};{pieces};{Money(variant.price_minor * percent // 100, 'EUR').to_decimal()}"
                for variant in goods.distinct()
                for pieces, percent in TRADE.items()
            ),
        )


def _sale(name: str, category: str, percent: int, starts_at, ends_at) -> None:
    fields = {
        "method": PriceList.Method.PERCENT,
        "percent": percent,
        "ending_minor": 90,
        "category": Category.objects.get(slug=category),
        "is_sale": True,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    PriceList.objects.get_or_create(name=name, defaults=fields)
