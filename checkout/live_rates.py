"""Prices that carriers say themselves, for the ways of delivery that want them.

Entering an address stores a question; a worker asks the carriers, because that takes seconds and may fail. The delivery
page waits for the answer, WAIT_SECONDS at most, and then shows the price table's price: from then on that one holds, even if
the carriers answer after all. An answer holds for FRESH_MINUTES.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from checkout.carriers import CarrierRefused, CarrierUnavailable, Parcel, Party, available, carrier
from checkout.models import Checkout, RateRequest, ShippingMethod
from checkout.shipping.packing import Piece, parcels
from checkout.shipping.pricing import service_key
from shop.core import clock, events
from shop.core.models import Shop
from shop.core.money import Money

WAIT_SECONDS, LOOK_SECONDS = 2.0, 0.1
FRESH_MINUTES = 30
State = RateRequest.State
Live = Mapping[str, Money]  # {"carrier/service": its price}


def ask(checkout: Checkout, *, pieces: Sequence[Piece]) -> RateRequest | None:
    """Store the question, within the caller's transaction. None where no way of delivery wants to know."""
    methods = list(_wanting(checkout.country))
    weights = _weights(methods, pieces)
    if not weights:
        return None
    wanted = {"parcels": weights, "asked_at": clock.now()}
    found, made = RateRequest.objects.get_or_create(
        checkout=checkout, key=_key(checkout, weights), defaults=wanted
    )
    stale = clock.now() - timedelta(minutes=FRESH_MINUTES)
    if not made and (found.state == State.GIVEN_UP or found.asked_at < stale):
        RateRequest.objects.filter(pk=found.pk).update(
            state=State.ASKED, rates={}, answered_at=None, **wanted
        )
        found.refresh_from_db()
        made = True
    if made:
        events.record("rate_request.made", found)
    return found


def fill(request: RateRequest) -> bool:
    """Ask every carrier that is wanted, with no transaction open; whether the answer is in time. Harmless twice."""
    checkout = request.checkout
    if _key(checkout, request.parcels) != request.key:  # the address has changed since: asked anew
        return False
    codes = {method.carrier for method in _wanting(checkout.country)} & set(available())
    rates = {name: found for code in sorted(codes) for name, found in _rates(code, request, checkout).items()}
    if not rates:
        return False
    waiting = RateRequest.objects.filter(pk=request.pk, state=State.ASKED, asked_at=request.asked_at)
    return bool(waiting.update(state=State.ANSWERED, rates=rates, answered_at=clock.now()))


def wait(checkout: Checkout, *, seconds: float = WAIT_SECONDS) -> None:
    """Until the carriers have answered, or the time is up; then what is still open is given up."""
    open_ones = RateRequest.objects.filter(checkout=checkout, state=State.ASKED)
    end = time.monotonic() + seconds
    while open_ones.exists():
        if time.monotonic() >= end:
            open_ones.update(state=State.GIVEN_UP)
            return
        time.sleep(LOOK_SECONDS)


def known(checkout: Checkout, methods: Iterable[ShippingMethod], *, pieces: Sequence[Piece]) -> Live:
    """What the carriers have answered to this very question. One query, none where nobody wants to know."""
    weights = _weights([method for method in methods if method.is_live], pieces)
    if not weights or not checkout.pk:
        return {}
    found = RateRequest.objects.filter(
        checkout=checkout, key=_key(checkout, weights), state=State.ANSWERED
    ).first()
    return {name: Money(minor, currency) for name, (minor, currency) in found.rates.items()} if found else {}


def _wanting(country: str) -> Iterable[ShippingMethod]:
    """Those that have a table to fall back on."""
    found = ShippingMethod.objects.offered_in(country).filter(is_live=True, rates__isnull=False)
    return found.distinct()


def _weights(methods: Sequence[ShippingMethod], pieces: Sequence[Piece]) -> list[int]:
    """Parcels that every one of these bears; empty when there are none."""
    if not methods:
        return []
    limits = [method.parcel_max_g for method in methods if method.parcel_max_g]
    return parcels(pieces, max_g=min(limits, default=None)) or []


def _key(checkout: Checkout, weights: Sequence[int]) -> str:
    to = checkout.as_dict()
    asked = [*(to[name] for name in ("street", "postcode", "city", "region", "country")), *weights]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _rates(code: str, request: RateRequest, checkout: Checkout) -> dict[str, list]:
    boxes = [Parcel(grams=max(1, grams)) for grams in request.parcels]
    try:
        found = carrier(code).rates(boxes, sender=_sender(), recipient=_recipient(checkout))
    except (CarrierUnavailable, CarrierRefused):
        return {}
    return {service_key(code, rate.service): [rate.amount_minor, rate.currency] for rate in found}


def _sender() -> Party:
    shop = Shop.current()
    return Party(
        name=shop.name,
        company=shop.company or shop.name,
        street_lines=(shop.street,),
        city=shop.city,
        postcode=shop.postcode,
        country=shop.country,
        region=shop.region,
        phone=shop.phone,
        email=shop.email,
    )


def _recipient(checkout: Checkout) -> Party:
    return Party(
        name=checkout.name,
        company=checkout.company,
        street_lines=tuple(line for line in (checkout.street, checkout.extra) if line),
        city=checkout.city,
        postcode=checkout.postcode,
        country=checkout.country,
        region=checkout.region,
        phone=checkout.phone,
        email=checkout.email,
    )
