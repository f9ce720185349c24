"""A variant as a line of a cart, an order or a parcel, read in a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.utils.translation import gettext as _

from catalog import preordering, stock
from catalog.models import Photo, Product, Variant
from catalog.photos.pictures import Picture
from catalog.pricing import Price, known_prices
from catalog.products.bundling import Part, parts_shown
from catalog.products.taking import Takes, pieces_of, takes_of, whole
from catalog.translating import said_title
from shop.core.models import told


@dataclass(frozen=True)
class LineCard:
    """What a line shows and what an order freezes. Money in minor units of `currency`."""

    variant_id: int
    product_id: int
    name: str
    choices: str  # "A4 / Oak frame"; empty when there is nothing to choose
    sku: str
    url: str
    photo: Picture | None
    price_minor: int  # of one piece, for this buyer and quantity; 0 while `is_priced` is false
    compare_at_minor: int | None
    currency: str
    is_priced: bool  # whether it is sold in this currency
    price_words: str  # why the buyer pays this: "Price for trade customers, from 10 pieces"
    weight_g: int
    is_on_sale: bool
    available: int
    low_stock_at: int
    tax_class: str
    cost_minor: int | None
    country_of_origin: str
    hs_code: str
    min_quantity: int = 1
    max_quantity: int | None = None
    quantity_step: int = 1
    content_amount: Decimal | None = None
    content_unit: str = ""
    kind: str = Product.Kind.GOODS
    takes: Takes = field(
        default_factory=dict
    )  # what one piece takes from the shelves; see catalog/products/taking.py
    free: Takes = field(default_factory=dict)  # {variant id: pieces} that are free of what it takes
    parts: tuple[Part, ...] = ()  # of a set
    custom: tuple[Mapping[str, Any], ...] = ()  # the buyer's answers: see catalog/products/customizing.py
    made_in_days: int = 0
    shipping_class: str = ""
    is_personal: bool = False  # cannot be sent back
    floor_minor: int = 0  # no promotion makes one piece cheaper
    ships_by: date | None = None  # where so many are not there yet: a preorder
    seller: str = ""  # whose contract it is; empty: the shop's own

    @property
    def details(self) -> list[str]:
        """What else to say of it: who sells it, when it ships, what a set consists of, what the buyer wants."""
        seller = [_("Sold by %(seller)s") % {"seller": self.seller}] if self.seller else []
        when = [preordering.in_words(self.ships_by)] if self.ships_by else []
        parts = [f"{part.quantity} × {part.full_name}" for part in self.parts]
        return [*seller, *when, *parts] + [f"{answer['label']}: {answer['value']}" for answer in self.custom]

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.choices}" if self.choices else self.name


def line_cards(
    quantities: Mapping[int, int],
    *,
    customer: object = None,
    currency: str = "EUR",
    held: Mapping[int, int] | None = None,
    holder: str = "",
    at: datetime | None = None,
) -> dict[int, LineCard]:
    """{variant id: LineCard} of {variant id: pieces}, at this buyer's prices in this currency.

    Who wants more than he can have (what is free, and {shelved variant id: pieces} `held` for him) gets the price of what
    he can have. Under the name of `holder` they are reserved.

    Four queries, however many, two more where there are sets, one for preorders and up to three where price lists apply;
    unknown ids are missing from the answer. `customer` is a user, a user's id or None.
    """
    variants = list(Variant.objects.filter(pk__in=set(quantities)).select_related("product__seller"))
    ids = [variant.pk for variant in variants]
    takes, photos = takes_of(variants), photos_of(variants)
    shelves = stock.shelves(pieces_of((wanted, 1) for wanted in takes.values()))
    free = {pk: shelf.free for pk, shelf in shelves.items()}
    his = {pk: left + (held or {}).get(pk, 0) for pk, left in free.items()}
    pieces = {pk: min(quantities[pk], whole(takes[pk], his)) or quantities[pk] for pk in ids}
    sets = [variant.pk for variant in variants if variant.product.kind == Product.Kind.BUNDLE]
    parts = parts_shown(sets) if sets else {}
    prices = known_prices(variants, customer=customer, quantity=pieces, currency=currency, at=at)
    awaited = stock.awaited(holder) if holder and any(shelf.ships_by for shelf in shelves.values()) else {}
    here = {pk: shelf.there + his[pk] - free[pk] - awaited.get(pk, 0) for pk, shelf in shelves.items()}
    late = {
        pk: shelf.ships_by
        for pk, shelf in shelves.items()
        if shelf.ships_by and shelf.expected + awaited.get(pk, 0) > 0
    }
    return {
        variant.pk: replace(
            _line_card(
                variant,
                photos.get(variant.pk),
                whole(takes[variant.pk], free),
                prices.get(variant.pk),
                currency,
            ),
            takes=takes[variant.pk],
            free={pk: free[pk] for pk in takes[variant.pk]},
            parts=tuple(parts.get(variant.pk, ())),
            ships_by=_ships_by(takes[variant.pk], pieces[variant.pk], here, late),
        )
        for variant in variants
    }


def _ships_by(takes: Takes, pieces: int, here: Mapping[int, int], late: Mapping[int, date]) -> date | None:
    """When so many `pieces` are there, if they wait for something that is not `here`."""
    days = [late[pk] for pk, each in takes.items() if each * pieces > here[pk] and pk in late]
    return max(days, default=None)


def photos_of(variants: Iterable[Variant]) -> dict[int, Picture]:
    """{variant id: the first picture of that variant, else of its product}, in one query."""
    variants = list(variants)
    photos = Photo.objects.filter(product__in={variant.product_id for variant in variants})
    own: dict[int, Photo] = {}
    first: dict[int | None, Photo] = {}
    shows = ArrayAgg("variants", filter=Q(variants__in=variants), default=Value([]))
    for photo in photos.annotate(shows=shows).order_by("position", "pk"):  # grouping forgets it
        first.setdefault(photo.product_id, photo)
        for variant_id in photo.shows:
            own.setdefault(variant_id, photo)
    found = {variant.pk: own.get(variant.pk) or first.get(variant.product_id) for variant in variants}
    return {pk: Picture.of(photo) for pk, photo in found.items() if photo}


def _line_card(
    variant: Variant, photo: Picture | None, available: int, price: Price | None, currency: str
) -> LineCard:
    product = variant.product
    return LineCard(
        variant_id=variant.pk,
        product_id=product.pk,
        name=told(product).name,
        choices=said_title(variant.title),
        sku=variant.sku,
        url=variant.get_absolute_url(),
        photo=photo,
        price_minor=price.amount.minor if price else 0,
        compare_at_minor=price.compare_at.minor if price and price.compare_at else None,
        currency=currency,
        is_priced=price is not None,
        price_words=price.words if price else "",
        weight_g=variant.weight_g,
        is_on_sale=variant.is_active and product.status == product.Status.ACTIVE,
        available=available,
        low_stock_at=variant.low_stock_at,
        tax_class=product.tax_class,
        cost_minor=variant.cost_minor,
        country_of_origin=product.country_of_origin,
        hs_code=product.hs_code,
        min_quantity=variant.min_quantity,
        max_quantity=variant.max_quantity,
        quantity_step=variant.quantity_step,
        content_amount=variant.content_amount,
        content_unit=variant.content_unit,
        kind=product.kind,
        shipping_class=variant.shipping_class,
        made_in_days=product.made_in_days if product.kind == Product.Kind.MADE else 0,
        is_personal=product.is_personal,
        floor_minor=_floor(variant, price),
        seller=product.seller.name if product.seller else "",
    )


def _floor(variant: Variant, price: Price | None) -> int:
    """In another currency than the variant's own it is as far below the price there, rounded up."""
    if price is None or not variant.floor_minor:
        return 0
    if price.amount.currency == variant.currency:
        return variant.floor_minor
    if not variant.price_minor:
        return price.amount.minor
    return -(-price.amount.minor * variant.floor_minor // variant.price_minor)
