"""What a seller does next with an order: the one thing that the one primary button says."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from fulfillment.models import FulfillmentOrder, Return, Shipment
from orders.models import Order

Work, Parcel, Asked = FulfillmentOrder.Status, Shipment.Status, Return.Status


def next_step(order: Order) -> dict | None:
    """label, url of the page on which it is done; None when nothing of it waits."""
    if work := order.fulfillment_orders.open().order_by("pk").first():
        return _at(work, _label_of(work))
    if wish := order.returns.filter(status__in=RETURN_STEPS).order_by("pk").first():
        return _at(wish, RETURN_STEPS[wish.status]())
    return None


def _label_of(work: FulfillmentOrder) -> str:
    if work.status == Work.PACKED:
        waiting = work.shipments.filter(status__in=Shipment.WAITING).first()
        if waiting:
            return _("Hand over") if waiting.status == Parcel.LABELLED else _("See the label")
    words: dict[str, str] = {Work.RELEASED: _("Pick"), Work.PICKED: _("Pack"), Work.PACKED: _("Ship")}
    return words[work.status]


RETURN_STEPS: dict[str, Callable[[], str]] = {
    Asked.REQUESTED: lambda: _("Decide on the return"),
    Asked.RECEIVED: lambda: _("Inspect the return"),
    Asked.INSPECTED: lambda: _("Settle the return"),
}


def _at(row, label: str) -> dict:
    return {"label": label, "url": reverse(f"admin:fulfillment_{row._meta.model_name}_change", args=[row.pk])}
