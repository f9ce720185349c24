from celery import shared_task

from checkout import live_rates, saving_cards, starting, vat_ids
from checkout.models import RateRequest, SavedCard, VatCheck


@shared_task
def sweep_checkouts() -> int:
    """Give back what is no longer reserved, give up idle checkouts, forget old ones."""
    return starting.sweep()


@shared_task(lane="critical")
def forget_card(card_id: int) -> None:
    """What a person took out goes at the provider, too."""
    for card in SavedCard.objects.filter(pk=card_id):
        saving_cards.forget(card)


@shared_task
def check_vat_id(check_id: int) -> None:
    """Reaction to vat_check.requested."""
    found = VatCheck.objects.filter(pk=check_id, due_at__isnull=False).first()
    if found:
        vat_ids.check(found)


@shared_task
def check_due_vat_ids() -> int:
    """Ask the register again about what it did not answer."""
    return vat_ids.check_due()


@shared_task(lane="critical")
def ask_carriers(request_id: int) -> None:
    """Reaction to rate_request.made. Somebody waits for it."""
    found = RateRequest.objects.select_related("checkout").filter(pk=request_id, state="asked").first()
    if found:
        live_rates.fill(found)
