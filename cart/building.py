"""From a promotion's row to the rule that the engine applies."""

from decimal import Decimal

from cart import benefits
from cart.benefits import Benefit
from cart.conditions import Condition, FirstOrder, HasGoods, InGroup, MinQuantity, MinTotal, PaidIn, SentTo
from cart.models import Promotion
from cart.rules import Rule
from cart.situation import Goods
from shop.core.models import told

Kind, ALL = Promotion.Kind, Promotion.Scope.ALL


def rule_of(promotion: Promotion, *, code: str = "") -> Rule:
    """`promotion` comes from Promotion.objects.with_ids(); its name is said in the reader's language."""
    goods = Goods(
        products=frozenset(promotion.products_ids),
        categories=frozenset(promotion.categories_ids),
        collections=frozenset(promotion.collections_ids),
        excludes_reduced=promotion.excludes_reduced,
    )
    return Rule(
        pk=promotion.pk,
        name=told(promotion).name,
        benefit=_benefit(promotion, goods),
        conditions=tuple(_conditions(promotion)),
        goods=goods,
        counts_all=promotion.counts == ALL,
        reaches_all=promotion.reaches == ALL,
        lane=promotion.lane,
        priority=promotion.priority,
        is_exclusive=promotion.is_exclusive,
        code=code,
    )


def _conditions(promotion: Promotion) -> list[Condition]:
    found: list[Condition] = []
    if promotion.currency:
        found.append(PaidIn(promotion.currency))
    found.append(HasGoods())
    if promotion.groups_ids:
        found.append(InGroup(frozenset(promotion.groups_ids)))
    if promotion.is_for_first_order:
        found.append(FirstOrder())
    if promotion.countries:
        found.append(SentTo(frozenset(promotion.countries)))
    if promotion.min_total_minor:
        found.append(MinTotal(promotion.min_total_minor))
    if promotion.min_quantity:
        found.append(MinQuantity(promotion.min_quantity))
    return found


def _benefit(promotion: Promotion, goods: Goods) -> Benefit:
    amount, points = promotion.amount_minor or 0, points_of(promotion.percent)
    gifts = Goods(products=frozenset(promotion.gifts_ids))
    match promotion.kind:
        case Kind.PERCENT:
            return benefits.PercentOff(points)
        case Kind.AMOUNT:
            return benefits.AmountOff(amount)
        case Kind.EACH:
            return benefits.AmountOffEach(amount)
        case Kind.PRICE:
            return benefits.FixedPrice(amount)
        case Kind.BUY_GET:
            return benefits.BuyGet(
                buy=promotion.buy_quantity or 1,
                get=promotion.get_quantity or 1,
                buys=goods,
                gets=gifts if promotion.gifts_ids else None,
                points=points,
            )
        case Kind.TIERS:
            steps = tuple((start, off) for start, off in promotion.tiers)
            return benefits.Tiers(steps, by_pieces=promotion.counts_pieces)
        case Kind.GIFT:
            return benefits.FreeItem(gifts, promotion.get_quantity or 1)
        case Kind.FREE_DELIVERY:
            return benefits.FreeDelivery(promotion.delivery_up_to_minor)
        case Kind.DELIVERY_OFF:
            return benefits.DeliveryOff(amount)
    raise ValueError(f"promotion {promotion.pk} is of an unknown kind")


def points_of(percent: Decimal | None) -> int:
    """1250 basis points of 12.5 per cent."""
    return int((percent or 0) * 100)
