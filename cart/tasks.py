from celery import shared_task

from cart import alerting, making, sweeping, telling
from cart.models import CouponBatch


@shared_task
def sweep_carts() -> int:
    """Throw away guests' carts whose cookie has run out."""
    return sweeping.sweep()


@shared_task(lane="mail")
def tell_waiting(variant_id: int) -> int:
    """Its availability has turned: whoever waits for it is told, if it can be had."""
    return alerting.tell([variant_id])


@shared_task(lane="mail")
def tell_all_waiting() -> int:
    return alerting.tell_all()


@shared_task(lane="mail")
def tell_wishlist_news() -> int:
    return telling.tell_all()


@shared_task
def forget_waiting() -> int:
    return alerting.forget_old()


@shared_task
def make_coupons(batch_id: int) -> None:
    for batch in CouponBatch.objects.filter(pk=batch_id):
        for _made in making.make(batch):
            pass
