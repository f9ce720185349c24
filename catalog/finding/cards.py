"""A product as a card in a list, made from its search row alone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import preordering
from catalog.models import ProductSearch
from catalog.photos.pictures import NoPicture, Picture
from catalog.pricing import Price, with_lowest
from catalog.products.unit_pricing import unit_price
from catalog.translating import named
from shop.core.money import Money
from shop.core.wording import said

NEW_FOR = timedelta(days=30)
SWATCHES = 5


def card_of(row: ProductSearch) -> dict[str, Any]:
    """The values that components/product_card.html wants."""
    return {
        "id": row.pk,
        "url": reverse("catalog:product", args=[row.card["slug"]]),
        "name": named(row.name, row.card.get("names", {})),
        "kind": named(row.card["kind"], row.card.get("kinds", {})),
        "image": Picture.from_json(row.card["photo"]) or NoPicture(),
        "price": Money(row.price_minor, row.currency),
        "was": Money(row.compare_at_minor, row.currency) if row.compare_at_minor else None,
        "lowest": Money(row.lowest_minor, row.currency) if row.lowest_minor is not None else None,
        "unit_price": _unit_price(row),
        "from": row.price_max_minor > row.price_minor,
        "rating": row.rating,
        "rating_count": row.rating_count,
        "badge": badge_of(row),
        "swatches": [swatch | {"name": said(swatch["name"])} for swatch in row.card["swatches"][:SWATCHES]],
        "hint": hint_of(row.card["choices"]),
        "sold_out": not row.in_stock,
        "price_note": _preorder_note(row),
    }


def _preorder_note(row: ProductSearch) -> str:
    day = row.card.get("ships_by")
    return preordering.in_words(date.fromisoformat(day)) if day else ""


def _unit_price(row: ProductSearch) -> str:
    amount, unit = row.card.get("content") or ("0", "")
    return unit_price(Money(row.price_minor, row.currency), amount=Decimal(amount), unit=unit)


def badge_of(row: ProductSearch) -> dict[str, str] | None:
    """One at most: sold out before preorder before sale before low before new."""
    if not row.in_stock:
        return {"kind": "out", "label": _("Sold out")}
    if row.card.get("ships_by"):
        return {"kind": "info", "label": _("Preorder")}
    if row.is_reduced:
        return {"kind": "sale", "label": _sale_label(row)}
    if row.card["is_low"]:
        return {"kind": "warn", "label": _("Few left")}
    if row.published_at and row.published_at > timezone.now() - NEW_FOR:
        return {"kind": "info", "label": _("New")}
    return None


def _sale_label(row: ProductSearch) -> str:
    """A percentage only where the lowest price of 30 days allows one."""
    price = Money(row.price_minor, row.currency)
    was = Money(row.compare_at_minor, row.currency) if row.compare_at_minor else None
    percent = with_lowest(Price(price, was), row.lowest_minor).saving_percent
    return f"−{percent} %" if percent else _("Sale")


def hint_of(choices: list[list]) -> str:
    """[["Size", 4], ["Frame", 3]] → "4 sizes, 3 frames"; a single value is no choice."""
    return ", ".join(_counted(name, number) for name, number in choices if number > 1)


def _counted(name: str, number: int) -> str:
    words = {
        "size": ngettext("%(n)d size", "%(n)d sizes", number),
        "colour": ngettext("%(n)d colour", "%(n)d colours", number),
        "frame": ngettext("%(n)d frame", "%(n)d frames", number),
        "cover": ngettext("%(n)d cover", "%(n)d covers", number),
    }
    text = words.get(name.lower()) or ngettext("%(n)d choice", "%(n)d choices", number)
    return text % {"n": number}
