"""Making codes by the thousand: each of 80 random bits (16 letters and digits without look-alikes), so that none is guessed.

A batch is made in steps, each of which commits: what was made stays, and who begins again goes on where it stopped.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cart.coupons import plain
from cart.models import Coupon, CouponBatch, Promotion
from shop.core import events
from shop.core.errors import Refused
from shop.core.locks import lock

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32: 5 bits each
LENGTH = 16
STEP = 1000
MOST = 1_000_000


class NoCodesNeeded(Refused):
    """The promotion holds by itself."""


def order_batch(
    promotion: Promotion,
    *,
    name: str,
    wanted: int,
    prefix: str = "",
    uses: int = 1,
    ends_at: datetime | None = None,
    by: Any = None,
) -> CouponBatch:
    """A batch to be made. Raises NoCodesNeeded, ValueError."""
    if not promotion.needs_code:
        raise NoCodesNeeded(f"“{promotion.name}” holds by itself: no code is needed.")
    if not 1 <= wanted <= MOST or uses < 1:
        raise ValueError(f"from 1 to {MOST} codes, each for at least one use")
    batch = CouponBatch.objects.create(
        promotion=promotion,
        name=name,
        wanted=wanted,
        prefix=plain(prefix)[:8],
        uses=uses,
        ends_at=ends_at,
        by=by,
    )
    events.record("coupons.ordered", batch, by=by, wanted=wanted)
    return batch


def make(batch: CouponBatch) -> Iterator[int]:
    """Make what is missing; yields how many there are after each step. Safe to run twice, even at once."""
    while (made := _step(batch)) is not None:
        yield made


@transaction.atomic
def _step(batch: CouponBatch) -> int | None:
    batch = lock(CouponBatch.objects.filter(pk=batch.pk)).get()
    missing = min(STEP, batch.wanted - batch.made)
    if not missing:
        return None
    codes = {batch.prefix + new_code() for _ in range(missing)}
    same = {"promotion_id": batch.promotion_id, "batch": batch, "most": batch.uses, "ends_at": batch.ends_at}
    Coupon.objects.bulk_create(Coupon(code=code, **same) for code in codes)
    CouponBatch.objects.filter(pk=batch.pk).update(made=F("made") + len(codes))
    return batch.made + len(codes)


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def sheet(batch: CouponBatch) -> Iterator[tuple]:
    """The batch as rows for CSV, its heading first."""
    yield "code", "uses", "used", "valid_until"
    for coupon in batch.coupons.order_by("pk").iterator(chunk_size=2000):
        yield coupon.code, coupon.most, coupon.used, coupon.ends_at.date() if coupon.ends_at else None
