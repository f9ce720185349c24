"""Who has not paid is reminded once, with the link to pay, while there is still time: after that the goods go back on sale.

Not who is paying just now, or whose payment is under way at a bank. Where days are given to pay, the reminder comes a day
before they end (SHOP_PAY_REMINDER_MINUTES counts for everything that is paid online).
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from orders import mails
from orders.models import Order, PaymentAttempt
from shop.core import events
from shop.core.locks import lock

BUSY_MINUTES = 5
LONG = timedelta(hours=48)  # whose time to pay is longer than this has days
DAY = timedelta(days=1)


def remind_unpaid(limit: int = 100) -> list[Order]:
    """The orders whose buyers were reminded just now."""
    return [order for order in _due()[:limit] if _remind(order)]


def _due() -> QuerySet[Order]:
    minutes = timedelta(minutes=settings.SHOP_PAY_REMINDER_MINUTES)
    has_days = Q(pay_before__gt=F("placed_at") + LONG)
    is_near = Q(has_days, pay_before__lt=Now() + DAY) | Q(~has_days, pay_before__lt=Now() + minutes)
    busy = PaymentAttempt.objects.active().filter(
        order=OuterRef("pk"),
        next_check_at__isnull=False,
        updated_at__gt=Now() - timedelta(minutes=BUSY_MINUTES),
    )
    found = Order.objects.unpaid().filter(
        is_near,
        reminded_at=None,
        pay_before__gt=Now(),
        payment_status=Order.PaymentStatus.UNPAID,
        placed_at__lt=Now() - timedelta(minutes=BUSY_MINUTES),
    )
    return found.exclude(Exists(busy)).order_by("pay_before", "pk")


@transaction.atomic
def _remind(order: Order) -> bool:
    order = lock(Order.objects.filter(pk=order.pk)).get()
    if not _due().filter(pk=order.pk).exists():
        return False
    Order.objects.filter(pk=order.pk).update(reminded_at=Now())
    mails.pay_link(order)
    events.record("order.reminded", order)
    return True
