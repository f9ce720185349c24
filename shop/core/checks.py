"""Integrity of what the foundation keeps; and what the shop refuses to start with."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from shop.core import faultpoints
from shop.core.integrity import check, rows

MANIFEST = {
    "catalog_movement_append_only",
    "catalog_publicprice_append_only",
    "checkout_giftcardentry_append_only",
    "checkout_storecreditentry_append_only",
    "core_event_append_only",
    "orders_journalentry_append_only",
}


@check("N17-outbox", "no delivery waits longer than 10 minutes, keeps a dead lease, or is parked unseen")
def outbox_drains() -> Iterator[str]:
    late = rows(
        """SELECT d.id, d.reaction, d.attempts FROM core_delivery d
           WHERE d.done_at IS NULL AND d.parked_at IS NULL
             AND (CASE WHEN d.attempts = 0 THEN d.due_at < now() - interval '10 minutes'
                  ELSE coalesce(d.lease_until, d.due_at) < now() - interval '10 minutes' END)"""
    )
    yield from (
        f"delivery {pk} of {reaction} waits after {attempts} attempts" for pk, reaction, attempts in late
    )


@check("N17-parked", "no delivery is parked")
def nothing_parked() -> Iterator[str]:
    parked = rows(
        "SELECT id, reaction, last_error FROM core_delivery WHERE parked_at IS NOT NULL AND done_at IS NULL"
    )
    yield from (f"delivery {pk} of {reaction} is parked: {error[:120]}" for pk, reaction, error in parked)


@check("N18-inbox", "every notice was looked at within 10 minutes")
def notices_read() -> Iterator[str]:
    late = rows(
        "SELECT id, provider, kind FROM core_notice WHERE status = 'pending' AND received_at < now() - interval '10 minutes'"
    )
    yield from (f"notice {pk} ({provider} {kind}) is still pending" for pk, provider, kind in late)


@check("N21-triggers", "the triggers that keep append-only tables exist and are on")
def triggers_stand() -> Iterator[str]:
    found = {
        name for (name,) in rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
    }
    yield from (f"trigger {name} is missing or off" for name in sorted(MANIFEST - found))


@check("N21-secrets", "a mail that was sent keeps no secrets")
def secrets_forgotten() -> Iterator[str]:
    kept = rows("SELECT id FROM core_message WHERE status <> 'queued' AND sealed IS NOT NULL")
    yield from (f"message {pk} still holds its secrets" for (pk,) in kept)


@register(Tags.security)
def no_fault_points_in_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and faultpoints.FAULTS:
        return [
            Error(
                "SHOP_FAULTS is set in production.",
                hint="Unset it: it makes the shop die on purpose.",
                id="shop.E001",
            )
        ]
    return []
