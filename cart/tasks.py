from celery import shared_task

from cart import sweeping


@shared_task
def sweep_carts() -> int:
    """Throw away guests' carts whose cookie has run out."""
    return sweeping.sweep()
