"""VAT ids of businesses: well-formed at once, confirmed by the EU's register afterwards, in a worker.

A VAT id counts once the register confirmed it. While the register is out of reach the order goes on: with the tax charged,
or, where the merchant wants it so (Shop.trusts_unchecked_vat_ids), without; then it is asked again until there is an
answer, and orders that trusted a bad one are reported. A confirmation holds for FRESH_DAYS.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from stdnum import exceptions as wrong
from stdnum.ch import vat as swiss
from stdnum.eu import vat as european
from stdnum.gb import vat as british

from checkout import vies
from checkout.models import VatCheck
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.models import Shop

FRESH_DAYS = 1
BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 720)
EUROPEAN = frozenset(code.upper() for code in european.MEMBER_STATES) | {"EL"}


class VatIdRefused(Refused):
    """This cannot be a VAT id."""


def clean(typed: str, *, country: str = "") -> str:
    """In its usual spelling, e.g. "DE136695976"; the country's letters are put before it where they are missing.

    EU, British and Swiss ids are proven by their checksums, others taken as they are. Raises VatIdRefused.
    """
    bare = "".join(mark for mark in typed.upper() if mark.isalnum())
    if not bare:
        return ""
    try:
        return _known(bare, country)
    except wrong.ValidationError:
        raise VatIdRefused(
            _("This is not a valid VAT id. Check for missing or swapped digits; it begins with two letters.")
        ) from None


def _known(bare: str, country: str) -> str:
    letters = "EL" if country == "GR" else country
    for prefix in (bare[:2], letters):
        whole = bare if bare.startswith(prefix) else prefix + bare
        if prefix in EUROPEAN:
            return str(european.validate(whole))
        if prefix == "GB":
            return "GB" + str(british.validate(whole))
        if prefix == "CH" and whole.startswith("CHE"):
            return str(swiss.validate(whole))
    if not 4 <= len(bare) <= 20:
        raise wrong.InvalidLength()
    return bare


def is_european(vat_id: str) -> bool:
    """Whether the EU's register knows such ids."""
    return vat_id[:2] in EUROPEAN


def ask_for(vat_id: str) -> VatCheck | None:
    """Have it checked, unless that was done lately. None for ids that no register of ours knows."""
    if not is_european(vat_id):
        return None
    check, made = VatCheck.objects.get_or_create(vat_id=vat_id, defaults={"due_at": clock.now()})
    if made or (check.answered_at and check.answered_at < clock.now() - timedelta(days=FRESH_DAYS)):
        if not made:
            VatCheck.objects.filter(pk=check.pk).update(state=VatCheck.State.PENDING, due_at=Now(), tries=0)
            check.refresh_from_db()
        events.record("vat_check.requested", check)
    return check


def check(check: VatCheck) -> VatCheck:
    """Ask the register and keep its answer; no transaction is open meanwhile. Harmless twice."""
    try:
        answer = vies.ask(check.vat_id, requester=Shop.current().vat_id)
    except vies.OutOfReach:
        return _unanswered(check)
    return _answered(check, is_valid=answer.is_valid, reference=answer.reference)


def check_due(*, limit: int = 50) -> int:
    """Periodic: ask again what had no answer."""
    due = list(VatCheck.objects.due()[:limit])
    for one in due:
        check(one)
    return len(due)


@transaction.atomic
def _answered(check: VatCheck, *, is_valid: bool, reference: str) -> VatCheck:
    state = VatCheck.State.VALID if is_valid else VatCheck.State.INVALID
    VatCheck.objects.filter(pk=check.pk).update(
        state=state, reference=reference, answered_at=Now(), due_at=None, tries=0
    )
    check.refresh_from_db()
    if is_valid:
        events.record("vat_check.confirmed", check)
    else:
        events.record("vat_check.refused", check)
    return check


def _unanswered(check: VatCheck) -> VatCheck:
    wait = BACK_OFF_MINUTES[min(check.tries, len(BACK_OFF_MINUTES) - 1)]
    VatCheck.objects.filter(pk=check.pk, due_at__isnull=False).update(
        state=VatCheck.State.UNANSWERED,
        tries=min(check.tries + 1, 999),
        due_at=Now() + timedelta(minutes=wait),
    )
    check.refresh_from_db()
    return check


def state_of(vat_id: str) -> str:
    """What is known of it: a VatCheck.State, or empty where nothing is."""
    known = VatCheck.objects.filter(vat_id=vat_id) if vat_id else VatCheck.objects.none()
    return known.values_list("state", flat=True).first() or ""


def counts(state: str) -> bool:
    """Whether a VAT id in this state frees from VAT."""
    if state == VatCheck.State.UNANSWERED:
        return Shop.current().trusts_unchecked_vat_ids
    return state == VatCheck.State.VALID
