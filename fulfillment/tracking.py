"""Where a parcel is, in our own words: the carrier's events are kept once, and together they tell the status.

Events arrive late, twice and in any order, so the status is worked out from all of them anew each time and never goes
back because an old one turned up. `delivered` is left only by a parcel that turns back to us. A push is only a hint to
look; the carrier is asked either way, and never while a transaction is open.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog import reviewing
from checkout.carriers import (
    CarrierRefused,
    CarrierUnavailable,
    TrackingEvent,
    TrackingReport,
    available,
    carrier,
)
from checkout.carriers import Status as Told
from fulfillment.holding import hold_shipment
from fulfillment.models import Shipment
from fulfillment.models import TrackingEvent as Kept
from orders import progress
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.remarks import Remark

log = logging.getLogger(__name__)
Status = Shipment.Status
MEANS = {
    Told.PICKED_UP: Status.SHIPPED,
    Told.IN_TRANSIT: Status.SHIPPED,
    Told.OUT_FOR_DELIVERY: Status.OUT_FOR_DELIVERY,
    Told.READY_FOR_PICKUP: Status.READY_FOR_PICKUP,
    Told.ON_HOLD: Status.PROBLEM,
    Told.DELAYED: Status.PROBLEM,
    Told.FAILED_ATTEMPT: Status.PROBLEM,
    Told.CANCELLED: Status.PROBLEM,
    Told.RETURNING: Status.RETURNING,
    Told.DELIVERED: Status.DELIVERED,
}
GIVE_UP_DAYS = 60
COMES_BACK = Remark(gettext_noop("Parcel %(parcel)s could not be delivered and comes back."))
SLOWEST = 12  # times the usual pause, for parcels without news


class NotUnderWay(Refused):
    """It has not left yet, or has arrived."""


def refresh(shipment: Shipment) -> Shipment:
    """Ask the carrier and write down what is new. No transaction may be open. Raises CarrierUnavailable."""
    if shipment.status not in Shipment.UNDER_WAY or shipment.carrier not in available():
        return shipment
    try:
        report = carrier(shipment.carrier).track(shipment.tracking_number)
    except CarrierRefused as refusal:
        return _no_news(shipment, error=refusal.message)
    except CarrierUnavailable as silence:
        _no_news(shipment, error=silence.message)
        raise
    return note(shipment, report)


@transaction.atomic
def note(shipment: Shipment, report: TrackingReport) -> Shipment:
    """Keep what the carrier told, and move the shipment if that changes where it is."""
    shipment = hold_shipment(shipment)
    if not shipment.is_sent:
        return shipment
    kept = Kept.objects.filter(shipment=shipment)
    before = kept.count()
    Kept.objects.bulk_create([_kept(shipment, event) for event in report.events], ignore_conflicts=True)
    _follow(shipment, _story(shipment))
    _plan_next_poll(shipment, has_news=kept.count() > before)
    return shipment


def poll_due(*, limit: int = 100) -> int:
    """Ask about the parcels whose turn it is; returns how many. Two at once share the work."""
    due = _claim(limit)
    for shipment in due:
        try:
            refresh(shipment)
        except CarrierUnavailable as silence:
            log.warning("no tracking for shipment %s: %s", shipment.pk, silence.message)
    return len(due)


@transaction.atomic
def ask(shipment: Shipment, *, by) -> Shipment:
    """Somebody wants to know now: a worker looks. Raises NotUnderWay."""
    shipment = hold_shipment(shipment)
    if shipment.status not in Shipment.UNDER_WAY or not shipment.tracking_number:
        raise NotUnderWay(_("This parcel is not under way."))
    events.record("shipment.refresh_requested", shipment, by=by)
    return shipment


@transaction.atomic
def mark_delivered(shipment: Shipment, *, by) -> Shipment:
    """Somebody knows that it arrived, where no carrier tells us. Raises NotUnderWay."""
    shipment = hold_shipment(shipment)
    if shipment.status not in Shipment.UNDER_WAY:
        raise NotUnderWay(_("This parcel is not under way."))
    _arrive(shipment, at=clock.now(), by=by)
    return shipment


@transaction.atomic
def turn_back(shipment: Shipment, *, by) -> Shipment:
    """Somebody knows that it comes back: refused, never collected. Raises NotUnderWay."""
    shipment = hold_shipment(shipment)
    if shipment.status not in Shipment.UNDER_WAY:
        raise NotUnderWay(_("This parcel is not under way."))
    _turn(shipment, by=by)
    return shipment


def _arrive(shipment: Shipment, *, at: datetime, by=None) -> None:
    """It is with the customer."""
    shipment.move_to(Status.DELIVERED, delivered_at=at, next_poll_at=None)
    for line in shipment.lines.all():
        progress.note_delivered(line.order_line, quantity=line.quantity, by=by)
        if line.order_line.variant:
            reviewing.invite(
                line.order_line.variant, email=shipment.order.email, reference=shipment.order.number
            )
    events.record("shipment.delivered", shipment, by=by, order=shipment.order.pk)


def _turn(shipment: Shipment, *, by=None) -> None:
    shipment.move_to(Status.RETURNING, next_poll_at=None)
    progress.flag(shipment.order, reason=COMES_BACK(parcel=shipment), by=by)
    events.record("shipment.turned_back", shipment, by=by)


def _story(shipment: Shipment) -> TrackingReport:
    """All that was ever told about it, in the order in which it happened."""
    told = [
        TrackingEvent(Told(kept.status), kept.code, kept.description, kept.place, kept.happened_at)
        for kept in shipment.events.order_by("happened_at", "pk")
    ]
    return TrackingReport.of(shipment.tracking_number, events=told, raw={})


def _follow(shipment: Shipment, told: TrackingReport) -> None:
    new = MEANS.get(told.status)
    if new is None or not shipment.can_move_to(new):
        return
    if new == Status.DELIVERED:
        _arrive(shipment, at=told.delivered_at or clock.now())
    elif new == Status.RETURNING:
        _turn(shipment)
    else:
        shipment.move_to(new)
        events.record("shipment.moved", shipment, status=new)


def _kept(shipment: Shipment, event: TrackingEvent) -> Kept:
    return Kept(
        shipment=shipment,
        status=event.status,
        code=event.code[:40],
        description=event.description[:200],
        place=event.location[:120],
        happened_at=event.at,
    )


def _plan_next_poll(shipment: Shipment, *, has_news: bool) -> None:
    """Parcels that move are asked about more often than those that lie still; after two months none is."""
    polls = 0 if has_news else min(shipment.polls + 1, SLOWEST)
    is_over = shipment.status not in Shipment.UNDER_WAY or _is_old(shipment)
    changes = {"polls": polls, "poll_error": "", "next_poll_at": None if is_over else Now() + _pause(polls)}
    Shipment.objects.filter(pk=shipment.pk).update(**changes)


def _no_news(shipment: Shipment, *, error: str) -> Shipment:
    polls = min(shipment.polls + 1, SLOWEST)
    Shipment.objects.filter(pk=shipment.pk).update(
        polls=polls,
        poll_error=error[:300],
        next_poll_at=None if _is_old(shipment) else Now() + _pause(polls),
    )
    return shipment


def _is_old(shipment: Shipment) -> bool:
    """Nobody asks any more, whether the carrier knows the number or not."""
    assert shipment.shipped_at is not None
    return shipment.shipped_at < clock.now() - timedelta(days=GIVE_UP_DAYS)


def _pause(polls: int) -> timedelta:
    return timedelta(minutes=settings.SHOP_TRACKING_POLL_MINUTES * max(1, polls))


@transaction.atomic
def _claim(limit: int) -> list[Shipment]:
    """Taken from the others by moving their turn on; it is set properly once the carrier has answered."""
    due = Shipment.objects.filter(next_poll_at__lte=Now(), status__in=Shipment.UNDER_WAY)
    keys = due.order_by("next_poll_at").values("pk")[:limit]
    rows = list(lock(due.filter(pk__in=keys), skip_locked=True))
    Shipment.objects.filter(pk__in=[row.pk for row in rows]).update(
        next_poll_at=Now() + timedelta(minutes=10)
    )
    return rows
