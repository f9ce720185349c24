from celery import shared_task

from checkout import starting


@shared_task
def sweep_checkouts() -> int:
    """Give back what is no longer reserved, give up idle checkouts, forget old ones."""
    return starting.sweep()
