"""A preorder sells what is not there yet: so many pieces, which leave by a day that the seller names.

Pieces that are expected and not promised to anybody count as available. When goods come in, they are expected no longer:
those who waited get theirs first (catalog/serving.py), the rest is sold as what it is. Once the day has passed nothing more
is promised by it: what nobody preordered is no longer sold, and the seller is asked for another day. Whoever has preordered
keeps his promise until then.

Only goods are preordered; a set is, where one of its parts is. Restocking returned goods changes nothing in what is
expected.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.ledger import Change, apply, locked
from catalog.models import Movement, Product, Reservation, StockItem, StockLocation, Variant
from catalog.products import owning
from shop.core import clock, events
from shop.core.errors import Refused

MOST = 100_000


class WrongPreorder(Refused):
    """The day has passed, fewer pieces than are promised, or nothing that can be preordered."""


@transaction.atomic
def take_preorders(variant: Variant, *, ships_by: date, pieces: int, by: Any = None) -> None:
    """Sell up to `pieces` (those that are preordered and have not come yet included) that leave by `ships_by`.

    Raises WrongPreorder.
    """
    here = _shelf(variant)
    items = locked(Q(variant=variant))
    check(variant, ships_by=ships_by, pieces=pieces)
    Variant.objects.filter(pk=variant.pk).update(ships_by=ships_by)
    changes = {here.pk: Change(expected=pieces - sum(row.expected for row in items.values()))}
    apply(items, changes, kind=Movement.Kind.EXPECT, by=by)
    variant.ships_by = ships_by
    events.record("variant.preorder_changed", variant, by=by, ships_by=ships_by.isoformat(), pieces=pieces)


def check(variant: Variant, *, ships_by: date, pieces: int) -> None:
    """Whether it can be preordered like this. Raises WrongPreorder, with the `field` of its form that is wrong."""
    if variant.product.kind != Product.Kind.GOODS:
        text = _("Only goods that are kept in stock can be preordered.")
        raise WrongPreorder(text, field="preorder_pieces")
    if ships_by < today():
        text = _("That day has passed. Name one that is still to come.")
        raise WrongPreorder(text, field="preorder_day")
    _expected, promised = state_of(variant)
    if not promised <= pieces <= MOST:
        text = _("Enter from %(least)s (so many are promised already) to %(most)s pieces.")
        raise WrongPreorder(text % {"least": promised, "most": MOST}, field="preorder_pieces")


@transaction.atomic
def stop_preorders(variant: Variant, *, by: Any = None) -> None:
    """Sell no more of what is not there. Those who have preordered are still served, by the day that they were told."""
    items = locked(Q(variant=variant))
    changes = {pk: Change(expected=row.preordered - row.expected) for pk, row in items.items()}
    apply(items, changes, kind=Movement.Kind.EXPECT, by=by)
    if not any(row.preordered for row in items.values()):
        Variant.objects.filter(pk=variant.pk).update(ships_by=None)
        variant.ships_by = None
    events.record("variant.preorder_changed", variant, by=by, pieces=0)


def stop_overdue(*, limit: int = 200) -> int:
    """Periodic: whatever should have left before today is no longer sold as a preorder. Returns how many variants."""
    overdue = Variant.objects.filter(
        ships_by__lt=today(), stock_items__expected__gt=F("stock_items__preordered")
    )
    found = list(overdue.distinct()[:limit])
    for variant in found:
        stop_preorders(variant)
    return len(found)


def bring_together(variant: Variant, *, location: StockLocation) -> None:
    """Before goods come in at `location`: whatever was expected elsewhere is expected there. The caller's transaction."""
    expected = StockItem.objects.filter(variant=variant, expected__gt=0).exclude(location=location)
    if not expected.exists():
        return
    here, _made = StockItem.objects.get_or_create(variant=variant, location=location)
    items = locked(Q(variant=variant))
    for pk, row in list(items.items()):
        if pk != here.pk and row.expected:
            _move_waiting(row, here)
            moved = Change(expected=row.expected, preordered=row.preordered)
            away = Change(expected=-row.expected, preordered=-row.preordered)
            apply(items, {pk: away, here.pk: moved}, kind=Movement.Kind.EXPECT)


def state_of(variant: Variant) -> tuple[int, int]:
    """(pieces that are expected and may be sold, those of them that are promised)."""
    sums = StockItem.objects.filter(variant=variant.pk).aggregate(a=Sum("expected"), b=Sum("preordered"))
    return sums["a"] or 0, sums["b"] or 0


def overdue(seller: int | None = None) -> list[Variant]:
    """Somebody waits for them, and the day that he was told has passed: the seller must name another.

    Of all, or of this `seller` alone.
    """
    late = Variant.objects.filter(ships_by__lt=today(), stock_items__preordered__gt=0)
    late = late.filter(product__seller=seller) if seller else late
    return list(late.select_related("product").distinct().order_by("ships_by", "pk"))


def in_words(ships_by: date | None) -> str:
    """ "Preorder: ships by 12 December"; a day that has passed is no promise any more."""
    if ships_by is None or ships_by < today():
        return _("Preorder: we are waiting for it")
    pattern = "DATE_FORMAT" if ships_by.year != today().year else "MONTH_DAY_FORMAT"
    return _("Preorder: ships by %(day)s") % {"day": date_format(ships_by, pattern)}


def today() -> date:
    return timezone.localdate(clock.now())


def _shelf(variant: Variant) -> StockItem:
    """Where its pieces are expected: as before, else where its other pieces lie, else at its seller's place."""
    places = owning.places_of(variant.product.seller_id)
    rows = StockItem.objects.filter(variant=variant, location__in=places)
    found = rows.order_by("-expected", "location__preference", "pk").first()
    if found:
        return found
    place = places.order_by("preference", "pk").first()
    if place is None:
        raise WrongPreorder(_("Make a place of stock first: the pieces are expected there."))
    return StockItem.objects.create(variant=variant, location=place)


def _move_waiting(away: StockItem, here: StockItem) -> None:
    """The promises follow the goods."""
    for row in Reservation.objects.filter(stock_item=away, awaiting__gt=0).order_by("pk"):
        held = Reservation.objects.filter(stock_item=here, holder=row.holder)
        if not held.update(awaiting=F("awaiting") + row.awaiting):
            Reservation.objects.create(
                stock_item=here,
                holder=row.holder,
                quantity=0,
                awaiting=row.awaiting,
                expires_at=row.expires_at,
            )
        if row.quantity:
            Reservation.objects.filter(pk=row.pk).update(awaiting=0)
        else:
            row.delete()
