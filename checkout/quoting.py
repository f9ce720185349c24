"""The money pipeline in one place: lines → charges → delivery → tax → total → tenders.

`load` reads everything once; `calculate` is a pure function of what was read, so that the same basket always gives the
same quote. Placing an order quotes again: when the fingerprint differs from the one that the customer saw, it stops.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.utils import timezone

from cart.gifting import Extra, extras_of
from catalog.browsing import LineCard, line_cards
from catalog.models import Product
from catalog.products.customizing import dressed
from catalog.products.taking import pieces_of
from checkout import explaining, shipping_rates, tendering, vat_ids
from checkout.models import Checkout
from checkout.quote import (
    Quote,
    QuoteCharge,
    QuoteLine,
    QuoteShipping,
    QuoteTax,
    QuoteTender,
    plain,
    tax_totals,
)
from checkout.shipping_rates import Offer
from checkout.taxing import Buyer, Kind, Part, Taxation, kind_of, taxation_for
from checkout.tendering import Purses
from shop.core import clock
from shop.core.models import Shop
from shop.core.wording import said

__all__ = ["Basket", "Quote", "QuoteLine", "QuoteShipping", "QuoteTax", "calculate", "load", "quote"]


@dataclass(frozen=True)
class Basket:
    """Everything that a quote depends on. `told` is what else the customer has agreed to: addresses, e-mail."""

    currency: str
    country: str
    items: tuple[tuple[LineCard, int], ...]  # card, quantity
    taxation: Taxation
    extras: tuple[Extra, ...] = ()  # charges beside the goods
    offers: tuple[Offer, ...] = ()
    offer: Offer | None = None  # the one that was chosen
    purses: Purses = field(default_factory=Purses)
    told: Mapping[str, object] = field(default_factory=dict)
    vat_state: str = ""  # of the buyer's VAT id: a VatCheck.State, or empty

    @property
    def weight_g(self) -> int:
        return sum(card.weight_g * quantity for card, quantity in self.items)

    @property
    def goods_minor(self) -> int:
        """At catalogue prices: what free delivery is measured by."""
        return sum(card.price_minor * quantity for card, quantity in self.items)


def quote(checkout: Checkout, *, on: date | None = None) -> Quote:
    """What this checkout costs, today or `on` another day. Delivery is None while none (that is offered) is chosen."""
    return calculate(load(checkout, on=on))


def load(checkout: Checkout, *, on: date | None = None) -> Basket:
    """Read a checkout's basket; before an address is known, as if it went to the shop's own country."""
    moment = timezone.make_aware(datetime.combine(on, time())) if on else clock.now()
    country = checkout.country or Shop.current().country
    lines = list(checkout.lines.all())
    quantities: Counter[int] = Counter()
    for line in lines:
        quantities[line.variant_id] += line.quantity
    cards = line_cards(
        quantities,
        customer=checkout.user_id,
        currency=checkout.currency,
        held=pieces_of((line.pieces, line.quantity) for line in lines),
        at=moment if on else None,
    )
    vat_state = vat_ids.state_of(checkout.vat_id)
    basket = Basket(
        currency=checkout.currency,
        country=country,
        items=tuple((dressed(cards[line.variant_id], line.custom), line.quantity) for line in lines),
        taxation=taxation_for(
            country,
            checkout.region,
            checkout.postcode,
            on=timezone.localdate(moment),
            buyer=_buyer(checkout, vat_state),
        ),
        told={
            "email": checkout.email,
            "to": checkout.as_dict(),
            "bill_to": checkout.billing,
            "vat_id": checkout.vat_id,
            "po_number": checkout.po_number,
        },
        vat_state=vat_state,
        extras=extras_of(checkout, currency=checkout.currency),
        purses=tendering.purses_of(checkout),
    )
    offers = shipping_rates.methods_for(
        country=country,
        weight_g=basket.weight_g,
        goods_minor=basket.goods_minor,
        currency=basket.currency,
        at=moment,
        made_in_days=max((card.made_in_days for card in cards.values()), default=0),
    )
    chosen = next((offer for offer in offers if offer.method.pk == checkout.shipping_method_id), None)
    return replace(basket, offers=tuple(offers), offer=chosen)


def _buyer(checkout: Checkout, vat_state: str) -> Buyer:
    """What the tax depends on beside the address. A VAT id that does not count is none."""
    bill = checkout.billing or {}
    return Buyer(
        bill_country=bill.get("country", ""),
        bill_region=bill.get("region", ""),
        bill_postcode=bill.get("postcode", ""),
        vat_id=checkout.vat_id if vat_ids.counts(vat_state) else "",
        user_id=checkout.user_id,
    )


def calculate(basket: Basket) -> Quote:
    """The pure part."""
    goods, extras, delivery = _goods(basket), _extras(basket), _delivery(basket)
    taxed = basket.taxation.taxes(goods + extras + delivery)
    lines = tuple(
        _line(card, quantity, part, taxes)
        for (card, quantity), part, taxes in zip(basket.items, goods, taxed, strict=False)
    )
    charges = _charges(basket, extras, taxed[len(goods) :])
    shipping = _shipping(basket.offer, delivery, taxed[len(goods + extras) :])
    goods_minor = sum(line.total_minor for line in lines)
    charges_minor = sum(charge.total_minor for charge in charges)
    shipping_minor = shipping.price_minor if shipping else 0
    tax_minor = sum(tax.tax_minor for taxes in taxed for tax in taxes)
    is_inclusive = basket.taxation.is_inclusive
    found = Quote(
        currency=basket.currency,
        prices_include_tax=is_inclusive,
        lines=lines,
        shipping=shipping,
        goods_minor=goods_minor,
        shipping_minor=shipping_minor,
        tax_minor=tax_minor,
        total_minor=goods_minor + charges_minor + shipping_minor + (0 if is_inclusive else tax_minor),
        tax_totals=tax_totals(tax for taxes in taxed for tax in taxes),
        weight_g=basket.weight_g,
        charges=charges,
        charges_minor=charges_minor,
    )
    found = replace(found, tenders=_tenders(found, basket))
    found = replace(found, fingerprint=_fingerprint(found, basket))
    return replace(found, steps=explaining.steps(found, basket))


def _tenders(found: Quote, basket: Basket) -> tuple[QuoteTender, ...]:
    """Once a total is agreed: gift cards pay for everything but gift cards, store credit for all."""
    in_cards = sum(line.total_minor for line in found.lines if line.kind == Product.Kind.GIFT_CARD)
    return tendering.tenders_for(
        basket.purses, total_minor=found.total_minor, cards_minor=found.total_minor - in_cards
    )


def _goods(basket: Basket) -> list[Part]:
    """Unit price as printed × quantity: what the customer can check with a pencil."""
    parts = []
    for card, quantity in basket.items:
        kind = kind_of(card.kind)
        unit_minor = basket.taxation.printed(card.price_minor, card.tax_class, kind=kind)
        parts.append(Part(unit_minor * quantity, card.tax_class, kind))
    return parts


def _extras(basket: Basket) -> list[Part]:
    return [
        Part(basket.taxation.printed(extra.price_minor, extra.tax_class), extra.tax_class)
        for extra in basket.extras
    ]


def _charges(basket: Basket, parts: list[Part], taxed: list[tuple[QuoteTax, ...]]) -> tuple[QuoteCharge, ...]:
    return tuple(
        QuoteCharge(extra.kind, extra.name, part.minor, sum(tax.tax_minor for tax in taxes), taxes)
        for extra, part, taxes in zip(basket.extras, parts, taxed, strict=False)
    )


def _delivery(basket: Basket) -> list[Part]:
    """The price of delivery, split by their value over the tax classes of the goods that travel."""
    if basket.offer is None:
        return []
    travel = [item for item in basket.items if kind_of(item[0].kind) == Kind.GOODS] or basket.items
    values: dict[str, int] = {}
    for card, quantity in travel:
        values[card.tax_class] = values.get(card.tax_class, 0) + card.price_minor * quantity
    shares = basket.offer.price.share(list(values.values()))
    return [
        Part(basket.taxation.printed(share.minor, tax_class, is_delivery=True), tax_class, is_delivery=True)
        for tax_class, share in zip(values, shares, strict=True)
    ]


def _line(card: LineCard, quantity: int, part: Part, taxes: tuple[QuoteTax, ...]) -> QuoteLine:
    return QuoteLine(
        variant_id=card.variant_id,
        sku=card.sku,
        name=card.name,
        choices=card.choices,
        quantity=quantity,
        unit_minor=part.minor // quantity,
        total_minor=part.minor,
        tax_minor=sum(tax.tax_minor for tax in taxes),
        taxes=taxes,
        weight_g=card.weight_g,
        photo=card.photo.path if card.photo else "",
        cost_minor=card.cost_minor,
        country_of_origin=card.country_of_origin,
        hs_code=card.hs_code,
        kind=card.kind,
        parts=card.parts,
        custom=card.custom,
        is_personal=card.is_personal,
    )


def _shipping(
    offer: Offer | None, parts: list[Part], taxed: list[tuple[QuoteTax, ...]]
) -> QuoteShipping | None:
    if offer is None:
        return None
    taxes = tax_totals(tax for taxes in taxed for tax in taxes)
    return QuoteShipping(
        method_id=offer.method.pk,
        code=offer.method.code,
        name=said(offer.method.name),
        carrier=offer.method.carrier,
        carrier_service=offer.method.service,
        is_pickup=offer.method.is_pickup,
        has_import_charges=offer.method.has_import_charges,
        price_minor=sum(part.minor for part in parts),
        tax_minor=sum(tax.tax_minor for tax in taxes),
        taxes=taxes,
        earliest=offer.earliest,
        latest=offer.latest,
    )


def _fingerprint(found: Quote, basket: Basket) -> str:
    """Of what the customer agrees to: goods, prices, taxes, way of delivery, addresses.

    Not of the days of arrival: they move at every cut-off. Nor of photographs, weights and the like.
    """
    agreed = {
        "lines": [
            (
                line.variant_id,
                line.quantity,
                line.unit_minor,
                line.total_minor,
                plain(line.taxes),
                [(part.variant_id, part.quantity) for part in line.parts],
                plain([dict(answer) for answer in line.custom]),
            )
            for line in found.lines
        ],
        "charges": [(one.kind, one.name, one.total_minor, plain(one.taxes)) for one in found.charges],
        "shipping": found.shipping
        and (found.shipping.method_id, found.shipping.price_minor, plain(found.shipping.taxes)),
        "sums": (found.currency, found.prices_include_tax, found.tax_minor, found.total_minor),
        "tenders": [(tender.purse, tender.amount_minor) for tender in found.tenders],
        "told": plain(dict(basket.told)),
    }
    return hashlib.sha256(json.dumps(agreed, sort_keys=True).encode()).hexdigest()


def with_offer(basket: Basket, offer: Offer) -> Quote:
    """What it would cost with this delivery."""
    return calculate(replace(basket, offer=offer))
