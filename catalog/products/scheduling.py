"""A seller says beforehand when a draft goes on sale, and when a product is retired; a periodic task carries it out.

What is due is claimed by one conditional UPDATE in the transaction that carries it out: of two tasks the later one waits,
finds nothing left to claim and passes on; a seller who changed his mind in between is heard. A draft that lacks something
to sell when its moment comes stays due, and goes on sale as soon as it has it.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from catalog import publishing
from catalog.models import Product
from shop.core import clock, events
from shop.core.errors import Refused

log = logging.getLogger(__name__)
Status = Product.Status
BATCH = 1000  # of one run; the next one follows within a minute


class PastMoment(Refused):
    """Only what lies ahead can be said beforehand; `data["field"]` names which."""


class WrongOrder(Refused):
    """Retired before it went on sale."""


def check(product: Product, *, publish_at: datetime | None, retire_at: datetime | None) -> None:
    """Whether these moments may be set; those that it has already may stay. Raises PastMoment, WrongOrder."""
    fields = ("publish_at", "retire_at", "status")
    known: dict[str, Any] = dict(Product.objects.filter(pk=product.pk).values(*fields).first() or {})
    for field, moment in {"publish_at": publish_at, "retire_at": retire_at}.items():
        if moment and moment != known.get(field) and moment <= clock.now():
            raise PastMoment(_("Choose a moment that lies ahead, or use the button below."), field=field)
    status = known.get("status", Status.DRAFT)
    if publish_at and status != Status.DRAFT:
        raise PastMoment(_("Only a draft can go on sale."), field="publish_at")
    if retire_at and status == Status.RETIRED:
        raise PastMoment(_("It is retired already."), field="retire_at")
    if publish_at and retire_at and retire_at <= publish_at:
        raise WrongOrder(_("It can be retired only after it went on sale."), field="retire_at")


@transaction.atomic
def schedule(product: Product, *, publish_at: datetime | None, retire_at: datetime | None, by=None) -> None:
    """Set both moments; None takes one back. Raises PastMoment, WrongOrder."""
    check(product, publish_at=publish_at, retire_at=retire_at)
    Product.objects.filter(pk=product.pk).update(publish_at=publish_at, retire_at=retire_at)
    product.publish_at, product.retire_at = publish_at, retire_at
    events.record(
        "product.scheduled",
        product,
        by=by,
        publish_at=publish_at and publish_at.isoformat(),
        retire_at=retire_at and retire_at.isoformat(),
    )


def carry_out() -> int:
    """Periodic: publish and retire what is due now; returns how many changed. What is to be retired is not published first."""
    retiring = Q(retire_at__lte=Now()) & ~Q(status=Status.RETIRED)
    starting = Q(publish_at__lte=Now(), status=Status.DRAFT)
    return _each(retiring, publishing.retire, field="retire_at") + _each(
        starting, publishing.publish, field="publish_at"
    )


def _each(due: Q, step: Callable[[Product], None], *, field: str) -> int:
    products = Product.objects.filter(due).order_by(field, "pk").values_list("pk", flat=True)[:BATCH]
    return sum(_carry_out(pk, due, step, field) for pk in list(products))


def _carry_out(pk: int, due: Q, step: Callable[[Product], None], field: str) -> bool:
    try:
        with transaction.atomic():
            if not _claim(pk, due, field):
                return False
            step(Product.objects.get(pk=pk))
    except Refused as refusal:
        log.info("product %s stays due: %s", pk, refusal.message)
        return False
    return True


def _claim(pk: int, due: Q, field: str) -> bool:
    """Whether it is still due; then nobody else can carry it out before this transaction ends."""
    return bool(Product.objects.filter(due, pk=pk).update(**{field: None}))
