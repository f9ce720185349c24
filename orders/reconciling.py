"""What makes payments come right when every webhook is lost and nobody returns: look again, at growing distances.

Everything here may run twice and at the same time. One item that fails keeps nobody else waiting.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q
from django.db.models.functions import Now

from checkout.gateways import gateway_named
from checkout.gateways.base import GatewayUnavailable
from orders.models import PaymentAttempt, Refund
from orders.noticing import apply_notice
from orders.settling import settle
from orders.submitting import submit
from shop.core import inbox
from shop.core.models import Notice

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(hours=72)
OVERLAP = timedelta(hours=1)


@dataclass
class Round:
    """What one round found to do."""

    attempts: list[PaymentAttempt] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def due(limit: int = 100) -> Round:
    """What is to be looked at now; nothing is done. A notice that matched nothing for days will match nothing any more."""
    unmatched = Q(status=Notice.Status.UNMATCHED, received_at__gt=Now() - LOOK_BACK)
    open_notices = Notice.objects.filter(Q(status=Notice.Status.PENDING) | unmatched, provider="stripe")
    return Round(
        attempts=list(PaymentAttempt.objects.due()[:limit]),
        refunds=list(Refund.objects.due()[:limit]),
        notices=list(open_notices.order_by("received_at")[:limit]),
    )


def settle_due(limit: int = 100) -> Round:
    """Look at everything that is due; returns what was looked at."""
    found = due(limit)
    _each(found.attempts, settle)
    _each(found.refunds, submit)
    _each(found.notices, apply_notice)
    return found


def read_back_events() -> int:
    """Ask the provider what it wanted to tell us; returns how many notices were new to us."""
    if not settings.SHOP_STRIPE_SECRET_KEY:
        return 0
    kept = 0
    for told in gateway_named("stripe").events_since(_since()):
        notice = inbox.keep(
            "stripe",
            external_id=told.external_id,
            kind=told.kind,
            object_id=told.object_id,
            payload=told.payload,
            event="payment_notice.received",
            happened_at=told.happened_at,
        )
        kept += notice is not None
    return kept


def _since() -> datetime:
    """An hour before the newest event that we have; three days back where there is none.

    Events of the last hour do not count: after an outage one of them arrives before those that were missed.
    """
    now = datetime.now(UTC)
    known = Notice.objects.filter(provider="stripe", happened_at__lt=now - OVERLAP)
    newest = known.aggregate(at=Max("happened_at"))["at"]
    return newest - OVERLAP if newest else now - LOOK_BACK


def _each(rows: Iterable, do: Callable) -> None:
    for row in rows:
        try:
            do(row)
        except GatewayUnavailable as error:
            log.warning("no answer about %s %s: %s", row._meta.model_name, row.pk, error)
        except Exception:
            log.exception("reconciling failed", extra={"row": f"{row._meta.label_lower}:{row.pk}"})
