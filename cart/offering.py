"""Which promotions a cart may get: the automatic ones that run now and those of its codes, read once, with all that they
depend on. One query where nothing runs; what is never asked for (groups, earlier orders, collections) is never read.
"""

from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db.models import Q

from cart import coupons, promotions
from cart.building import rule_of
from cart.models import Cart, Promotion
from cart.rules import Outcome, Rule, Without
from cart.situation import Situation, Ware
from catalog.finding.lines import LineCard
from catalog.finding.memberships import categories_of, collections_of
from catalog.models import Product
from shop.accounts import buyers
from shop.core import clock

KEPT_KEY, KEPT_SECONDS = "promotions", 10


@dataclass(frozen=True)
class Deal:
    """`refused` are codes that cannot be used at all, with the reason."""

    situation: Situation
    rules: tuple[Rule, ...] = ()
    refused: tuple[Without, ...] = ()
    categories: Mapping[int, frozenset[int]] = field(default_factory=dict)  # of products
    collections: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def outcome(self, items: Sequence[tuple[LineCard, int]], *, delivery_minor: int | None = None) -> Outcome:
        """Of {card: pieces}, in order. Gift cards are money: no promotion counts or lowers them."""
        wares = {
            place: self._ware(card, quantity)
            for place, (card, quantity) in enumerate(items)
            if quantity and card.kind != Product.Kind.GIFT_CARD
        }
        found = promotions.apply(
            list(wares.values()), self.rules, self.situation, delivery_minor=delivery_minor
        )
        lines = dict(zip(wares, found.lines, strict=False))
        return Outcome(
            lines=tuple(lines.get(place, ()) for place in range(len(items))),
            delivery=found.delivery,
            hints=found.hints,
            without=(*self.refused, *found.without),
        )

    def _ware(self, card: LineCard, quantity: int) -> Ware:
        return Ware(
            product_id=card.product_id,
            unit_minor=card.price_minor,
            quantity=quantity,
            categories=self.categories.get(card.product_id, frozenset()),
            collections=self.collections.get(card.product_id, frozenset()),
            is_reduced=bool(card.compare_at_minor),
            floor_minor=min(card.floor_minor, card.price_minor),
        )


def deal_for(
    cart: Cart | None,
    cards: Iterable[LineCard],
    *,
    currency: str,
    user_id: int | None = None,
    email: str = "",
    country: str = "",
    at: datetime | None = None,
    is_binding: bool = True,
    also: Promotion | None = None,
) -> Deal:
    """For the goods `cards` of a cart, as far as is known who buys and where it goes.

    Where nothing is agreed on yet (`is_binding` false) automatic promotions may be known for up to KEPT_SECONDS. `also` is
    one that counts whether it runs or not.
    """
    at = at or clock.now()
    entered, refused = coupons.entered(cart, user_id=user_id, email=email, at=at)
    code_of = {coupon.promotion_id: coupon.code for coupon in entered}
    running = _running(at, code_of, is_binding=is_binding)
    if also is not None:
        running = [one for one in running if one.pk != also.pk]
        running += Promotion.objects.filter(pk=also.pk).with_ids()
        code_of |= {also.pk: also.name}
    rules = tuple(rule_of(one, code=code_of.get(one.pk, "")) for one in running)
    products = {card.product_id for card in cards}
    return Deal(
        situation=Situation(
            currency=currency,
            country=country,
            groups=_groups(user_id) if any(one.groups_ids for one in running) else frozenset(),
            is_first=_is_first(running, user_id, email),
        ),
        rules=rules,
        refused=refused,
        categories=_memberships(categories_of, products, (rule.goods.categories for rule in rules)),
        collections=_memberships(collections_of, products, (rule.goods.collections for rule in rules)),
    )


def _running(at: datetime, with_codes: Iterable[int], *, is_binding: bool) -> list[Promotion]:
    if is_binding:
        wanted = Q(needs_code=False) | Q(pk__in=with_codes)
        return list(Promotion.objects.running(at).filter(wanted).with_ids())
    kept: list[Promotion] | None = cache.get(KEPT_KEY)
    if kept is None:
        kept = list(Promotion.objects.filter(is_active=True, needs_code=False).with_ids())
        cache.set(KEPT_KEY, kept, KEPT_SECONDS)
    ours = Promotion.objects.running(at).filter(pk__in=with_codes).with_ids() if with_codes else ()
    return [*(one for one in kept if one.runs_at(at)), *ours]


def forget_kept() -> None:
    """A promotion was changed: the next cart reads them anew."""
    cache.delete(KEPT_KEY)


def _groups(user_id: int | None) -> frozenset[int]:
    return buyers.groups_of(user_id) if user_id else frozenset()


def _is_first(running: Iterable[Promotion], user_id: int | None, email: str) -> bool | None:
    if not (user_id or email) or not any(one.is_for_first_order for one in running):
        return None
    return not buyers.has_ordered(email, user_id=user_id)


def _memberships(read, products: Some[int], named: Iterable[frozenset[int]]) -> Mapping[int, frozenset[int]]:
    wanted = frozenset().union(*named)
    return read(products, among=wanted) if wanted and products else {}
