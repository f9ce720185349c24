"""Incoming notices (webhooks) are kept before anything is done with them, and kept once.

The body of a notice is only a trigger: whoever handles it asks the provider again. So the order in which notices arrive
does not matter, nor how often.
"""

import json
from contextlib import suppress

from django.db import transaction
from django.db.models.functions import Now

from shop.core import events
from shop.core.faultpoints import faultpoint
from shop.core.models import Notice
from shop.core.states import IllegalMove


@transaction.atomic
def keep(
    provider: str, *, external_id: str, kind: str, object_id: str, payload: dict, event: str
) -> Notice | None:
    """Store it and record `event` ("payment_notice.received", …). None if it was kept before."""
    payload = json.loads(json.dumps(payload).replace("\\u0000", ""))  # PostgreSQL keeps no NUL in text
    notices = Notice.objects.bulk_create(
        [Notice(provider=provider, external_id=external_id, kind=kind, object_id=object_id, payload=payload)],
        ignore_conflicts=True,
    )
    notice = Notice.objects.get(provider=provider, external_id=external_id)
    if notice.received_at != notices[0].received_at:
        return None
    faultpoint("webhook.stored")
    events.record(event, notice)
    return notice


def close(notice: Notice, status: str, *, outcome: str = "") -> None:
    """Note what became of it; harmless when that is noted already, also by somebody else a moment ago."""
    if notice.can_move_to(status):
        with suppress(IllegalMove):
            notice.move_to(status, outcome=outcome, processed_at=Now())
