"""“Was this helpful?”: one vote for each visitor and review, and nothing kept that leads to the visitor.

A visitor's ballot is a number drawn by lot, in a signed cookie; the database holds a hash of it that is another one for
each review. Who clears his cookies may vote again, a few times a day: the number is a hint, not an election.
"""

import secrets

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from catalog.models import HelpfulVote, Review
from shop.core.errors import Refused


class NotShown(Refused):
    """Only what can be read can be voted for."""


def draw_ballot() -> str:
    return secrets.token_urlsafe(16)


@transaction.atomic
def vote(review: Review, *, ballot: str) -> bool:
    """Count it; False if this ballot was counted before. Raises NotShown."""
    if review.status != Review.Status.PUBLISHED:
        raise NotShown(_("This review is not shown any more."))
    if not _cast(review, _voter(review, ballot)):
        return False
    Review.objects.filter(pk=review.pk).update(helpful=F("helpful") + 1)
    return True


def _cast(review: Review, voter: str) -> bool:
    """The unique row decides which of two presses counts."""
    return HelpfulVote.objects.get_or_create(review=review, voter=voter)[1]


def _voter(review: Review, ballot: str) -> str:
    return salted_hmac("catalog.voices.voting", f"{review.pk}:{ballot}", algorithm="sha256").hexdigest()[:43]
