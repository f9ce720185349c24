"""The mails of parcels and returns. Links in them open the order, so they are secrets; each mail is sent once."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation

from checkout.addresses import format_lines
from checkout.carriers import carrier
from fulfillment.downloads import of_order
from fulfillment.eligibility import last_day
from fulfillment.models import Return, ReturnLine, Shipment, ShipmentLine
from orders import showing
from orders.models import Order, OrderAddress
from orders.standing import cash_due
from shop.core import mail
from shop.core.http import absolute
from shop.core.models import Message, Shop
from shop.core.money import Money


def shipped(shipment: Shipment) -> Message:
    """Carrier, number, day, and what is in this parcel; or that it can be collected."""
    name = "ready_to_collect" if shipment.carrier == Shipment.PICKUP else "shipped"
    order = shipment.order
    count = Shipment.objects.alive().filter(fulfillment_order__order=order).count()
    is_all = not any(line.open_quantity for line in order.lines.all())
    with translation.override(order.language):
        more = {
            "shipment": shipment,
            "items": _items(shipment.lines.all()),
            "is_one_of_several": count > 1 or not is_all,
            "arrival": showing.arrival(order),
            "address": _address(order),
            "place": shipment.fulfillment_order.location,
            "cash_due": cash_due(order),
            **_carried_by(shipment),
        }
    return _send(name, order, key=f"{shipment.uuid}", more=more)


def downloads(order: Order) -> Message:
    """What is ready to be fetched, and where. Its link opens the order; a button there begins each download."""
    with translation.override(order.language):
        more = {"groups": of_order(order), "waived_at": order.withdrawal_waived_at}
    return _send("downloads_ready", order, key=f"{order.pk}", more=more)


def delivered(shipment: Shipment) -> Message:
    """It arrived: where to turn if something is wrong, and until when it may come back."""
    order = shipment.order
    more = {
        "shipment": shipment,
        "items": _items(shipment.lines.all()),
        "return_until": last_day(shipment.delivered_at) if shipment.delivered_at else None,
        **_carried_by(shipment),
    }
    return _send("delivered", order, key=f"{shipment.uuid}", more=more)


def return_step(wish: Return, step: str) -> Message:
    """One mail a step: requested, approved, refused, received, refunded, closed."""
    refunds = list(wish.order.refunds.alive().filter(cause=wish.cause))
    amount = Money(sum(refund.amount_minor for refund in refunds), wish.order.currency)
    undelivered = any(line.reason == ReturnLine.Reason.UNDELIVERED for line in wish.lines.all())
    with translation.override(wish.order.language):
        more = {
            "wish": wish,
            "items": _items(wish.lines.all()),
            "send_to": return_address(wish),
            "amount": amount if refunds else None,
            "back_to": showing.means(wish.order),
            "is_undelivered": undelivered,
        }
    return _send(f"return_{step}", wish.order, key=wish.number, more=more)


def return_address(wish: Return) -> list[str]:
    """Where the goods came from, there they go back to."""
    shop = Shop.current()
    works = wish.order.fulfillment_orders.exclude(status="cancelled").select_related("location")
    place = works[0].location if works and works[0].location.street else shop
    address = OrderAddress(
        name=shop.company or shop.name,
        street=place.street,
        postcode=place.postcode,
        city=place.city,
        country=place.country or shop.country,
    )
    return format_lines(address)


def _carried_by(shipment: Shipment) -> dict:
    if shipment.carrier == Shipment.PICKUP:
        return {"carrier_name": "", "tracking_url": ""}
    house = carrier(shipment.carrier)
    return {
        "carrier_name": str(house.name) if house.makes_labels else "",
        "tracking_url": house.tracking_url(shipment.tracking_number) if shipment.tracking_number else "",
    }


def _items(lines: Iterable[ShipmentLine | ReturnLine]) -> list[dict]:
    lines = list(lines)
    pictures = showing.thumbs({line.order_line.photo for line in lines})
    return [
        {
            "name": line.order_line.name,
            "choices": line.order_line.choices,
            "details": line.order_line.details,
            "quantity": line.quantity,
            "image": mail.picture(pictures.get(line.order_line.photo)),
        }
        for line in lines
    ]


def _address(order: Order) -> list[str]:
    address = order.addresses.filter(kind=OrderAddress.Kind.DELIVERY).first()
    return format_lines(address) if address else []


def _send(name: str, order: Order, *, key: str, more: dict) -> Message:
    with translation.override(order.language):
        secrets = {"order_url": absolute(reverse("orders:link", args=[order.token]))}
    person = order.addresses.first()
    return mail.send(
        name,
        to=order.email,
        context={"order": order, "name": person.name.split(" ")[0] if person else "", **more},
        secrets=secrets,
        key=key,
        language=order.language,
        about=order,
        thread=f"order-{order.number}",
    )
