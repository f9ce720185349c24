"""Reviews are shown after a look by the shop: published ones count towards the product's stars, refused ones do not."""

from django.db import transaction

from catalog.models import Review
from shop.core import events


@transaction.atomic
def publish_review(review: Review, *, by=None) -> None:
    _set(review, Review.Status.PUBLISHED)
    events.record("review.published", review, by=by)


@transaction.atomic
def refuse_review(review: Review, *, by=None) -> None:
    _set(review, Review.Status.REFUSED)
    events.record("review.refused", review, by=by)


def _set(review: Review, status: str) -> None:
    review.status = status
    review.save(update_fields=["status"])
