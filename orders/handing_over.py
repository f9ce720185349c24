"""What the browser gets after Pay: a secret for the Payment Element, the address of the next page, or words.

A script asks for JSON and is answered in JSON; without one the same request is answered with a redirect, and cards are paid
on the provider's own page.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from checkout import saving_cards
from checkout.gateways import gateway_named
from orders import braking, charging, paying
from orders.models import Order
from shop.core.errors import Refused
from shop.core.http import SeeOther, client_ip


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def pay(
    request: HttpRequest, order: Order, *, gateway: str, card: int | None = None, keep_card: bool = False
) -> HttpResponse:
    """Go on to payment by `gateway`, which may differ from the one the order was placed with.

    `card` is the id of a kept card; `keep_card` the wish to have the one that is used kept.
    """
    try:
        if order.status == Order.Status.PLACED and gateway != order.gateway:
            order = paying.change_means(order, gateway=gateway, by=_actor(request))
        if order.status != Order.Status.PLACED or not gateway_named(order.gateway).is_online:
            return to_order(request, order)
        started = _start(request, order, card=card, keep_card=keep_card)
    except paying.AlreadyPaid:
        return to_order(request, order)
    except paying.NotPayable as refusal:
        messages.error(request, refusal.message)
        return to_order(request, order)
    except Refused as refusal:
        unavailable = isinstance(refusal, paying.PaymentUnavailable)
        return refuse(request, refusal, to=pay_page(order), status=503 if unavailable else 422, order=order)
    if started.redirect_url:
        return go(request, started.redirect_url)
    if not started.client_secret:
        return go(request, resolve_url("orders:confirming", order.number))
    return JsonResponse(
        {
            "client_secret": started.client_secret,
            "return_url": request.build_absolute_uri(reverse("orders:confirming", args=[order.number])),
            "payment_url": pay_page(order),
        }
    )


def _start(request: HttpRequest, order: Order, *, card: int | None, keep_card: bool) -> paying.Started:
    """Cards are kept for, and taken from, nobody but the person whose order it is."""
    user, network = _actor(request), braking.network_of(client_ip(request))
    if card is not None:
        if user is None:
            raise saving_cards.NoSuchCard(saving_cards.not_yours())
        return charging.pay_with(order, card=card, user=user, network=network, by=user)
    keeps = keep_card and user is not None and order.user_id == user.pk
    return paying.start_payment(
        order,
        hosted=not wants_json(request),
        customer=charging.customer_for(user) if keeps else "",
        keeps_card=keeps,
        network=network,
        by=user,
    )


def pay_page(order: Order) -> str:
    return reverse("orders:payment", args=[order.number])


def to_order(request: HttpRequest, order: Order) -> HttpResponse:
    """The order page; with its thanks while it is fresh."""
    return go(request, resolve_url("orders:detail", order.number) + "?thanks")


def go(request: HttpRequest, url: str) -> HttpResponse:
    return JsonResponse({"redirect": url}) if wants_json(request) else SeeOther(url)


def refuse(
    request: HttpRequest,
    refusal: Refused,
    *,
    to: str,
    status: int = 422,
    leave: bool = False,
    order: Order | None = None,
) -> HttpResponse:
    """Say why. A script stays on its page, where the card is still filled in, unless it has to `leave` for another."""
    more = {"payment_url": pay_page(order)} if order else {}
    if not wants_json(request):
        messages.error(request, refusal.message)
        return SeeOther(to)
    if leave:
        messages.error(request, refusal.message)
        more["redirect"] = to
    return JsonResponse({"error": refusal.message} | more, status=status)


def _actor(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
