"""A promotion in one sentence, for sellers: "10 % off prints, until 30 November, together with other lanes"."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cart.benefits import percent_text
from cart.building import points_of
from cart.models import Promotion
from shop.core.money import Money

Kind = Promotion.Kind


def in_words(promotion: Promotion) -> str:
    """Reads what the promotion names: for one row, not for lists."""
    parts = [
        _what(promotion),
        *_conditions(promotion),
        *_when(promotion),
        _with_a_code(promotion),
        _beside(promotion),
    ]
    return ", ".join(part for part in parts if part) + "."


def benefit_in_words(promotion: Promotion) -> str:
    """What it gives, without its goods: for lists."""
    money = _money(promotion)
    percent = percent_text(points_of(promotion.percent))
    match promotion.kind:
        case Kind.PERCENT:
            return _("%(percent)s %% off") % {"percent": percent}
        case Kind.AMOUNT:
            return _("%(amount)s off") % {"amount": money(promotion.amount_minor)}
        case Kind.EACH:
            return _("%(amount)s off each piece") % {"amount": money(promotion.amount_minor)}
        case Kind.PRICE:
            return _("%(amount)s for each piece") % {"amount": money(promotion.amount_minor)}
        case Kind.BUY_GET:
            words = {"buy": promotion.buy_quantity, "get": promotion.get_quantity, "percent": percent}
            return _("buy %(buy)s, get %(get)s at %(percent)s %% off") % words
        case Kind.TIERS:
            best = percent_text(max((points for _start, points in promotion.tiers), default=0))
            return _("up to %(percent)s %% off, the more the more") % {"percent": best}
        case Kind.GIFT:
            return _("a free item")
        case Kind.FREE_DELIVERY:
            return _("free delivery")
    return _("%(amount)s off the delivery") % {"amount": money(promotion.amount_minor)}


def _what(promotion: Promotion) -> str:
    words = benefit_in_words(promotion)
    names = [*_names(promotion, "gifts")] if promotion.kind in (Kind.GIFT, Kind.BUY_GET) else []
    if names:
        words = f"{words}: {', '.join(names)}"
    goods = [name for kind in ("products", "categories", "collections") for name in _names(promotion, kind)]
    if goods and promotion.reaches == Promotion.Scope.GOODS and promotion.kind != Kind.FREE_DELIVERY:
        words = _("%(benefit)s on %(goods)s") % {"benefit": words, "goods": ", ".join(goods)}
    elif goods:
        words = _("%(benefit)s with %(goods)s in the cart") % {"benefit": words, "goods": ", ".join(goods)}
    return (
        _("%(benefit)s, not on reduced goods") % {"benefit": words} if promotion.excludes_reduced else words
    )


def _conditions(promotion: Promotion) -> Iterator[str]:
    if promotion.min_total_minor:
        yield _("from %(amount)s on") % {"amount": _money(promotion)(promotion.min_total_minor)}
    if promotion.min_quantity:
        yield _("from %(n)s pieces on") % {"n": promotion.min_quantity}
    if groups := list(_names(promotion, "groups")):
        yield _("for %(groups)s") % {"groups": ", ".join(groups)}
    if promotion.is_for_first_order:
        yield _("for a first order")
    if promotion.countries:
        yield _("to %(countries)s") % {"countries": ", ".join(promotion.countries)}


def _when(promotion: Promotion) -> Iterator[str]:
    if promotion.starts_at:
        yield _("from %(day)s") % {"day": date_format(localtime(promotion.starts_at), "DATE_FORMAT")}
    if promotion.ends_at:
        yield _("until %(day)s") % {"day": date_format(localtime(promotion.ends_at), "DATE_FORMAT")}


def _with_a_code(promotion: Promotion) -> str:
    return _("with a code") if promotion.needs_code else ""


def _beside(promotion: Promotion) -> str:
    """Which others it stands beside: those of the other lanes that run now or will."""
    if promotion.is_exclusive:
        return _("never together with another promotion")
    others = Promotion.objects.filter(is_active=True, is_exclusive=False).exclude(pk=promotion.pk)
    names = list(others.exclude(lane=promotion.lane).order_by("name").values_list("name", flat=True)[:5])
    return _("together with %(names)s") % {"names": ", ".join(names)} if names else ""


def _names(promotion: Promotion, kind: str) -> Iterator[str]:
    if promotion.pk:
        yield from (str(one) for one in getattr(promotion, kind).all()[:10])


def _money(promotion: Promotion):
    return lambda minor: Money(minor or 0, promotion.currency).format() if promotion.currency else str(minor)
