from celery import shared_task

from checkout import saving_cards, starting
from checkout.models import SavedCard


@shared_task
def sweep_checkouts() -> int:
    """Give back what is no longer reserved, give up idle checkouts, forget old ones."""
    return starting.sweep()


@shared_task(lane="critical")
def forget_card(card_id: int) -> None:
    """What a person took out goes at the provider, too."""
    for card in SavedCard.objects.filter(pk=card_id):
        saving_cards.forget(card)
