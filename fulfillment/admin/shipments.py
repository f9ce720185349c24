"""Parcels: their label, where they are, and what comes back undelivered."""

from django.contrib import admin
from django.http import FileResponse, Http404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from checkout.carriers import available, carrier
from fulfillment import labelling, returning, shipping, tracking
from fulfillment.models import Shipment
from orders.showing import thumbs
from shop.core.admin.bases import site
from shop.core.admin.work import Pile, PileFilter, Step, WorkAdmin
from shop.core.http import see_other

Status = Shipment.Status
BADGES = {
    Status.LABEL_PENDING: "warning",
    Status.LABELLED: "warning",
    Status.SHIPPED: "info",
    Status.OUT_FOR_DELIVERY: "info",
    Status.READY_FOR_PICKUP: "warning",
    Status.PROBLEM: "danger",
    Status.DELIVERED: "success",
    Status.RETURNING: "danger",
    Status.CANCELLED: "",
}


@admin.register(Shipment, site=site)
class ShipmentAdmin(WorkAdmin):
    seller_path = "fulfillment_order__seller"
    page = "admin/fulfillment/shipment.html"
    steps = ["hand_over", "cancel", "ask_again", "look", "delivered", "turn_back", "take_in"]
    list_display = [
        "parcel",
        "order_number",
        "state",
        "house",
        "created_at",
        "shipped_at",
        "delivered_at",
        "trouble",
    ]
    list_filter = [PileFilter, "carrier"]
    list_select_related = ["fulfillment_order__order"]
    search_fields = ["tracking_number", "fulfillment_order__order__number", "fulfillment_order__order__email"]
    ordering = ["-created_at", "-pk"]

    def piles(self):
        return [
            Pile("waiting", _("In the house"), (Status.LABEL_PENDING, Status.LABELLED), urgent=True),
            Pile("trouble", _("Trouble"), (Status.PROBLEM, Status.RETURNING), urgent=True),
            Pile(
                "moving", _("Under way"), (Status.SHIPPED, Status.OUT_FOR_DELIVERY, Status.READY_FOR_PICKUP)
            ),
            Pile("delivered", _("Delivered"), (Status.DELIVERED,)),
            Pile("all", _("All"), tuple(Status.values)),
        ]

    @display(description=gettext_lazy("parcel"))
    def parcel(self, shipment):
        return str(shipment)

    @display(description=gettext_lazy("order"))
    def order_number(self, shipment):
        return shipment.order.number

    @display(description=gettext_lazy("status"), ordering="status", label=BADGES)
    def state(self, shipment):
        return shipment.status, shipment.get_status_display()

    @display(description=gettext_lazy("carrier"), ordering="carrier")
    def house(self, shipment):
        return carrier_name(shipment)

    @display(description=gettext_lazy("trouble"))
    def trouble(self, shipment):
        return shipment.label_error or shipment.poll_error

    def get_urls(self):
        label = path(
            "<int:pk>/label/", self.admin_site.admin_view(self.label), name="fulfillment_shipment_label"
        )
        return [label, *super().get_urls()]

    def label(self, request, pk):
        """The label, for staff alone: it has the customer's address on it."""
        shipment = self._found(request, pk)
        if not shipment.label:
            raise Http404("no label")
        return FileResponse(
            shipment.label.open("rb"), filename=f"{shipment}.pdf", content_type="application/pdf"
        )

    def next_steps(self, request, shipment):
        is_pickup = shipment.carrier == Shipment.PICKUP
        cancel = Step(
            "cancel", _("Cancel parcel"), confirm=_("Its goods can be packed anew, its label is voided.")
        )
        if shipment.status == Status.LABEL_PENDING:
            return [
                *([Step("ask_again", _("Ask for the label again"))] if shipment.label_error else []),
                cancel,
            ]
        if shipment.status == Status.LABELLED:
            return [Step("hand_over", _("Ready to collect") if is_pickup else _("Hand over")), cancel]
        if shipment.status in Shipment.UNDER_WAY:
            return self._following(shipment, is_pickup)
        return [Step("take_in", _("Take in as a return"))] if shipment.status == Status.RETURNING else []

    def page_context(self, request, shipment):
        shipment = Shipment.objects.with_contents().get(pk=shipment.pk)
        lines = list(shipment.lines.all())
        pictures = thumbs({line.order_line.photo for line in lines})
        is_known = shipment.carrier != Shipment.PICKUP
        return {
            "original": shipment,
            "order": shipment.order,
            "rows": [{"line": line, "image": pictures.get(line.order_line.photo)} for line in lines],
            "scans": shipment.events.all(),
            "badge": BADGES[shipment.status],
            "carrier_name": carrier_name(shipment),
            "tracking_url": carrier(shipment.carrier).tracking_url(shipment.tracking_number)
            if is_known
            else "",
            "label_url": reverse("admin:fulfillment_shipment_label", args=[shipment.pk])
            if shipment.label
            else "",
            "is_waiting": shipment.status == Status.LABEL_PENDING and not shipment.label_error,
        }

    def hand_over(self, request, shipment):
        shipping.hand_over(shipment, by=request.user)
        return _("It is on its way; the customer gets a mail.")

    def cancel(self, request, shipment):
        shipping.cancel(shipment, by=request.user)
        return _("The parcel is cancelled; its goods can be packed anew.")

    def ask_again(self, request, shipment):
        labelling.ask_again(shipment, by=request.user)
        return _("The carrier is asked again.")

    def look(self, request, shipment):
        tracking.ask(shipment, by=request.user)
        return _("The carrier is asked; load this page again in a moment.")

    def delivered(self, request, shipment):
        tracking.mark_delivered(shipment, by=request.user)
        return _("Marked as delivered.")

    def turn_back(self, request, shipment):
        tracking.turn_back(shipment, by=request.user)
        return _("It comes back. The order waits until somebody has looked at it.")

    def take_in(self, request, shipment):
        wish = returning.take_in(shipment, by=request.user)
        self.message_user(request, _("Its return is open: receive the goods when they are here."))
        return see_other("admin:fulfillment_return_change", wish.pk)

    def _following(self, shipment, is_pickup) -> list[Step]:
        is_told = shipment.carrier in available() and shipment.carrier not in ("manual", Shipment.PICKUP)
        arrived = Step(
            "delivered",
            _("Collected") if is_pickup else _("Mark as delivered"),
            confirm=_("The carrier tells us itself. Mark it only if you know better.") if is_told else "",
        )
        back = Step(
            "turn_back",
            _("It comes back"),
            confirm=_("The customer never got it. The order then waits until somebody has looked at it."),
        )
        return [*([Step("look", _("Ask the carrier now"))] if is_told else []), arrived, back]


def carrier_name(shipment: Shipment) -> str:
    return (
        _("Collected by the customer")
        if shipment.carrier == Shipment.PICKUP
        else str(carrier(shipment.carrier).name)
    )
