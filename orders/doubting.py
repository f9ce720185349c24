"""Orders that left out VAT on trust: when the register then does not know the VAT id, somebody must look at them."""

from django.db import transaction
from django.utils.translation import gettext_noop

from orders import progress
from orders.models import Order
from shop.core.locks import lock
from shop.core.remarks import Remark

UNKNOWN_VAT_ID = Remark(gettext_noop("VAT was left out for a VAT id that the EU’s register does not know."))


def flag_trusting(vat_id: str) -> int:
    """How many were flagged. Harmless twice."""
    trusting = Order.objects.filter(vat_id=vat_id, is_vat_id_trusted=True)
    trusting = trusting.exclude(status=Order.Status.CANCELLED)
    pks = list(trusting.values_list("pk", flat=True))
    for pk in pks:
        _flag(pk)
    return len(pks)


def note_confirmed(vat_id: str) -> None:
    """The trust was justified."""
    Order.objects.filter(vat_id=vat_id, is_vat_id_trusted=True).update(is_vat_id_trusted=False)


@transaction.atomic
def _flag(pk: int) -> None:
    order = lock(Order.objects.filter(pk=pk, is_vat_id_trusted=True)).first()
    if order:
        progress.flag(order, reason=UNKNOWN_VAT_ID())
        Order.objects.filter(pk=pk).update(is_vat_id_trusted=False)
