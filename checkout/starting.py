"""From cart to checkout: a copy of what the cart counts, with its stock reserved for some minutes.

Starting again refreshes the copy and the reservation of the same checkout; a cart has one open checkout at most. While
the customer is active the reservation is renewed once. When it has run out the goods are reserved anew, as far as they
are still there. What the customer has filled in outlives the reservation.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cart import adding
from cart.models import Cart
from cart.totals import CartTotals, totals
from catalog import stock
from catalog.products.customizing import key_of
from checkout import addresses
from checkout.models import Checkout, CheckoutLine
from checkout.shipping_rates import countries
from shop.core import events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.remarks import Remark

RENEW_BELOW_MINUTES = 5
ABANDONED = Remark(gettext_noop("abandoned"))
IDLE_DAYS = 7  # an open checkout that nobody touches is given up then
FORGET_DAYS = 30  # and forgotten, with the addresses in it


class NothingToBuy(Refused):
    """The cart is empty, or nothing in it can be had."""


class CheckoutClosed(Refused):
    """An order was placed from it, or it was given up."""


@transaction.atomic
def start_checkout(
    cart: Cart, *, user=None, language: str = "en", country: str = "", postcode: str = ""
) -> Checkout:
    """The cart's open checkout, made or refreshed. Raises NothingToBuy, stock.OutOfStock; nothing is changed then.

    `country` and `postcode` are where the customer said on the cart page that it goes; they hold until an address is given.
    """
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    counted = totals(cart)
    if not counted.counted:
        raise NothingToBuy(_("Your cart is empty."))
    checkout = lock(Checkout.objects.filter(cart=cart, status=Checkout.Status.OPEN)).first()
    if checkout is None:
        checkout = Checkout(cart=cart, currency=cart.currency)
    checkout.user, checkout.language = user or checkout.user, language
    _preset(checkout, country, postcode)
    for name in ("wrap_id", "greeting_card_id", "gift_message", "order_note"):
        setattr(checkout, name, getattr(cart, name))
    checkout.save()
    _copy(checkout, counted)
    _reserve(checkout)
    adding.note_reserved(cart, holder=checkout.holder)
    adding.note_seen(cart, prices={line.pk: line.card.price_minor for line in counted.counted})
    events.record(
        "checkout.started", checkout, by=user, goods_minor=counted.goods.minor, currency=cart.currency
    )
    return checkout


@transaction.atomic
def hold(checkout: Checkout) -> Checkout:
    """Make sure that its goods are promised to it now, whoever came between. Raises CheckoutClosed, stock.OutOfStock."""
    checkout = open_one(checkout)
    if stock.promised(checkout.holder) != checkout.pieces() or not _has_minutes(checkout, 0):
        _reserve(checkout)
    elif not checkout.was_renewed and not _has_minutes(checkout, RENEW_BELOW_MINUTES):
        _renew(checkout)
    return checkout


@transaction.atomic
def renew(checkout: Checkout) -> bool:
    """Once: another while for an active customer. False when that was used up or nothing is held any more."""
    checkout = open_one(checkout)
    if checkout.was_renewed or not _has_minutes(checkout, 0):
        return False
    _renew(checkout)
    return True


@transaction.atomic
def abandon(checkout: Checkout) -> None:
    """Give it up: its goods go back on sale. One that is closed already stays as it is."""
    checkout = lock(Checkout.objects.filter(pk=checkout.pk)).get()
    if checkout.status == Checkout.Status.OPEN:
        checkout.move_to(Checkout.Status.ABANDONED, reserved_until=None)
        stock.release(checkout.holder, reason=ABANDONED())


def short_of(checkout: Checkout) -> dict[int, int]:
    """{variant id: pieces that can be had} of everything that could not be promised whole now, parts of sets by
    themselves. Only looks."""
    wanted = checkout.pieces()
    free, held = stock.on_shelves(wanted), stock.promised(checkout.holder)
    most = {pk: free[pk] + held.get(pk, 0) for pk in wanted}
    return {pk: most[pk] for pk in wanted if most[pk] < wanted[pk]}


def sweep(*, limit: int = 200) -> int:
    """Periodic: what is no longer reserved goes back on sale, idle checkouts are given up, old ones forgotten."""
    released = stock.release_expired(limit=limit)
    idle = Checkout.objects.filter(
        status=Checkout.Status.OPEN, updated_at__lt=Now() - timedelta(days=IDLE_DAYS)
    )
    for checkout in idle[:limit]:
        abandon(checkout)
    old = Checkout.objects.filter(
        status=Checkout.Status.ABANDONED, updated_at__lt=Now() - timedelta(days=FORGET_DAYS)
    )
    Checkout.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return released


def open_one(checkout: Checkout) -> Checkout:
    """The locked row. Raises CheckoutClosed."""
    checkout = lock(Checkout.objects.filter(pk=checkout.pk)).get()
    if checkout.status != Checkout.Status.OPEN:
        raise CheckoutClosed(_("This order has been placed already, or its checkout was given up."))
    return checkout


def _preset(checkout: Checkout, country: str, postcode: str) -> None:
    """A signed-in buyer need not type what the address book knows."""
    if not checkout.street and country and country in countries():
        checkout.country = country
        checkout.postcode = addresses.postcode_in(country, postcode) or checkout.postcode
    if checkout.user is None or checkout.email:
        return
    checkout.email = checkout.user.email
    preset = checkout.user.addresses.first()
    if preset is None or preset.country not in countries():
        return
    try:
        known = addresses.clean(preset.country, preset.as_dict())
    except addresses.AddressRefused:
        return
    for name, value in known.items():
        setattr(checkout, name, value)


def _copy(checkout: Checkout, counted: CartTotals) -> None:
    checkout.lines.all().delete()
    CheckoutLine.objects.bulk_create(
        CheckoutLine(
            checkout=checkout,
            variant_id=line.card.variant_id,
            quantity=line.quantity,
            custom=list(line.card.custom),
            custom_key=key_of(line.card.custom),
            takes={str(pk): pieces for pk, pieces in line.card.takes.items()},
        )
        for line in counted.counted
    )


def _reserve(checkout: Checkout) -> None:
    stock.reserve(checkout.pieces(), holder=checkout.holder, minutes=settings.SHOP_RESERVATION_MINUTES)
    _note_until(checkout, was_renewed=False)


def _renew(checkout: Checkout) -> None:
    stock.renew(checkout.holder, minutes=settings.SHOP_RESERVATION_MINUTES)
    _note_until(checkout, was_renewed=True)


def _note_until(checkout: Checkout, *, was_renewed: bool) -> None:
    until = Now() + timedelta(minutes=settings.SHOP_RESERVATION_MINUTES)
    Checkout.objects.filter(pk=checkout.pk).update(
        reserved_until=until, was_renewed=was_renewed, updated_at=Now()
    )
    checkout.refresh_from_db(fields=["reserved_until", "was_renewed", "updated_at"])


def _has_minutes(checkout: Checkout, minutes: int) -> bool:
    """By the database's clock, not by ours."""
    return Checkout.objects.filter(
        pk=checkout.pk, reserved_until__gt=Now() + timedelta(minutes=minutes)
    ).exists()
