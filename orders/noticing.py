"""A webhook is only a hint where to look: it leads to an attempt, and settling asks the provider what is true."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from orders.models import PaymentAttempt
from orders.settling import settle
from shop.core import inbox
from shop.core.models import Notice


def apply_notice(notice: Notice) -> None:
    """Raises GatewayUnavailable; the notice then stays open and is tried again."""
    if notice.status not in (Notice.Status.PENDING, Notice.Status.UNMATCHED):
        return
    told = notice.payload
    attempt = _attempt(told)
    if attempt is None:
        is_ours = bool(told.get("attempt") or told.get("refund")) and not _is_another_shops(told)
        status = Notice.Status.UNMATCHED if is_ours else Notice.Status.IGNORED
        inbox.close(
            notice, status, outcome="no attempt of ours" if is_ours else "not about an order of this shop"
        )
        return
    settled = settle(attempt, provider_ref=told.get("payment", ""))
    inbox.close(notice, Notice.Status.APPLIED, outcome=f"attempt {attempt.pk}: {settled.status}")


def _attempt(told: dict) -> PaymentAttempt | None:
    """By what the provider calls it, else by what we wrote on it (its name may not be stored yet)."""
    wanted = Q(pk=None)
    if told.get("payment"):
        wanted |= Q(provider_ref=told["payment"])
    if uuid := _uuid(told.get("attempt", "")):
        wanted |= Q(uuid=uuid)
    if uuid := _uuid(told.get("refund", "")):
        wanted |= Q(refunds__uuid=uuid)
    return PaymentAttempt.objects.filter(wanted).distinct().first()


def _is_another_shops(told: dict) -> bool:
    """Several shops may share one account with the provider; each hears of the others' payments, too."""
    return told.get("shop", "") not in ("", urlsplit(settings.SHOP_URL).netloc)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
