"""Pictures from addresses: sellers and imports name them, workers fetch them (shop/core/fetching.py says from where).

An address is asked for once for each product, so that an import may be run again. What may help later (a server that
is away) is tried three times; then the row says what went wrong and a seller may ask again.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalog import photographing
from catalog.models import Photo, PhotoImport, Product, Variant
from shop.core import events
from shop.core.errors import Refused
from shop.core.fetching import NotFetched, fetch

TRIES = 3
MOST_LETTERS = 1000
Status = PhotoImport.Status


class NoAddress(Refused):
    """What was typed is no address of a picture."""


@transaction.atomic
def ask(
    product: Product,
    *,
    url: str,
    alt: str = "",
    position: int | None = None,
    variants: Iterable[Variant | int] = (),
    by=None,
) -> PhotoImport:
    """Have the picture at `url` fetched. One that is here or on its way is not asked for twice. Raises NoAddress."""
    url = url.strip()
    if not url.lower().startswith(("https://", "http://")) or len(url) > MOST_LETTERS or " " in url:
        raise NoAddress(_("Enter an address that begins with https:// or http://."))
    wanted = {"alt": alt[:300], "position": position}
    row, is_new = PhotoImport.objects.get_or_create(product=product, url=url, defaults=wanted)
    row.variants.add(*variants)
    if not is_new and row.status == Status.DONE and row.photo:
        row.photo.variants.add(*variants)
    elif is_new or row.status != Status.WAITING:
        _send(row, by=by)
    return row


@transaction.atomic
def again(row: PhotoImport, *, by=None) -> None:
    """Try one that failed once more."""
    if row.status == Status.FAILED:
        _send(row, by=by)


@transaction.atomic
def forget(row: PhotoImport) -> None:
    """Drop the row; a picture that came of it stays."""
    row.delete()


def collect(row: PhotoImport) -> Photo | None:
    """Fetch it and put it on its product. No transaction is open. Raises NotFetched where the worker shall come again."""
    if row.status != Status.WAITING:
        return None
    try:
        content = fetch(row.url, most_bytes=photographing.MAX_BYTES)
        prepared = photographing.prepare_bytes(content)
    except Refused as refusal:
        _note_failure(row, refusal)
        return None
    photographing.store(prepared)
    return _keep(row, prepared)


def _send(row: PhotoImport, *, by) -> None:
    row.status, row.attempts, row.error, row.photo = Status.WAITING, 0, "", None
    row.save(update_fields=["status", "attempts", "error", "photo"])
    events.record("photo_import.requested", row, by=by)


def _note_failure(row: PhotoImport, refusal: Refused) -> None:
    may_help = isinstance(refusal, NotFetched) and bool(refusal.data.get("again"))
    is_over = not may_help or row.attempts + 1 >= TRIES
    PhotoImport.objects.filter(pk=row.pk, status=Status.WAITING).update(
        attempts=F("attempts") + 1,
        error=refusal.message[:300],
        status=Status.FAILED if is_over else Status.WAITING,
    )
    if not is_over:
        raise refusal


@transaction.atomic
def _keep(row: PhotoImport, prepared: photographing.Prepared) -> Photo | None:
    """Of two workers with the same row, one puts the picture there."""
    waiting = PhotoImport.objects.filter(pk=row.pk, status=Status.WAITING)
    if not waiting.update(status=Status.DONE, error="", attempts=F("attempts") + 1):
        return None
    photo = photographing.keep(
        prepared, product=row.product, alt=row.alt, position=row.position, variants=row.variants.all()
    )
    PhotoImport.objects.filter(pk=row.pk).update(photo=photo)
    return photo
