"""Parcels and returns in the words that customers read, as plain values for templates. Nothing is decided here."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout.carriers import Status as Told
from checkout.carriers import carrier
from fulfillment.eligibility import eligible
from fulfillment.forms import ReturnForm
from fulfillment.mails import return_address
from fulfillment.models import Return, Shipment
from orders.models import Order, Refund
from orders.showing import arrival, means, thumbs
from shop.core.events import timeline_of
from shop.core.money import Money

Sending, Asking = Shipment.Status, Return.Status
BADGES: dict[str, str] = {
    Sending.SHIPPED: "info",
    Sending.OUT_FOR_DELIVERY: "info",
    Sending.READY_FOR_PICKUP: "warn",
    Sending.PROBLEM: "warn",
    Sending.DELIVERED: "ok",
    Sending.RETURNING: "warn",
}
RETURN_BADGES: dict[str, str] = {
    Asking.REQUESTED: "info",
    Asking.APPROVED: "info",
    Asking.RECEIVED: "info",
    Asking.INSPECTED: "info",
    Asking.REFUNDED: "ok",
    Asking.REFUSED: "warn",
    Asking.CLOSED: "warn",
    Asking.CANCELLED: "",
}


def parcels(order: Order) -> list[dict]:
    """What has left the house, each with its timeline, as templates/fulfillment/_parcels.html wants it."""
    sent = list(Shipment.objects.sent().alive().filter(fulfillment_order__order=order).with_contents())
    pictures = thumbs({line.order_line.photo for shipment in sent for line in shipment.lines.all()})
    return [_parcel(shipment, at, len(sent), pictures) for at, shipment in enumerate(sent, start=1)]


def returns_of(order: Order) -> dict:
    """The returns of an order, and whether another one can be asked for."""
    found = eligible(order)
    days = [one.until for one in found if one.quantity and one.until]
    return {
        "order": order,
        "returns": [return_row(wish) for wish in order.returns.prefetch_related("lines")],
        "is_possible": any(one.quantity for one in found),
        "until": max(days) if days else None,
        "url": reverse("fulfillment:returns", args=[order.number]),
    }


def return_row(wish: Return) -> dict:
    count = sum(line.quantity for line in wish.lines.all())
    return {
        "number": wish.number,
        "url": reverse("fulfillment:return", args=[wish.order.number, wish.number]),
        "badge": {"kind": RETURN_BADGES[wish.status], "label": wish.get_status_display()},
        "pieces": ngettext("%(count)s piece", "%(count)s pieces", count) % {"count": count},
        "at": wish.created_at,
    }


def return_rows(form: ReturnForm) -> list[dict]:
    """The lines that may come back, each with its fields and its last day."""
    rows = form.rows()
    pictures = thumbs({row["eligible"].line.photo for row in rows})
    return [
        row | {"image": pictures.get(row["eligible"].line.photo), "until": row["eligible"].until}
        for row in rows
    ]


def return_shown(wish: Return) -> dict:
    """All that a return's page says."""
    refunds = list(wish.order.refunds.alive().filter(cause=wish.cause))
    lines = list(wish.lines.all())
    pictures = thumbs({line.order_line.photo for line in lines})
    return {
        "badge": {"kind": RETURN_BADGES[wish.status], "label": wish.get_status_display()},
        "steps": _return_steps(wish, refunds),
        "lines": [{"row": line, "image": pictures.get(line.order_line.photo)} for line in lines],
        "send_to": return_address(wish) if wish.status == Asking.APPROVED else [],
        "amount": Money(sum(one.amount_minor for one in refunds), wish.order.currency) if refunds else None,
        "back_to": means(wish.order),
        "can_withdraw": wish.can_move_to(Asking.CANCELLED),
        "withdrawal_url": reverse("fulfillment:withdrawal", args=[wish.order.number, wish.number]),
    }


def _parcel(shipment: Shipment, at: int, count: int, pictures: dict) -> dict:
    is_pickup = shipment.carrier == Shipment.PICKUP
    house = None if is_pickup else carrier(shipment.carrier)
    number = shipment.tracking_number
    is_coming = shipment.status in Shipment.UNDER_WAY and not is_pickup
    return {
        "title": _("Parcel %(at)s of %(count)s") % {"at": at, "count": count}
        if count > 1
        else _("Your parcel"),
        "badge": {"kind": BADGES[shipment.status], "label": _standing(shipment)},
        "carrier": str(house.name) if house and house.makes_labels else "",
        "number": number,
        "tracking_url": house.tracking_url(number) if house and number else "",
        "expected": arrival(shipment.order) if is_coming else "",
        "items": [
            {
                "name": line.order_line.name,
                "choices": line.order_line.choices,
                "details": line.order_line.details,
                "quantity": line.quantity,
                "image": pictures.get(line.order_line.photo),
            }
            for line in shipment.lines.all()
        ],
        "steps": _pickup_steps(shipment) if is_pickup else _steps(shipment),
        "scans": list(shipment.events.all()),
    }


def _standing(shipment: Shipment) -> str:
    if shipment.carrier == Shipment.PICKUP:
        words: dict[str, str] = {Sending.SHIPPED: _("Ready to collect"), Sending.DELIVERED: _("Collected")}
        return words.get(shipment.status, shipment.get_status_display())
    return shipment.get_status_display()


def _steps(shipment: Shipment) -> list[dict]:
    """Handed over, on the way, out for delivery, delivered; what is wrong stands where it happened."""
    first = _first_moments(shipment)
    status = shipment.status
    road = [
        (_("Handed over"), shipment.shipped_at),
        (_("On the way"), first.get(Told.IN_TRANSIT) or first.get(Told.PICKED_UP)),
        (_("Out for delivery"), first.get(Told.OUT_FOR_DELIVERY)),
        (_("Delivered"), shipment.delivered_at),
    ]
    reached = max(at for at, (_title, moment) in enumerate(road) if moment)
    steps = [
        _step(
            title,
            "done" if at < reached or status == Sending.DELIVERED else "current" if at == reached else "next",
            moment,
        )
        for at, (title, moment) in enumerate(road)
    ]
    if status in (Sending.PROBLEM, Sending.READY_FOR_PICKUP, Sending.RETURNING):
        steps[reached]["state"] = "done"
        last = shipment.events.all()[0] if shipment.events.all() else None
        words = last.description if last else ""
        trouble = _step(shipment.get_status_display(), "problem", last.happened_at if last else None, words)
        trouble["current"] = True
        steps = [
            *steps[: reached + 1],
            trouble,
            *([] if status == Sending.RETURNING else steps[reached + 1 :]),
        ]
    return steps


def _pickup_steps(shipment: Shipment) -> list[dict]:
    done = shipment.status == Sending.DELIVERED
    return [
        _step(_("Ready to collect"), "done" if done else "current", shipment.shipped_at),
        _step(_("Collected"), "done" if done else "next", shipment.delivered_at),
    ]


def _first_moments(shipment: Shipment) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for event in shipment.events.all():  # newest first
        found[event.status] = event.happened_at
    return found


def _return_steps(wish: Return, refunds: list[Refund]) -> list[dict]:
    """Requested, approved, received, refunded; or where it ended instead."""
    at = {event.name.rpartition(".")[2]: event.created_at for event in timeline_of(wish)}
    steps = [_step(_("Requested"), "done", wish.created_at)]
    ends: dict[str, tuple] = {
        Asking.REFUSED: (_("Refused"), at.get("refused"), "problem"),
        Asking.CANCELLED: (_("Taken back"), at.get("withdrawn"), "done"),
    }
    if wish.status in ends:
        title, moment, state = ends[wish.status]
        return [*steps, _step(title, state, moment, wish.refusal)]
    order: list[str] = [Asking.REQUESTED, Asking.APPROVED, Asking.RECEIVED, Asking.INSPECTED]
    reached = order.index(wish.status) if wish.status in order else len(order)
    steps += [
        _step(_("Approved"), _state(reached, 1), at.get("approved") or at.get("taken_in")),
        _step(_("Received"), _state(reached, 2), at.get("received")),
    ]
    if wish.status == Asking.CLOSED:
        return [*steps, _step(_("Closed without refund"), "problem", at.get("closed"), wish.refusal)]
    paid = bool(refunds) and all(one.status == Refund.Status.SUCCEEDED for one in refunds)
    words = "" if not refunds or paid else _("The money is on its way.")
    return [
        *steps,
        _step(_("Refunded"), "done" if wish.status == Asking.REFUNDED else "next", at.get("settled"), words),
    ]


def _state(reached: int, step: int) -> str:
    return "done" if reached > step else "current" if reached == step else "next"


def _step(title: str, state: str, at: datetime | None = None, text: str = "") -> dict:
    return {"title": title, "state": state, "at": at, "text": text}
