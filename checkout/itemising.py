"""The rows of a quote: lines, charges and delivery, each with its taxes and what promotions took off."""

from collections.abc import Iterable

from cart.gifting import Extra
from cart.rules import Adjustment
from catalog.browsing import LineCard
from checkout.quote import QuoteCharge, QuoteLine, QuoteShipping, QuoteTax, tax_totals
from checkout.shipping_rates import Offer
from checkout.taxing import Part
from shop.core.wording import said


def charges_of(
    extras: Iterable[Extra], parts: list[Part], taxed: list[tuple[QuoteTax, ...]]
) -> tuple[QuoteCharge, ...]:
    return tuple(
        QuoteCharge(extra.kind, extra.name, part.minor, sum(tax.tax_minor for tax in taxes), taxes)
        for extra, part, taxes in zip(extras, parts, taxed, strict=False)
    )


def line_of(
    card: LineCard, quantity: int, part: Part, taxes: tuple[QuoteTax, ...], off: tuple[Adjustment, ...]
) -> QuoteLine:
    """`part` is the line as printed, before promotions."""
    discount = sum(one.amount_minor for one in off)
    return QuoteLine(
        variant_id=card.variant_id,
        sku=card.sku,
        name=card.name,
        choices=card.choices,
        quantity=quantity,
        unit_minor=part.minor // quantity,
        total_minor=part.minor - discount,
        discount_minor=discount,
        adjustments=off,
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
        ships_by=card.ships_by,
    )


def shipping_of(
    offer: Offer | None,
    parts: list[Part],
    taxed: list[tuple[QuoteTax, ...]],
    off: tuple[Adjustment, ...],
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
        discount_minor=sum(one.amount_minor for one in off),
        adjustments=off,
    )
