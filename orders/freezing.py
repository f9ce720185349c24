"""A quote becomes an order's rows: what was agreed, copied so that nothing that changes later can change it."""

from typing import Any

from cart.rules import Adjustment as Off
from catalog.models import Product
from catalog.products.customizing import key_of
from checkout import vat_ids
from checkout.models import Checkout, VatCheck
from checkout.quote import Quote, QuoteCharge, QuoteLine, QuoteTax
from checkout.taxing import INTRA_COMMUNITY, REVERSE_CHARGE
from orders.models import Adjustment, Order, OrderAddress, OrderCharge, OrderLine, TaxLine
from shop.accounts.models.address import PostalAddress


def freeze(
    checkout: Checkout, quote: Quote, *, gateway: str, terms_version: int | None, **more: Any
) -> Order:
    """The order with its lines, taxes and addresses; no journal yet."""
    order = Order.objects.create(
        checkout=checkout,
        user=checkout.user,
        email=checkout.email,
        language=checkout.language,
        currency=quote.currency,
        goods_minor=quote.goods_minor,
        charges_minor=quote.charges_minor,
        discount_minor=quote.discount_minor,
        shipping_minor=quote.shipping_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        prices_include_tax=quote.prices_include_tax,
        gateway=gateway,
        terms_version=terms_version,
        quote=quote.as_dict(),
        gift_message=checkout.gift_message,
        order_note=checkout.order_note,
        vat_id=checkout.vat_id,
        is_vat_id_trusted=_is_trusted(checkout, quote),
        po_number=checkout.po_number,
        **_delivery(quote),
        **more,
    )
    _addresses(order, checkout)
    for position, line in enumerate(quote.lines):
        row = _line(order, line, position)
        _taxes(order, line.taxes, line=row)
        _adjustments(order, line.adjustments, line=row)
    for position, charge in enumerate(quote.charges):
        _taxes(order, charge.taxes, charge=_charge(order, charge, position))
    if quote.shipping:
        _taxes(order, quote.shipping.taxes)
        _adjustments(order, quote.shipping.adjustments)
    return order


def _is_trusted(checkout: Checkout, quote: Quote) -> bool:
    """Whether VAT is left out although nobody has confirmed the VAT id."""
    reasons = {tax.reason for tax in quote.tax_totals}
    if not reasons & {INTRA_COMMUNITY, REVERSE_CHARGE}:
        return False
    return vat_ids.state_of(checkout.vat_id) != VatCheck.State.VALID


def _delivery(quote: Quote) -> dict[str, Any]:
    shipping = quote.shipping
    if shipping is None:
        return {}
    return {
        "shipping_name": shipping.name,
        "shipping_code": shipping.code,
        "carrier": shipping.carrier,
        "carrier_service": shipping.carrier_service,
        "is_pickup": shipping.is_pickup,
        "shipping_discount_minor": shipping.discount_minor,
        "promised_from": shipping.earliest,
        "promised_to": shipping.latest,
    }


def _addresses(order: Order, checkout: Checkout) -> None:
    delivery = checkout.as_dict()
    billing = {name: (checkout.billing or delivery).get(name, "") for name in PostalAddress.FIELDS}
    for kind, fields in (
        (OrderAddress.Kind.DELIVERY, delivery),
        (OrderAddress.Kind.BILLING, billing),
    ):
        OrderAddress.objects.create(order=order, kind=kind, **fields)


def _line(order: Order, line: QuoteLine, position: int) -> OrderLine:
    return OrderLine.objects.create(
        order=order,
        variant_id=line.variant_id,
        sku=line.sku,
        name=line.name,
        choices=line.choices,
        photo=line.photo,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        discount_minor=line.discount_minor,
        total_minor=line.total_minor,
        tax_minor=line.tax_minor,
        cost_minor=line.cost_minor,
        currency=order.currency,
        weight_g=line.weight_g,
        country_of_origin=line.country_of_origin,
        hs_code=line.hs_code,
        position=position,
        custom=[dict(answer) for answer in line.custom],
        custom_key=key_of(line.custom),
        is_personal=line.is_personal,
        ships_by=line.ships_by,
        kind=line.kind,
        is_stocked=line.kind not in Product.UNSTOCKED,
        parts=[
            {"variant": part.variant_id, "sku": part.sku, "name": part.full_name, "quantity": part.quantity}
            for part in line.parts
        ],
    )


def _charge(order: Order, charge: QuoteCharge, position: int) -> OrderCharge:
    return OrderCharge.objects.create(
        order=order,
        kind=charge.kind,
        name=charge.name,
        total_minor=charge.total_minor,
        tax_minor=charge.tax_minor,
        currency=order.currency,
        position=position,
    )


def _taxes(
    order: Order,
    taxes: tuple[QuoteTax, ...],
    *,
    line: OrderLine | None = None,
    charge: OrderCharge | None = None,
) -> None:
    TaxLine.objects.bulk_create(
        TaxLine(
            order=order,
            line=line,
            charge=charge,
            name=tax.name,
            percent=tax.percent,
            taxable_minor=tax.taxable_minor,
            tax_minor=tax.tax_minor,
            reason=tax.reason,
        )
        for tax in taxes
    )


def _adjustments(order: Order, found: tuple[Off, ...], *, line: OrderLine | None = None) -> None:
    Adjustment.objects.bulk_create(
        Adjustment(
            order=order,
            line=line,
            promotion_id=one.promotion_id,
            name=one.name,
            code=one.code,
            amount_minor=one.amount_minor,
            currency=order.currency,
        )
        for one in found
    )
