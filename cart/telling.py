"""News of wishlists by mail: something on them costs less than when it was saved, or is back in stock.

Only for lists whose owner has an account and asked for it; the moment is kept, and an event says so, until it is taken back
on the list's page or by the link in each mail. Each drop is told once: the next mail needs a still lower price.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from cart.listing import ShownEntry, shown
from cart.models import Cart, Wishlist, WishlistEntry
from shop.core import events, mail
from shop.core.http import absolute

SALT = "wishlist-news"


@dataclass(frozen=True)
class News:
    """One thing of which there is something to tell."""

    entry: WishlistEntry
    shown: ShownEntry
    is_cheaper: bool


@transaction.atomic
def allow(wishlist: Wishlist, *, by: object) -> None:
    """The owner wants to be told. Only for lists of accounts: guests have no address."""
    if wishlist.cart.user_id and Wishlist.objects.filter(pk=wishlist.pk, news_since=None).update(
        news_since=Now()
    ):
        events.record("wishlist.news_allowed", wishlist, by=by)


@transaction.atomic
def disallow(wishlist: Wishlist, *, by: object = None) -> None:
    if Wishlist.objects.filter(pk=wishlist.pk, news_since__isnull=False).update(news_since=None):
        events.record("wishlist.news_stopped", wishlist, by=by)


def stop_token(wishlist: Wishlist) -> str:
    """Opens nothing but the page that stops this list's mails."""
    return signing.Signer(salt=SALT).sign(str(wishlist.pk))


def list_of(token: str) -> Wishlist | None:
    try:
        return Wishlist.objects.filter(pk=signing.Signer(salt=SALT).unsign(token)).first()
    except signing.BadSignature:
        return None


def tell_all() -> int:
    """Periodic: one mail at most to each owner; returns how many."""
    lists = Wishlist.objects.filter(news_since__isnull=False, cart__user__is_active=True)
    carts = Cart.objects.filter(wishlists__in=lists).distinct().select_related("user").order_by("pk")
    return sum(tell(cart) for cart in carts.iterator(chunk_size=500))


@transaction.atomic
def tell(cart: Cart) -> bool:
    """Mail the news of this cart's lists, if there are any. Safe to run twice."""
    lists = list(cart.wishlists.filter(news_since__isnull=False))
    news = [one for wishlist in lists for one in _news_of(wishlist, cart)]
    if not news or cart.user is None:
        return False
    mail.send(
        "wishlist_news",
        to=cart.user.email,
        context={
            "name": cart.user.get_short_name(),
            "news": [_row(one) for one in news],
            "link": absolute(reverse("cart:list", args=[lists[0].pk])),
        },
        secrets={"unsubscribe_url": absolute(reverse("cart:news", args=[stop_token(lists[0])]))},
        key=f"wishlist-news:{cart.pk}:{_fingerprint(news)}",
        language=cart.user.language,
    )
    for one in news:
        price = one.shown.price
        one.entry.told_minor = price.minor if price and one.is_cheaper else one.entry.told_minor
        one.entry.was_told_back = True
        one.entry.save(update_fields=["told_minor", "was_told_back"])
    return True


def _news_of(wishlist: Wishlist, cart: Cart) -> Iterable[News]:
    entries = {entry.pk: entry for entry in wishlist.entries.all()}
    for row in shown(wishlist, customer=cart.user_id, currency=cart.currency):
        entry = entries[row.pk]
        is_cheaper = _is_cheaper(entry, row)
        if row.is_available and (is_cheaper or not (entry.was_available or entry.was_told_back)):
            yield News(entry, row, is_cheaper)


def _is_cheaper(entry: WishlistEntry, row: ShownEntry) -> bool:
    if row.price is None or entry.seen_minor is None or entry.currency != row.price.currency:
        return False
    known = entry.seen_minor if entry.told_minor is None else min(entry.told_minor, entry.seen_minor)
    return row.price.minor < known


def _row(one: News) -> dict:
    card = one.shown.card
    return {
        "name": card.full_name,
        "url": absolute(card.url),
        "image": mail.picture({"src": card.photo.thumb, "alt": ""}) if card.photo else None,
        "price": one.shown.price,
        "was": one.entry.seen if one.is_cheaper else None,
    }


def _fingerprint(news: list[News]) -> str:
    told = ",".join(f"{one.entry.pk}:{one.shown.price and one.shown.price.minor}" for one in news)
    return hashlib.sha256(told.encode()).hexdigest()[:24]
