"""Placing an order turns a checkout into a promise, once: pressing the button again leads to the same order.

What the customer saw is compared with what it costs now; when anything differs, nothing is placed and he is asked again.
The checkout's reservation becomes the order's, so nobody else can buy the goods while he pays. No provider is asked here.
What gift cards and store credit pay is taken in the same transaction (orders/tendered.py); the chosen means of payment gets
the rest. An order that is to be paid online or by bank transfer waits for it until `pay_before`; one that is paid on
delivery, or of which nothing is left to pay, is confirmed at once (orders/agreeing.py).
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from cart import coupons
from catalog import stock
from checkout import waiving
from checkout.filling import missing_step
from checkout.gateways import gateway_named, offered
from checkout.models import Checkout
from checkout.purchasing import purchase_of
from checkout.quoting import Basket, Quote, calculate, load, quote
from orders import progress
from orders.agreeing import agree
from orders.emptying import empty_cart
from orders.freezing import freeze
from orders.models import JournalEntry, Order
from orders.tendered import take_tenders
from shop.accounts import buyers
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.models import Page


class PriceChanged(Refused):
    """What was shown is no longer what it costs. `data["quote"]` is what it costs now."""


class NotReady(Refused):
    """Something is missing. `data["step"]` is the page of the checkout that asks for it: details, delivery, payment."""


class CheckoutGone(Refused):
    """The checkout was abandoned or replaced."""


def place_order(
    checkout: Checkout,
    *,
    gateway: str,
    fingerprint: str,
    terms_version: int | None,
    waives_withdrawal: bool = False,
    by: Any = None,
) -> Order:
    """Raises PriceChanged, NotReady, CheckoutGone, catalog.stock.OutOfStock.

    `waives_withdrawal` is the buyer's consent where downloads need it (checkout/waiving.py).
    """
    try:
        order = _place(
            checkout,
            gateway=gateway,
            fingerprint=fingerprint,
            terms_version=terms_version,
            waives_withdrawal=waives_withdrawal,
            by=by,
        )
    except coupons.CouponGone as gone:
        raise PriceChanged(gone.message, quote=quote(checkout)) from gone
    empty_cart(order)
    return order


@transaction.atomic
def _place(
    checkout: Checkout,
    *,
    gateway: str,
    fingerprint: str,
    terms_version: int | None,
    waives_withdrawal: bool,
    by: Any,
) -> Order:
    checkout = lock(Checkout.objects.filter(pk=checkout.pk)).get()
    if placed := Order.objects.filter(checkout=checkout).first():
        return placed
    if checkout.status != Checkout.Status.OPEN:
        raise CheckoutGone(_("This checkout has ended. Your cart is still there: start again from it."))
    agreed = _check(checkout, gateway=gateway, fingerprint=fingerprint, terms_version=terms_version)
    waived = _waiver(checkout, agreed, is_given=waives_withdrawal)
    order = freeze(
        checkout, agreed, gateway=gateway, terms_version=terms_version, **waived, **_deadline(gateway)
    )
    order.refresh_from_db(fields=["pay_before"])
    progress.enter(
        order,
        kind=JournalEntry.Kind.PLACED,
        owed_minor=order.total_minor,
        reference=f"placed:{order.pk}",
        by=by,
    )
    _keep_goods(checkout, order)
    coupons.redeem(agreed.codes, reference=order.holder, email=order.email)
    take_tenders(order, agreed.tenders, by=by)
    checkout.move_to(Checkout.Status.COMPLETED, order_number=order.number)
    buyers.note_order(order.email, user=order.user)
    events.record("order.placed", order, by=by, total_minor=order.total_minor, currency=order.currency)
    if not gateway_named(gateway).is_online:
        agree(order, by=by)
    return order


def _check(checkout: Checkout, *, gateway: str, fingerprint: str, terms_version: int | None) -> Quote:
    """What is to be agreed on; refuses if it is not what the customer saw."""
    basket = load(checkout)
    if not basket.items:
        raise CheckoutGone(_("There is nothing in this checkout any more."))
    if names := _withdrawn(basket):
        raise CheckoutGone(_("%(names)s: no longer on sale. Your cart shows the rest.") % {"names": names})
    agreed = calculate(basket)
    if step := missing_step(checkout, agreed):
        raise NotReady(_("Something is missing here before you can pay."), step=step)
    if agreed.fingerprint != fingerprint:
        raise PriceChanged(
            _("Something changed since you saw this page. The total is now %(total)s: check it, then pay.")
            % {"total": agreed.due.format()},
            quote=agreed,
        )
    if gateway not in {one.code for one in offered(purchase_of(checkout, agreed))}:
        raise NotReady(_("Choose how to pay."), step="payment")
    if terms_version != terms_in_force():
        raise NotReady(_("Our terms changed. Read them, then press the button again."), step="payment")
    return agreed


def _waiver(checkout: Checkout, agreed: Quote, *, is_given: bool) -> dict[str, Any]:
    """What the order keeps of the consent. Raises NotReady where it is needed and missing."""
    if not waiving.is_asked(checkout, agreed):
        return {}
    if not is_given:
        raise NotReady(
            _("Tick the box about your right of withdrawal: downloads begin as soon as they are paid."),
            step="payment",
        )
    return {"withdrawal_waived_at": clock.now()}


def _withdrawn(basket: Basket) -> str:
    """The names of what was taken off sale since the checkout began, or is no longer sold in its currency."""
    gone = {card.variant_id: card for card, _n in basket.items if not (card.is_on_sale and card.is_priced)}
    return ", ".join(card.full_name for card in gone.values())


def terms_in_force() -> int | None:
    """The version of the terms that a buyer accepts now; None where the shop has published none."""
    return Page.objects.filter(slug="terms", is_published=True).values_list("version", flat=True).first()


def _deadline(gateway: str) -> dict:
    chosen = gateway_named(gateway)
    if chosen.is_promise:
        return {}
    minutes = timedelta(minutes=settings.SHOP_PAYMENT_RESERVATION_MINUTES)
    return {"pay_before": Now() + (timedelta(days=chosen.days_to_pay) or minutes)}


def _keep_goods(checkout: Checkout, order: Order) -> None:
    """Reserved anew first: the checkout's promise may have run out a moment ago. Raises OutOfStock."""
    stock.reserve(order.pieces(), holder=checkout.holder, minutes=1)
    stock.commit(checkout.holder, to=order.holder)
