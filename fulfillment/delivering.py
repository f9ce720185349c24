"""Downloads are delivered by granting a right to them, once for each line of an order that is paid.

A grant allows so many downloads of each file, until a day; a buyer always gets the newest version. What was paid back may
no longer be fetched; staff may renew. A download begins with a press of a button, which counts, and leads to an address
that is signed and holds for some hours: what broke off goes on there without counting. The order's row is the lock.
"""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.models import FileVersion, Product
from catalog.products import filing
from fulfillment.holding import hold_order
from fulfillment.models import DownloadGrant, GrantedFile
from orders import progress, refunding
from orders.models import Order, OrderLine
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.remarks import Remark

SALT, HOLDS = "fulfillment.download", timedelta(hours=6)
NO_FILE = Remark(gettext_noop("A download was paid for, but there is no file"))
PAID = (Order.PaymentStatus.PAID, Order.PaymentStatus.PARTIALLY_REFUNDED)


class NoDownload(Refused):
    """Withdrawn, expired, or fetched as often as was agreed."""


@transaction.atomic
def deliver(order: Order) -> list[DownloadGrant]:
    """Grant what was bought and is paid; what has been granted stays as it is. Returns what is new."""
    order = hold_order(order.pk)
    if order.payment_status not in PAID or order.status == Order.Status.CANCELLED:
        return []
    lines = order.lines.filter(kind=Product.Kind.DIGITAL, download_grant=None, quantity__gt=F("cancelled"))
    made = [grant for line in lines.select_related("variant__product") if (grant := _grant(order, line))]
    if made:
        events.record("order.downloads_granted", order, lines=[grant.order_line_id for grant in made])
    return made


@transaction.atomic
def start(granted: GrantedFile, *, by: Any = None) -> str:
    """One more download begins: the sign that `version_of` takes for some hours. Raises NoDownload."""
    hold_order(granted.grant.order.pk)
    grant = DownloadGrant.objects.open().filter(pk=granted.grant_id).first()
    if grant is None:
        raise NoDownload(_("This download is no longer open. Write to us if you still need it."))
    version = granted.file.latest
    rows = GrantedFile.objects.filter(pk=granted.pk, used__lt=grant.most)
    if version is None or not rows.update(used=F("used") + 1):
        raise NoDownload(
            _("You have fetched it %(most)s times, which is all of it. Write to us if you need it again.")
            % {"most": grant.most}
        )
    events.record("download_grant.used", grant, by=by, file=granted.file_id, version=version.pk)
    return signing.dumps([granted.pk, version.pk], salt=SALT)


def version_of(sign: str) -> FileVersion | None:
    """What a sign stands for; None if it is none, is too old, or the right was withdrawn meanwhile."""
    try:
        granted, version = signing.loads(sign, salt=SALT, max_age=HOLDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    is_open = GrantedFile.objects.filter(pk=granted, grant__in=DownloadGrant.objects.open()).exists()
    return FileVersion.objects.filter(pk=version).first() if is_open else None


@transaction.atomic
def revoke_refunded(order: Order) -> list[DownloadGrant]:
    """Withdraw what was paid back whole, or is of a cancelled order. Returns what was withdrawn now."""
    order = hold_order(order.pk)
    left = refunding.refundable(order)
    is_over = order.status == Order.Status.CANCELLED or left.amount_minor <= 0 < order.total_minor
    grants = DownloadGrant.objects.filter(order_line__order=order, revoked_at=None)
    gone = [grant for grant in grants if is_over or left.lines[grant.order_line_id] <= 0]
    for grant in gone:
        revoke(grant)
    return gone


@transaction.atomic
def revoke(grant: DownloadGrant, *, by: Any = None) -> None:
    """It can no longer be fetched; a second time changes nothing."""
    hold_order(grant.order.pk)
    if DownloadGrant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=clock.now()):
        events.record("download_grant.revoked", grant, by=by)


@transaction.atomic
def renew(grant: DownloadGrant, *, by: Any) -> None:
    """The buyer may fetch everything anew, as often and as long as at first, and whatever files were added since.

    Raises NoDownload for a cancelled order.
    """
    if hold_order(grant.order.pk).status == Order.Status.CANCELLED:
        raise NoDownload(_("Its order was cancelled."))
    DownloadGrant.objects.filter(pk=grant.pk).update(revoked_at=None, expires_at=_end_of(grant.order_line))
    grant.files.update(used=0)
    _add_files(grant)
    events.record("download_grant.renewed", grant, by=by)


def _grant(order: Order, line: OrderLine) -> DownloadGrant | None:
    if line.variant is None or not filing.files_of(line.variant):
        progress.flag(order, reason=NO_FILE())
        return None
    product = line.variant.product
    grant = DownloadGrant.objects.create(
        order_line=line, most=product.download_limit * line.quantity, expires_at=_end_of(line)
    )
    _add_files(grant)
    return grant


def _add_files(grant: DownloadGrant) -> None:
    variant = grant.order_line.variant
    files = filing.files_of(variant) if variant else []
    GrantedFile.objects.bulk_create(
        [GrantedFile(grant=grant, file=file) for file in files], ignore_conflicts=True
    )


def _end_of(line: OrderLine) -> Any:
    days = line.variant.product.download_days if line.variant else 0
    return clock.now() + timedelta(days=days) if days else None
