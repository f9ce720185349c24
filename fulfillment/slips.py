"""The packing slip: what belongs into the parcels of an order, large enough to read at arm's length. It shows no prices.

An order with a gift message has one more page, for whoever gets the goods: the message and what is in the parcel.

Drawn by typst from templates/documents/packing_slip.typ; what a customer typed reaches it as data, never as markup.
"""

import json
from collections.abc import Iterable

import typst
from barcode.codex import Code128
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checkout.addresses import format_lines
from fulfillment.models import FulfillmentOrder
from orders.models import OrderAddress
from orders.showing import means_asked
from orders.standing import cash_due
from shop.core.models import Shop

FOLDER = settings.BASE_DIR / "templates" / "documents"


def packing_slips(works: Iterable[FulfillmentOrder]) -> bytes:
    """One PDF, a slip a page or more for each; every slip in the language of its customer.

    `works` come with their lines (FulfillmentOrder.objects.with_lines()).
    """
    made = typst.compile(
        FOLDER / "packing_slip.typ",
        root=FOLDER,
        font_paths=[FOLDER / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheets": json.dumps(sheets(works), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def sheets(works: Iterable[FulfillmentOrder]) -> list[dict]:
    """What stands on each slip, in as many queries for many as for one."""
    works, shop = list(works), Shop.current()
    prefetch_related_objects([work.order for work in works], "addresses", "charges")
    return [_sheet(work, shop) for work in works]


def _sheet(work: FulfillmentOrder, shop: Shop) -> dict:
    order = work.order
    addresses = {address.kind: address for address in order.addresses.all()}
    delivery = addresses.get(OrderAddress.Kind.DELIVERY)
    with translation.override(order.language):
        return {
            "language": order.language,
            "shop": shop.name,
            "shop_lines": [line for line in (shop.email, shop.phone) if line],
            "title": _("Packing slip"),
            "number": order.number,
            "bars": _bars(order.number),
            "to_label": _("To be collected by") if order.is_pickup else _("Deliver to"),
            "to": format_lines(delivery) if delivery else [],
            "facts": [
                [_("Ordered"), date_format(timezone.localdate(order.placed_at), "DATE_FORMAT")],
                [_("Delivery"), order.shipping_name],
                [_("From"), work.location.name],
                *([[_("Payment"), means_asked(order)]] if cash_due(order) else []),
                *([charge.get_kind_display(), charge.name] for charge in order.charges.all()),
            ],
            "note_label": _("Note of the customer"),
            "note": order.order_note,
            "gift": _gift(work) if order.gift_message else None,
            "head": [_("Pieces"), _("Item"), _("SKU"), ""],
            "lines": [
                [
                    str(line.left or line.quantity),
                    line.order_line.name,
                    [text for text in (line.order_line.choices, *line.order_line.details) if text],
                    line.order_line.sku,
                ]
                for line in work.lines.all()
            ],
            "thanks": _(
                "Thank you for your order. Something missing or broken? Write to us, and we put it right."
            ),
        }


def _gift(work: FulfillmentOrder) -> dict:
    """The page of its own for whoever gets the goods; without prices."""
    return {
        "title": _("A gift for you"),
        "message": work.order.gift_message,
        "lines": [[str(line.left or line.quantity), line.order_line.name] for line in work.lines.all()],
    }


def _bars(number: str) -> list[int]:
    """Widths of bars and gaps in turn, in modules, beginning with a bar."""
    [modules] = Code128(number).build()
    widths: list[int] = []
    last = ""
    for module in modules:
        if module == last:
            widths[-1] += 1
        else:
            widths.append(1)
        last = module
    return widths
