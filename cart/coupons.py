"""Codes: entered into a cart, redeemed by an order, released when it comes to nothing.

A cart only remembers codes; what they give is reckoned each time it is read. A use is counted when the order is placed,
under the coupon's lock and by the customer's normalised address (small letters, no "+tag"), so that a code with five uses
is used five times, however many press the button at once. An order that is cancelled or never paid gives its use back.

Whoever tries codes out learns nothing: an unknown one and a mistyped one get the same answer, and tries are counted in the
database, by cart and by network.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cart.models import Cart, Coupon, CouponRedemption
from cart.rules import Without
from shop.accounts import buyers
from shop.core import clock, events, limits
from shop.core.errors import Refused
from shop.core.locks import lock

TRIES = {"limit": 10, "seconds": 600}  # of one cart
TRIES_OF_NETWORK = {"limit": 60, "seconds": 600}


class CodeRefused(Refused):
    """Unknown, expired, used up, or one too many."""


class CouponGone(Refused):
    """It could be used a moment ago. `data["code"]` says which."""


def plain(typed: str) -> str:
    """As codes are kept: capital letters and digits; spaces and dashes are for the eye."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())[:40]


def enter(cart: Cart, typed: str, *, network: str, user: Any = None) -> Coupon:
    """Remember a code. Raises CodeRefused, limits.TooMany. What it gives, or why nothing, the cart says from now on."""
    limits.hit(f"coupon:cart:{cart.pk}", **TRIES)
    limits.hit(f"coupon:net:{network}", **TRIES_OF_NETWORK)
    return _remember(cart, plain(typed), user)


@transaction.atomic
def _remember(cart: Cart, code: str, user: Any) -> Coupon:
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    coupon = Coupon.objects.select_related("promotion").filter(code=code).first() if code else None
    if coupon is None or not (coupon.is_active and coupon.promotion.is_active):
        raise CodeRefused(_("We do not know this code. Check how it is spelt."))
    if why := _against(
        coupon, at=clock.now(), used_by_customer=_used([coupon], _addresses(user)).get(coupon.pk, 0)
    ):
        raise CodeRefused(why)
    if code not in cart.codes:
        if len(cart.codes) >= Cart.MOST_CODES:
            raise CodeRefused(
                _("A cart holds %(n)s codes at most. Remove one first.") % {"n": Cart.MOST_CODES}
            )
        cart.codes = [*cart.codes, code]
        cart.save(update_fields=["codes", "updated_at"])
    return coupon


@transaction.atomic
def remove(cart: Cart, codes: Iterable[str]) -> None:
    """Forget codes; those that are not in the cart do no harm."""
    gone = {plain(code) for code in codes}
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    cart.codes = [code for code in cart.codes if code not in gone]
    cart.save(update_fields=["codes", "updated_at"])


def entered(
    cart: Cart | None, *, user_id: int | None = None, email: str = "", at: datetime
) -> tuple[list[Coupon], tuple[Without, ...]]:
    """The cart's coupons that can be used now, one a promotion, and the codes that cannot, with the reason. No query
    without codes."""
    if cart is None or not cart.codes:
        return [], ()
    known = {one.code: one for one in Coupon.objects.select_related("promotion").filter(code__in=cart.codes)}
    used = _used(known.values(), _addresses_of(user_id, email))
    good: dict[int, Coupon] = {}
    refused = []
    for code in cart.codes:
        coupon = known.get(code)
        why = (
            _against(coupon, at=at, used_by_customer=used.get(coupon.pk, 0))
            if coupon
            else _("It does not exist any more.")
        )
        if not why and coupon and coupon.promotion_id in good:
            why = _("You have entered another code for the same.")
        if why or coupon is None:
            refused.append(Without(code, why))
        else:
            good[coupon.promotion_id] = coupon
    return list(good.values()), tuple(refused)


@transaction.atomic
def redeem(codes: Collection[str], *, reference: str, email: str) -> list[CouponRedemption]:
    """One use of each, for an order that is being placed. Raises CouponGone; the same reference counts once."""
    customer, made = buyers.normalise(email), []
    found = list(lock(Coupon.objects.select_related("promotion").filter(code__in=codes)))
    if missing := sorted(set(codes) - {coupon.code for coupon in found}):
        raise CouponGone(
            _("The code %(code)s does not exist any more.") % {"code": missing[0]}, code=missing[0]
        )
    mine = _numbers(found, customer)
    for coupon in found:
        if coupon.redemptions.filter(reference=reference, released_at=None).exists():
            continue
        numbers = mine.get(coupon.pk, set())
        if why := _against(coupon, at=clock.now(), used_by_customer=len(numbers)):
            raise CouponGone(f"{coupon.code}: {why}", code=coupon.code)
        made.append(_use(coupon, reference, customer, numbers))
    return made


@transaction.atomic
def release(reference: str) -> int:
    """Give back what this reference used; returns how many uses."""
    mine = CouponRedemption.objects.filter(reference=reference, released_at=None)
    locked = list(lock(Coupon.objects.filter(pk__in=mine.values("coupon"))))
    for coupon in locked:
        gone = mine.filter(coupon=coupon).update(released_at=clock.now())
        Coupon.objects.filter(pk=coupon.pk).update(used=F("used") - gone)
        events.record("coupon.released", coupon, reference=reference)
    return len(locked)


@transaction.atomic
def restore(reference: str) -> None:
    """An order came back to life: its discount was promised. Uses count again, as far as there are any left."""
    for row in (
        CouponRedemption.objects.filter(reference=reference)
        .exclude(released_at=None)
        .order_by("coupon", "-pk")
    ):
        coupon = lock(Coupon.objects.filter(pk=row.coupon_id)).get()
        is_live = coupon.redemptions.filter(reference=reference, released_at=None).exists()
        numbers = _numbers([coupon], row.customer).get(coupon.pk, set())
        if not is_live and not _spent(coupon, len(numbers)):
            _use(coupon, reference, row.customer, numbers)


def _use(coupon: Coupon, reference: str, customer: str, numbers: set[int | None]) -> CouponRedemption:
    number = next(n for n in range(1, coupon.most_each + 1) if n not in numbers) if coupon.most_each else None
    Coupon.objects.filter(pk=coupon.pk).update(used=F("used") + 1)
    made = CouponRedemption.objects.create(
        coupon=coupon, reference=reference, customer=customer, number=number
    )
    events.record("coupon.redeemed", coupon, reference=reference)
    return made


def _against(coupon: Coupon, *, at: datetime, used_by_customer: int) -> str:
    """Why it cannot be used now; empty when it can."""
    promotion = coupon.promotion
    ends = min((end for end in (coupon.ends_at, promotion.ends_at) if end), default=None)
    if not (coupon.is_active and promotion.is_active and promotion.needs_code):
        return _("This code is no longer valid.")
    if promotion.starts_at and promotion.starts_at > at:
        return _("This code holds from %(day)s on.") % {"day": _day(promotion.starts_at)}
    if ends and ends <= at:
        return _("This code expired on %(day)s.") % {"day": _day(ends)}
    return _spent(coupon, used_by_customer)


def _spent(coupon: Coupon, used_by_customer: int) -> str:
    if coupon.most_each is not None and used_by_customer >= coupon.most_each:
        return _("You have used this code already.")
    if coupon.most is not None and coupon.used >= coupon.most:
        return _("This code is used up.")
    return ""


def _addresses(user: Any) -> list[str]:
    return [buyers.normalise(user.email)] if user and user.is_authenticated else []


def _addresses_of(user_id: int | None, email: str) -> list[str]:
    return [buyers.normalise(one) for one in {email, buyers.email_of(user_id)} if one]


def _used(found: Iterable[Coupon], customers: list[str]) -> dict[int, int]:
    """{coupon: live uses of these addresses}, of coupons that limit them; no query where none does."""
    limited = [coupon.pk for coupon in found if coupon.most_each is not None]
    if not limited or not customers:
        return {}
    rows = CouponRedemption.objects.filter(coupon__in=limited, customer__in=customers, released_at=None)
    return dict(rows.order_by().values_list("coupon").annotate(Count("pk")))


def _numbers(found: Iterable[Coupon], customer: str) -> dict[int, set[int | None]]:
    live = CouponRedemption.objects.filter(coupon__in=list(found), customer=customer, released_at=None)
    taken: dict[int, set[int | None]] = {}
    for coupon, number in live.values_list("coupon", "number"):
        taken.setdefault(coupon, set()).add(number)
    return taken


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")
