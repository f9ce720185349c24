"""A seller reads each review before it is shown. What is refused says why; neither few stars nor harsh words are a reason.

The list of reasons (Review.Refusal) is all there is: taking out bad reviews would mislead buyers (UCPD, annex I, no. 23c).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from catalog import photographing
from catalog.models import Review
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.states import IllegalMove

Status = Review.Status


class AlreadyDone(Refused):
    """The review is there already, or was changed meanwhile."""


class NoReason(Refused):
    """A refusal needs one of the reasons."""


@transaction.atomic
def publish(review: Review, *, by=None) -> None:
    """Show it. Raises AlreadyDone."""
    _move(review, Status.PUBLISHED, refusal="", refusal_note="")
    events.record("review.published", review, by=by)


@transaction.atomic
def refuse(review: Review, *, reason: str, note: str = "", by=None) -> None:
    """Do not show it (any more); its writer reads why. Raises AlreadyDone, NoReason."""
    if reason not in Review.Refusal.values:
        raise NoReason(_("Choose why the review is not shown."))
    _move(review, Status.REFUSED, refusal=reason, refusal_note=note.strip()[:300])
    events.record("review.refused", review, by=by, reason=reason)


@transaction.atomic
def answer(review: Review, *, text: str, by=None) -> None:
    """The shop's answer stands below the review; an empty one takes it back."""
    review.reply = text.strip()
    review.replied_at = clock.now() if review.reply else None
    review.save(update_fields=["reply", "replied_at"])
    events.record("review.answered", review, by=by)


@transaction.atomic
def remove(review: Review, *, by=None) -> None:
    """For good, with its pictures: when its writer asks for it."""
    photographing.remove_all(review.photos.all(), by=by)
    product = review.product
    review.delete()
    events.record("product.changed", product, by=by)


def _move(review: Review, status: str, **changes) -> None:
    if review.status == status:
        raise AlreadyDone(_("This was done already."))
    try:
        review.move_to(status, **changes)
    except IllegalMove as error:
        raise AlreadyDone(_("The review was changed meanwhile. Read it again.")) from error
