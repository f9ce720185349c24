"""An order in the words and figures that its pages and mails show. Plain values; nothing is decided here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Photo
from catalog.photos.pictures import Picture
from checkout.addresses import format_lines
from checkout.discounting import delivery_note, discount_row
from checkout.gateways import gateway_named
from checkout.taxing import DELIVERY, EXEMPT, EXPORT, INTRA_COMMUNITY, REVERSE_CHARGE, VOUCHER
from orders.following import steps
from orders.models import Adjustment, Document, Order, OrderAddress, OrderCharge, OrderLine
from orders.standing import arrival, badges, pay_url, standing
from orders.transfer_details import TransferDetails, awaited_transfer, invoice_of
from shop.core.money import Money


@dataclass(frozen=True)
class Shown:
    """All that an order's page says."""

    badges: list[dict]
    standing: str
    steps: list[dict]
    lines: list[dict]
    totals: dict
    facts: list[dict]
    documents: list[dict]
    pay_url: str
    first_name: str
    transfer: TransferDetails | None


def shown(order: Order) -> Shown:
    return Shown(
        badges=badges(order),
        standing=standing(order),
        steps=steps(order),
        lines=lines(order),
        totals=totals(order),
        facts=facts(order),
        documents=documents(order),
        pay_url=pay_url(order),
        first_name=first_name(order),
        transfer=awaited_transfer(order) or invoice_of(order),
    )


def first_name(order: Order) -> str:
    address = order.addresses.first()
    return address.name.split(" ")[0] if address else ""


def rows_of(orders: Iterable[Order]) -> list[dict]:
    """A list of orders whose lines are loaded already; one query for all their pictures."""
    orders = list(orders)
    pictures = thumbs({line.photo for order in orders for line in order.lines.all()})
    return [_row(order, pictures) for order in orders]


def _row(order: Order, pictures: dict[str, dict]) -> dict:
    rows = list(order.lines.all())
    count = sum(line.quantity for line in rows)
    return {
        "order": order,
        "badges": badges(order)[:1],
        "pieces": ngettext("%(count)s piece", "%(count)s pieces", count) % {"count": count},
        "names": ", ".join(line.name for line in rows[:3]) + (" …" if len(rows) > 3 else ""),
        "pictures": [pictures[line.photo] for line in rows if line.photo in pictures][:4],
        "pay_url": pay_url(order),
    }


def lines(order: Order) -> list[dict]:
    """As components/summary_lines.html wants them, with a thumbnail where the product still has its photograph."""
    rows = list(order.lines.all())
    pictures = thumbs({line.photo for line in rows})
    return [
        {
            "row": line,
            "image": pictures.get(line.photo),
            "name": line.name,
            "options": line.choices,
            "details": line.details,
            "quantity": line.quantity,
            "sku": line.sku,
            "unit": line.unit,
            "total": line.listed,
            "notes": _notes(line),
        }
        for line in rows
    ]


def thumbs(paths: set[str]) -> dict[str, dict]:
    """{path: {src, alt}} in one query."""
    photos = Photo.objects.filter(file__in=[path for path in paths if path])
    return {str(photo.file.name): {"src": Picture.of(photo).thumb, "alt": photo.alt} for photo in photos}


def totals(order: Order) -> dict:
    """As components/totals.html wants them."""
    off = discounts(order)
    rows = [
        {"label": _("Subtotal"), "amount": Money(order.goods_minor + order.discount_minor, order.currency)}
    ]
    rows += [discount_row(one.name, one.code, one.amount) for one in off if one.line_id]
    rows += [{"label": charge.name, "amount": charge.total} for charge in charges_of(order)]
    if order.shipping_code:
        rows.append(_delivery_row(order, off))
    taxes = tax_rows(order)
    if not order.prices_include_tax:
        rows += [{"label": tax["label"], "amount": tax["tax"]} for tax in taxes if not tax["reason"]]
    return {
        "rows": rows,
        "total": order.total,
        "label": _("Total"),
        "note": _tax_note(order, taxes),
        "after": tender_rows(order),
    }


def _delivery_row(order: Order, off: list[Adjustment]) -> dict:
    free = order.shipping_minor == 0
    return {
        "label": _("Pick-up") if order.is_pickup else _("Delivery"),
        "amount": _("Free") if free else order.shipping,
        "note": delivery_note(order.shipping_name, (one.name for one in off if not one.line_id)),
        "kind": "free" if free else "",
    }


def tender_rows(order: Order) -> list[dict]:
    """Below the total: what gift cards and store credit paid, and what of it was left for the chosen means.

    Empty where they paid nothing.
    """
    paid = [attempt for attempt in order.attempts.filter(status="captured") if attempt.purse]
    if not paid:
        return []
    rest = order.total_minor - sum(attempt.amount_minor for attempt in paid)
    rows: list[dict] = [
        {"label": attempt.means, "amount": Money(-attempt.amount_minor, order.currency)} for attempt in paid
    ]
    return [*rows, {"label": _rest_label(order), "amount": Money(rest, order.currency)}] if rest else rows


def _rest_label(order: Order) -> str:
    others = order.attempts.filter(status__in=["captured", "authorized"], purse="").exclude(means="")
    if paid := others.first():
        return paid.means
    return means_asked(order)


def discounts(order: Order) -> list[Adjustment]:
    """What each promotion took off, goods and delivery apart; not saved rows, but their sums. No query without any."""
    if not (order.discount_minor or order.shipping_discount_minor):
        return []
    sums: dict[tuple[str, str, bool], Adjustment] = {}
    for one in order.adjustments.all():
        key = (one.name, one.code, one.line_id is None)
        if key in sums:
            sums[key].amount_minor += one.amount_minor
        else:
            sums[key] = one
    return list(sums.values())


def charges_of(order: Order) -> list[OrderCharge]:
    """Most orders have none, and cost no query for it: what was agreed says so."""
    return list(order.charges.all()) if order.quote.get("charges") else []


def tax_rows(order: Order) -> list[dict]:
    """One row a tax: label, net, tax."""
    sums: dict[tuple, list[int]] = {}
    for tax in order.tax_lines.all().order_by("pk"):
        found = sums.setdefault((tax.name, tax.percent, tax.reason), [0, 0])
        found[0] += tax.taxable_minor
        found[1] += tax.tax_minor
    return [
        {
            "label": f"{name} {percent.normalize():f} %" if not reason else reason_words(reason),
            "net": Money(net, order.currency),
            "tax": Money(amount, order.currency),
            "reason": reason,
        }
        for (name, percent, reason), (net, amount) in sums.items()
    ]


def reason_words(reason: str) -> str:
    return {
        EXPORT: _("Export, no VAT"),
        INTRA_COMMUNITY: _("VAT-exempt intra-Community supply (Article 138 of Directive 2006/112/EC)"),
        REVERSE_CHARGE: _(
            "Reverse charge: VAT is owed by the customer (Article 196 of Directive 2006/112/EC)"
        ),
        EXEMPT: _("Exempt from tax by certificate"),
        VOUCHER: _("Gift card: taxed when it is used"),
        DELIVERY: _("Delivery, not taxed here"),
    }.get(reason, _("No tax"))


def facts(order: Order) -> list[dict]:
    """As components/summary_list.html wants them."""
    addresses = {address.kind: address for address in order.addresses.all()}
    rows: list[dict] = [{"term": _("Email address"), "text": order.email}]
    if delivery := addresses.get(OrderAddress.Kind.DELIVERY):
        rows.append(
            {
                "term": _("Delivery to") if order.shipping_code else _("Address"),
                "lines": format_lines(delivery),
            }
        )
        billing = addresses.get(OrderAddress.Kind.BILLING)
        if billing and billing.as_dict() != delivery.as_dict():
            rows.append({"term": _("Bill to"), "lines": format_lines(billing)})
    if order.vat_id:
        rows.append({"term": _("VAT id"), "text": order.vat_id})
    if order.po_number:
        rows.append({"term": _("Your order number"), "text": order.po_number})
    if order.shipping_name:
        rows.append({"term": _("Delivery"), "text": order.shipping_name})
    if days := arrival(order):
        rows.append({"term": _("Expected"), "text": days})
    rows.append({"term": _("Payment"), "text": means(order)})
    if order.gift_message:
        rows.append({"term": _("Gift message"), "text": order.gift_message})
    if order.order_note:
        rows.append({"term": _("Note to us"), "text": order.order_note})
    return rows


def means(order: Order) -> str:
    """ "Gift card •••• 7F4K, Visa •••• 4242": what has paid, and the name of the way in which the rest is to be paid."""
    paid = order.attempts.filter(status__in=["captured", "authorized"]).exclude(means="")
    told = {attempt.means: attempt.purse for attempt in paid}
    is_rest_open = all(told.values()) and (order.due_minor > 0 or not told)
    return ", ".join([*told, *([means_asked(order)] if is_rest_open else [])])


def means_asked(order: Order) -> str:
    """The name of the way to pay that was chosen."""
    return str(gateway_named(order.gateway).words(is_pickup=order.is_pickup).name)


def documents(order: Order) -> list[dict]:
    if not has_receipt(order):
        return []
    return [
        {
            "label": _("Receipt (PDF)"),
            "url": reverse("orders:document", args=[order.number, Document.Kind.RECEIPT]),
        }
    ]


def has_receipt(order: Order) -> bool:
    """Whatever was paid once has one, also after it went back."""
    return order.confirmed_at is not None and order.payment_status in (
        Order.PaymentStatus.PAID,
        Order.PaymentStatus.PARTIALLY_REFUNDED,
        Order.PaymentStatus.REFUNDED,
    )


def _tax_note(order: Order, taxes: list[dict]) -> str:
    if any(tax["reason"] == EXPORT for tax in taxes):
        return _("No VAT: this goes abroad")
    for tax in taxes:
        if tax["reason"] in (INTRA_COMMUNITY, REVERSE_CHARGE, EXEMPT):
            return str(tax["label"])
    charged = [tax for tax in taxes if not tax["reason"] and tax["tax"]]
    if not order.prices_include_tax or not charged:
        return ""
    words = ", ".join(f"{tax['tax'].format()} {tax['label']}" for tax in charged)
    return _("includes %(taxes)s") % {"taxes": words}


def _notes(line: OrderLine) -> list[str]:
    told = [
        (line.cancelled, _("%(count)s cancelled")),
        (line.returned, _("%(count)s sent back")),
        (line.shipped if 0 < line.shipped < line.quantity else 0, _("%(count)s sent")),
    ]
    return [words % {"count": count} for count, words in told if count]
