"""What stands on an order's papers: frozen as figures when issued, turned into words when drawn."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checkout.addresses import format_lines
from orders.models import Document, Order, OrderAddress
from orders.showing import charges_of, discounts, means, tax_rows, tender_rows
from shop.core.models import Shop
from shop.core.money import Money


def figures_of(order: Order) -> dict:
    """Everything that the paper will ever need; minor units, ids and the parties as they are now."""
    shop = Shop.current()
    addresses = {address.kind: format_lines(address) for address in order.addresses.all()}
    return {
        "language": order.language,
        "number": order.number,
        "currency": order.currency,
        "ordered_on": timezone.localdate(order.placed_at).isoformat(),
        "seller": {
            "name": shop.company or shop.name,
            "lines": [line for line in (shop.street, f"{shop.postcode} {shop.city}".strip()) if line],
            "vat_id": shop.vat_id,
            "email": shop.email,
        },
        "bill_to": addresses.get(OrderAddress.Kind.BILLING, []),
        "ship_to": addresses.get(OrderAddress.Kind.DELIVERY, []),
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "choices": line.choices,
                "details": line.contents,
                "quantity": line.quantity,
                "unit_minor": line.unit_minor,
                "total_minor": line.listed.minor,
            }
            for line in order.lines.all()
        ],
        "charges": [{"name": charge.name, "total_minor": charge.total_minor} for charge in charges_of(order)],
        "shipping_name": order.shipping_name,
        "discounts": [
            {
                "name": one.name,
                "code": one.code,
                "amount_minor": one.amount_minor,
                "on_delivery": not one.line_id,
            }
            for one in discounts(order)
        ],
        "discount_minor": order.discount_minor,
        "goods_minor": order.goods_minor,
        "shipping_minor": order.shipping_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "paid_minor": order.paid_minor,
        "prices_include_tax": order.prices_include_tax,
        "taxes": _taxes(order),
        "means": means(order),
        "vat_id": order.vat_id,
        "po_number": order.po_number,
        "after": [[row["label"], row["amount"].minor] for row in tender_rows(order)],
    }


def receipt(document: Document) -> dict:
    """The receipt in words, in the language that is active."""
    figures = document.figures

    def money(minor: int) -> str:
        return Money(minor, figures["currency"]).format()

    return {
        "language": figures["language"],
        "title": _("Receipt"),
        "shop": figures["seller"]["name"],
        "seller": figures["seller"]["lines"],
        "seller_contact": [
            line
            for line in (
                figures["seller"]["email"],
                _("VAT id %(id)s") % {"id": figures["seller"]["vat_id"]}
                if figures["seller"]["vat_id"]
                else "",
            )
            if line
        ],
        "facts": [
            [_("Order"), figures["number"]],
            [_("Ordered"), _day(figures["ordered_on"])],
            [_("Issued"), _day(timezone.localdate(document.issued_at).isoformat())],
            [_("Paid by"), figures["means"]],
            *_business(figures),
        ],
        "addresses": _addresses(figures),
        "head": [_("Item"), _("SKU"), _("Quantity"), _("Price"), _("Total")],
        "lines": [
            [
                line["name"],
                ", ".join(text for text in (line["choices"], *line.get("details", ())) if text),
                line["sku"],
                str(line["quantity"]),
                money(line["unit_minor"]),
                money(line["total_minor"]),
            ]
            for line in figures["lines"]
        ],
        "sums": _sums(figures, money),
        "total": [_("Total"), money(figures["total_minor"])],
        "after": [[label, money(minor)] for label, minor in figures.get("after", [])],
        "tax_head": [_("Tax"), _("Net"), _("Tax amount"), _("Gross")],
        "taxes": [
            [
                tax["label"],
                money(tax["net_minor"]),
                money(tax["tax_minor"]),
                money(tax["net_minor"] + tax["tax_minor"]),
            ]
            for tax in figures["taxes"]
        ],
        "paid": _("Paid in full: %(amount)s. Thank you.") % {"amount": money(figures["paid_minor"])},
        "page": _("Page"),
    }


def _business(figures: dict) -> list[list[str]]:
    """Papers from before there were such fields have none."""
    rows = [
        [_("Your VAT id"), figures.get("vat_id", "")],
        [_("Your order number"), figures.get("po_number", "")],
    ]
    return [row for row in rows if row[1]]


def _addresses(figures: dict) -> list[list]:
    if not _is_delivered(figures):
        return [[_("Customer"), figures["bill_to"] or figures["ship_to"]]]
    if figures["bill_to"] == figures["ship_to"] or not figures["bill_to"]:
        return [[_("Customer and delivery address"), figures["ship_to"]]]
    return [[_("Customer"), figures["bill_to"]], [_("Delivery address"), figures["ship_to"]]]


def _sums(figures: dict, money: Callable[[int], str]) -> list[list[str]]:
    off = figures.get("discounts", ())
    rows = [
        [_("Subtotal"), money(figures["goods_minor"] + figures.get("discount_minor", 0))],
        *([_discount(one), money(-one["amount_minor"])] for one in off if not one["on_delivery"]),
        *([one["name"], money(one["total_minor"])] for one in figures.get("charges", ())),
        *([[_delivery(figures), money(figures["shipping_minor"])]] if _is_delivered(figures) else []),
    ]
    if not figures["prices_include_tax"]:
        rows += [[tax["label"], money(tax["tax_minor"])] for tax in figures["taxes"] if tax["tax_minor"]]
    return rows


def _is_delivered(figures: dict) -> bool:
    return bool(figures["shipping_name"] or figures["shipping_minor"])


def _discount(one: dict) -> str:
    return f"{one['name']} ({one['code']})" if one["code"] else one["name"]


def _delivery(figures: dict) -> str:
    name = ", ".join(
        [
            figures["shipping_name"],
            *(one["name"] for one in figures.get("discounts", ()) if one["on_delivery"]),
        ]
    )
    return _("Delivery, %(name)s") % {"name": name} if name else _("Delivery")


def _taxes(order: Order) -> list[dict]:
    return [
        {"label": tax["label"], "net_minor": tax["net"].minor, "tax_minor": tax["tax"].minor}
        for tax in tax_rows(order)
    ]


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
