"""Whose a product is: a guest seller's, or the shop's own (no seller).

A seller's goods lie at its own places. One that has none keeps them at the shop's, whose team then sends them. Where goods
lie decides who sends them, so a product with stock changes hands only when its shelves are empty. A set consists of goods
of the seller of the set. When a seller closes, its products go off sale.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalog import publishing
from catalog.models import BundlePart, Product, StockItem, StockLocation

BATCH = 500


def places_of(seller: int | None) -> QuerySet[StockLocation]:
    """The open places where goods of this seller may lie."""
    rows = StockLocation.objects.filter(is_active=True)
    if seller is None or not rows.filter(seller=seller).exists():
        return rows.filter(seller=None)
    return rows.filter(seller=seller)


def places_by_seller(sellers: Iterable[int | None]) -> dict[int | None, list[StockLocation]]:
    """`places_of` for several, in one query."""
    found: dict[int | None, list[StockLocation]] = {None: []}
    for place in StockLocation.objects.filter(is_active=True):
        found.setdefault(place.seller_id, []).append(place)
    return {seller: found.get(seller) or found[None] for seller in sellers}


def check_hand_over(product: Product, *, seller: int | None) -> None:
    """Whether it may become `seller`'s. Raises ValidationError."""
    before = Product.objects.filter(pk=product.pk).values_list("seller", flat=True).first()
    if not product.pk or before == seller:
        return
    lying = StockItem.objects.filter(
        Q(on_hand__gt=0) | Q(reserved__gt=0) | Q(expected__gt=0), variant__product=product.pk
    )
    if lying.exists():
        raise ValidationError(
            _("There is stock of it: count its shelves to 0 before it becomes another seller's.")
        )
    together = BundlePart.objects.filter(
        Q(component__product=product.pk) | Q(bundle__product=product.pk, component__isnull=False)
    )
    if together.exists():
        raise ValidationError(_("It belongs to a set: sets consist of goods of one seller."))


def check_place(place: StockLocation, *, seller: int | None) -> None:
    """Whether the place may become `seller`'s: not while goods of others lie there. Raises ValidationError."""
    lying = StockItem.objects.filter(
        Q(on_hand__gt=0) | Q(reserved__gt=0) | Q(expected__gt=0), location=place.pk
    )
    if place.pk and seller is not None and lying.exclude(variant__product__seller=seller).exists():
        raise ValidationError(_("Goods of others lie here: book them out first."))


def retract(seller: int) -> int:
    """Take what a closed seller has on sale off sale; returns how many products. May run twice."""
    done = 0
    while batch := list(Product.objects.filter(seller=seller, status=Product.Status.ACTIVE)[:BATCH]):
        for product in batch:
            with transaction.atomic():
                done += _took_off(product)
    return done


def _took_off(product: Product) -> bool:
    try:
        publishing.unpublish(product)
    except publishing.WrongMoment:
        return False  # somebody was faster
    return True
