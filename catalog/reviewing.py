"""Who may say what about a product, and how it is written.

A review is “verified” when the shop itself knows that the product was bought and has arrived: whoever delivers it says so
by `invite`. The buyer proves who he is by the link in a mail to the order's address, or by signing in with that address
confirmed. Others may write only where the shop allows it, signed in, and are marked as not verified. There is one review
for each buyer and product; who changes it has it looked at again.

Source: Directive (EU) 2019/2161, art. 3 (UCPD art. 7(6) and annex I, no. 23b): a shop says whether and how it makes sure
that reviews come from buyers, and does so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog import photographing
from catalog.models import Product, Review, ReviewInvitation, Variant
from catalog.photographing import Prepared
from shop.accounts.buyers import normalise
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.http import absolute
from shop.core.models import Shop

LINK_DAYS = 90
EDIT_DAYS = 30
MOST_PHOTOS = 3
SIGNER = Signer(salt="catalog.reviewing.invitation")


class MayNotWrite(Refused):
    """Nothing says that this person bought the product; `data["sign_in"]` where signing in may change that."""


class LinkOver(Refused):
    """The link was used or has run out."""


class TooLate(Refused):
    """The review is too old to be changed."""


class TooManyPhotos(Refused):
    """More than three pictures beside one review."""


@dataclass(frozen=True)
class Standing:
    """As whom somebody writes. `is_by_link`: the link is used up by it."""

    email: str
    user: object | None = None
    invitation: ReviewInvitation | None = None
    review: Review | None = None  # what he wrote before
    is_by_link: bool = False


@transaction.atomic
def invite(variant: Variant, *, email: str, reference: str, by=None) -> ReviewInvitation:
    """This address bought and received the product, with the order `reference`. Said again, an unused link lives longer."""
    wanted = {"variant": variant, "reference": reference, "expires_at": _end_of_link()}
    row, is_new = ReviewInvitation.objects.get_or_create(
        product_id=variant.product_id, email=normalise(email), defaults=wanted
    )
    if is_new:
        events.record("review_invitation.made", row, by=by, reference=reference)
    elif row.used_at is None:
        row.expires_at = _end_of_link()
        row.save(update_fields=["expires_at"])
    return row


def link_of(invitation: ReviewInvitation) -> str:
    """The address to send: whoever opens it may write this one review, once."""
    path = reverse("catalog:review", args=[invitation.product.slug])
    return absolute(f"{path}?{urlencode({'invitation': SIGNER.sign(str(invitation.pk))})}")


def standing_of(product: Product, *, user=None, token: str = "") -> Standing:
    """As whom this visitor may write. Raises MayNotWrite, LinkOver."""
    own = _as_user(product, user) if user is not None and user.is_authenticated else None
    if token:
        invitation = _invited_by(token, product)
        if own and own.email == invitation.email:
            return own
        return _as_guest(invitation)
    if own is None:
        raise MayNotWrite(_("Sign in with the email address of your order to write a review."), sign_in=True)
    if own.invitation or own.review or Shop.current().reviews_from_everybody:
        return own
    raise MayNotWrite(
        _("Only buyers can review this product. We find no delivered order with your email address.")
    )


def write(
    product: Product,
    *,
    standing: Standing,
    stars: int,
    text: str,
    author: str,
    title: str = "",
    photos: Iterable[Prepared] = (),
    without: Iterable[int] = (),
) -> Review:
    """Write or change the review; `without` are the ids of its pictures that go. A seller looks at it before it is shown.

    Raises LinkOver, TooLate, TooManyPhotos.
    """
    pictures = list(photos)
    for picture in pictures:
        photographing.store(picture)
    words = {"stars": stars, "title": title, "text": text, "author": author}
    return _write(product, standing, words, pictures, list(without))


@transaction.atomic
def _write(product, standing, words, pictures, without) -> Review:
    _use_link(standing)
    review, is_new = _row(product, standing, words)
    if not is_new:
        _change(review, standing, words)
    photographing.remove_all(review.photos.filter(pk__in=without))
    if review.photos.count() + len(pictures) > MOST_PHOTOS:
        raise TooManyPhotos(_("A review has room for %(count)s pictures.") % {"count": MOST_PHOTOS})
    for position, picture in enumerate(pictures, start=review.photos.count()):
        photographing.keep(picture, review=review, alt=_photo_words(review), position=position)
    if is_new:
        events.record("review.written", review, by=standing.user)
    else:
        events.record("review.edited", review, by=standing.user)
    return review


def _use_link(standing: Standing) -> None:
    """Of two presses with the same link, one writes."""
    if standing.invitation is None:
        return
    unused = ReviewInvitation.objects.filter(pk=standing.invitation.pk, used_at=None)
    if standing.is_by_link and not unused.filter(expires_at__gt=Now()).update(used_at=Now()):
        raise LinkOver(_over(standing.invitation))
    unused.update(used_at=Now())


def _row(product: Product, standing: Standing, words: dict) -> tuple[Review, bool]:
    if standing.review:
        return standing.review, False
    invitation = standing.invitation
    known = {"writer": standing.user, "is_verified": invitation is not None}
    known |= {"variant": invitation.variant if invitation else None, "created_at": clock.now()}
    return Review.objects.get_or_create(product=product, email=standing.email, defaults=known | words)


def _change(review: Review, standing: Standing, words: dict) -> None:
    if not may_change(review):
        raise TooLate(
            _("A review can be changed for %(days)s days after it was written.") % {"days": EDIT_DAYS}
        )
    more = {"is_verified": True} if standing.invitation else {}
    review.move_to(
        Review.Status.PENDING, edited_at=clock.now(), refusal="", refusal_note="", **(words | more)
    )


def may_change(review: Review) -> bool:
    return review.created_at > clock.now() - timedelta(days=EDIT_DAYS)


def _as_user(product: Product, user) -> Standing:
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    emails = [normalise(email) for email in confirmed.values_list("email", flat=True)]
    invitation = product.review_invitations.filter(email__in=emails).order_by("pk").first()
    his = product.reviews.filter(Q(writer=user) | Q(email__in=emails)).exclude(email="")
    email = invitation.email if invitation else (emails or [normalise(user.email)])[0]
    return Standing(email, user, invitation, his.order_by("pk").first())


def _as_guest(invitation: ReviewInvitation) -> Standing:
    if invitation.used_at or not ReviewInvitation.objects.filter(pk=invitation.pk, expires_at__gt=Now()):
        raise LinkOver(_over(invitation), sign_in=True)
    return Standing(invitation.email, invitation=invitation, is_by_link=True)


def _invited_by(token: str, product: Product) -> ReviewInvitation:
    try:
        pk = int(SIGNER.unsign(token))
    except (BadSignature, ValueError) as error:
        raise LinkOver(_("This link is not complete. Open it from the mail once more.")) from error
    found = product.review_invitations.filter(pk=pk).first()
    if found is None:
        raise LinkOver(_("This link belongs to another product."))
    return found


def _over(invitation: ReviewInvitation) -> str:
    if invitation.used_at:
        return _(
            "This link was used: your review is with us. Sign in with the same email address to change it."
        )
    return _("This link has run out. Sign in with the email address of your order to write a review.")


def _end_of_link():
    return clock.now() + timedelta(days=LINK_DAYS)


def _photo_words(review: Review) -> str:
    return _("Picture by %(name)s, who reviewed it") % {"name": review.author}
