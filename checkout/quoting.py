"""The money pipeline in one place: lines → promotions → charges → delivery → tax → total → tenders.

`load` reads everything once; `calculate` is a pure function of what was read, so that the same basket always gives the
same quote. Promotions are reckoned in catalogue prices, so that they are the same wherever the goods go;
checkout/discounting.py turns them into printed amounts. Placing an order quotes again: when the fingerprint differs from
the one that the customer saw, it stops.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.utils import timezone

from cart.gifting import Extra, extras_of
from cart.offering import Deal, deal_for
from cart.rules import Adjustment, Outcome
from cart.situation import Situation
from catalog.browsing import LineCard, line_cards
from catalog.models import Product
from catalog.products.customizing import dressed
from catalog.products.taking import pieces_of
from checkout import discounting, explaining, itemising, live_rates, shipping_rates, tendering, vat_ids
from checkout.agreeing import fingerprint
from checkout.models import Checkout
from checkout.quote import (
    Quote,
    QuoteLine,
    QuoteShipping,
    QuoteTax,
    QuoteTender,
    tax_totals,
)
from checkout.shipping_rates import Offer, Piece
from checkout.taxing import Buyer, Kind, Part, Taxation, asking, kind_of, taxation_for
from checkout.tendering import Purses
from shop.core import clock
from shop.core.models import Shop
from shop.core.money import Money

__all__ = ["Basket", "Quote", "QuoteLine", "QuoteShipping", "QuoteTax", "calculate", "load", "quote"]


NO_DEAL = Deal(Situation(""))


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
    deal: Deal = NO_DEAL
    told: Mapping[str, object] = field(default_factory=dict)
    vat_state: str = ""  # of the buyer's VAT id: a VatCheck.State, or empty

    @property
    def weight_g(self) -> int:
        return sum(card.weight_g * quantity for card, quantity in self.items)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What travels, as deliveries look at it."""
        return tuple(Piece(card.weight_g, quantity, card.shipping_class) for card, quantity in self.items)

    @property
    def goods_minor(self) -> int:
        """At catalogue prices, before promotions: what free delivery is measured by, so that no discount makes it dear."""
        return sum(card.price_minor * quantity for card, quantity in self.items)

    @property
    def outcome(self) -> Outcome:
        return self.deal.outcome(self.items, delivery_minor=self.offer.price.minor if self.offer else None)


def quote(checkout: Checkout, *, on: date | None = None) -> Quote:
    """What this checkout costs, today or `on` another day. Delivery is None while none (that is offered) is chosen."""
    return calculate(load(checkout, on=on))


def load(checkout: Checkout, *, on: date | None = None) -> Basket:
    """Read a checkout's basket; before an address is known, as if it went to the shop's own country.

    Nothing is offered where nothing travels: then there is no delivery to choose.
    """
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
        holder=checkout.holder,
        at=moment if on else None,
    )
    vat_state = vat_ids.state_of(checkout.vat_id)
    basket = Basket(
        currency=checkout.currency,
        country=country,
        items=tuple((dressed(cards[line.variant_id], line.custom), line.quantity) for line in lines),
        taxation=_taxation(checkout, country, vat_state, on=timezone.localdate(moment)),
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
        deal=deal_for(
            checkout.cart,
            cards.values(),
            currency=checkout.currency,
            user_id=checkout.user_id,
            email=checkout.email,
            country=checkout.country,
            at=moment,
        ),
    )
    if not any(card.kind not in Product.UNSENT for card in cards.values()):
        return basket
    offers = shipping_rates.methods_for(
        country=country,
        region=checkout.region,
        postcode=checkout.postcode,
        weight_g=basket.weight_g,
        goods_minor=basket.goods_minor,
        currency=basket.currency,
        pieces=basket.pieces,
        live=lambda methods: live_rates.known(checkout, methods, pieces=basket.pieces),
        at=moment,
        made_in_days=max((card.made_in_days for card in cards.values()), default=0),
        ready_by=max((card.ships_by for card in cards.values() if card.ships_by), default=None),
    )
    chosen = next((offer for offer in offers if offer.method.pk == checkout.shipping_method_id), None)
    return replace(basket, offers=tuple(offers), offer=chosen)


def _taxation(checkout: Checkout, country: str, vat_state: str, *, on: date) -> Taxation:
    buyer = _buyer(checkout, vat_state)
    table = taxation_for(country, checkout.region, checkout.postcode, on=on, buyer=buyer)
    return asking.with_answers(table, checkout, on=on, vat_id=buyer.vat_id)


def ask_for_taxes(checkout: Checkout, basket: Basket) -> bool:
    """Where a service calculates taxes: ask it about this basket. Whether it said something new; then load again.

    Goes over the network, so never within a transaction.
    """
    listening = asking.listening(basket.taxation)
    if listening is None:
        return False
    calculate(replace(basket, taxation=listening))
    return asking.ask(checkout, listening)


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
    outcome = basket.outcome
    listed, reduced = _listed(basket), []
    for (card, quantity), part, off in zip(basket.items, listed, outcome.lines, strict=True):
        reduced.append(discounting.reduced(card.price_minor * quantity, part.minor, off))
    goods = [replace(part, minor=left) for part, (left, _off) in zip(listed, reduced, strict=True)]
    delivery, off_delivery = _delivery(basket, outcome)
    extras = _extras(basket)
    taxed = basket.taxation.taxes(goods + extras + delivery)
    lines = tuple(
        itemising.line_of(card, quantity, part, taxes, off)
        for (card, quantity), part, taxes, (_left, off) in zip(
            basket.items, listed, taxed[: len(goods)], reduced, strict=True
        )
    )
    charges = itemising.charges_of(basket.extras, extras, taxed[len(goods) :])
    shipping = itemising.shipping_of(basket.offer, delivery, taxed[len(goods + extras) :], off_delivery)
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
        tax_note=basket.taxation.note_on(goods + extras + delivery),
        weight_g=basket.weight_g,
        charges=charges,
        charges_minor=charges_minor,
        discount_minor=sum(line.discount_minor for line in lines),
        hints=outcome.hints,
        without=outcome.without,
    )
    found = replace(found, tenders=_tenders(found, basket))
    found = replace(found, fingerprint=fingerprint(found, basket.told))
    return replace(found, steps=explaining.steps(found, basket))


def _tenders(found: Quote, basket: Basket) -> tuple[QuoteTender, ...]:
    """Once a total is agreed: gift cards pay for everything but gift cards, store credit for all."""
    in_cards = sum(line.total_minor for line in found.lines if line.kind == Product.Kind.GIFT_CARD)
    return tendering.tenders_for(
        basket.purses, total_minor=found.total_minor, cards_minor=found.total_minor - in_cards
    )


def _listed(basket: Basket) -> list[Part]:
    """Unit price as printed × quantity, before promotions: what the customer can check with a pencil."""
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


def _delivery(basket: Basket, outcome: Outcome) -> tuple[list[Part], tuple[Adjustment, ...]]:
    """The price of delivery after promotions, split over the tax classes of the goods that
    travel by what is paid for them."""
    if basket.offer is None:
        return [], ()
    every = list(zip(basket.items, outcome.lines, strict=True))
    travel = [one for one in every if kind_of(one[0][0].kind) == Kind.GOODS] or every
    values: dict[str, int] = {}
    for (card, quantity), off in travel:
        value = card.price_minor * quantity - sum(one.amount_minor for one in off)
        values[card.tax_class] = values.get(card.tax_class, 0) + value

    def printed(price: Money) -> list[Part]:
        shares = price.share(list(values.values()))
        return [
            Part(
                basket.taxation.printed(share.minor, tax_class, is_delivery=True), tax_class, is_delivery=True
            )
            for tax_class, share in zip(values, shares, strict=True)
        ]

    price = basket.offer.price
    left = price - Money(sum(one.amount_minor for one in outcome.delivery), price.currency)
    parts, full = printed(left), printed(price)
    taken = sum(part.minor for part in full) - sum(part.minor for part in parts)
    return parts, discounting.split(max(0, taken), outcome.delivery)


def with_offer(basket: Basket, offer: Offer) -> Quote:
    """What it would cost with this delivery."""
    return calculate(replace(basket, offer=offer))
