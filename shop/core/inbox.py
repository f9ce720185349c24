"""Incoming notices (webhooks) are kept before anything is done with them, and kept once.

The body of a notice is only a trigger: whoever handles it asks the provider again. So the order in which notices arrive
does not matter, nor how often.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from shop.core import events
from shop.core.faultpoints import faultpoint
from shop.core.models import Notice
from shop.core.states import IllegalMove


@transaction.atomic
def keep(
    provider: str,
    *,
    external_id: str,
    kind: str,
    object_id: str,
    payload: dict,
    event: str,
    happened_at: datetime | None = None,
) -> Notice | None:
    """Store it and record `event` ("payment_notice.received", …). None if it was kept before."""
    notice = Notice(provider=provider, external_id=external_id, kind=kind, object_id=object_id)
    notice.payload, notice.happened_at = _keepable(payload), happened_at
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    kept = Notice.objects.get(provider=provider, external_id=external_id)
    if kept.received_at != notice.received_at:
        return None
    faultpoint("webhook.stored")
    events.record(event, kept)
    return kept


def close(notice: Notice, status: str, *, outcome: str = "") -> None:
    """Note what became of it; harmless when that is noted already, also by somebody else a moment ago."""
    if notice.can_move_to(status):
        with suppress(IllegalMove):
            notice.move_to(status, outcome=outcome, processed_at=Now())


def _keepable(value: Any) -> Any:
    """PostgreSQL keeps no NUL in text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_keepable(name): _keepable(inner) for name, inner in value.items()}
    return [_keepable(inner) for inner in value] if isinstance(value, list) else value
