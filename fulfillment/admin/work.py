"""Orders to be sent: pick, pack, make parcels. The list is what is to be done now; the page has the one next step."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from checkout.addresses import format_lines
from fulfillment import picking, shipping
from fulfillment.forms import ShipForm, carriers_for
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.slips import packing_slips
from orders.models import Order, OrderAddress
from orders.showing import thumbs
from shop.core.admin.bases import site
from shop.core.admin.scoping import seller_of
from shop.core.admin.work import Pile, PileFilter, Step, WorkAdmin, checked
from shop.core.events import timeline_of
from shop.core.http import see_other

Status = FulfillmentOrder.Status


@admin.register(FulfillmentOrder, site=site)
class FulfillmentOrderAdmin(WorkAdmin):
    seller_path = "seller"
    page = "admin/fulfillment/work.html"
    steps = ["pick", "pack", "unpick", "ship"]
    list_display = ["order", "state", "pieces", "delivery", "promised", "location", "created_at"]
    list_filter = [PileFilter, "location", "order__shipping_code"]
    search_fields = ["order__number", "order__email", "lines__order_line__sku"]
    ordering = ["created_at", "pk"]
    actions = ["print_slips"]

    def get_list_filter(self, request):
        return self.list_filter if seller_of(request) is None else [PileFilter]

    def get_queryset(self, request):
        return super().get_queryset(request).for_listing()

    def piles(self):
        return [
            Pile("open", _("All to do"), tuple(FulfillmentOrder.OPEN)),
            Pile("pick", _("To pick"), (Status.RELEASED,), urgent=True),
            Pile("pack", _("To pack"), (Status.PICKED,), urgent=True),
            Pile("ship", _("To ship"), (Status.PACKED,), urgent=True),
            Pile("shipped", _("Shipped"), (Status.SHIPPED,)),
            Pile("cancelled", _("Cancelled"), (Status.CANCELLED,)),
        ]

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={
            Status.RELEASED: "warning",
            Status.PICKED: "warning",
            Status.PACKED: "info",
            Status.SHIPPED: "success",
        },
    )
    def state(self, work):
        return work.status, work.get_status_display()

    @display(description=gettext_lazy("pieces"))
    def pieces(self, work):
        return work.pieces

    @display(description=gettext_lazy("delivery"), ordering="order__shipping_name")
    def delivery(self, work):
        return work.order.shipping_name

    @display(
        description=gettext_lazy("promised"), ordering="order__promised_to", label={"late": "danger", "": ""}
    )
    def promised(self, work):
        day = work.order.promised_to
        if not day:
            return None
        is_late = work.is_open and day <= timezone.localdate()
        return ("late" if is_late else ""), day.strftime("%d.%m.")

    @admin.action(description=gettext_lazy("Print packing slips"), permissions=["view"])
    def print_slips(self, request, queryset):
        chosen = (
            FulfillmentOrder.objects.with_lines().filter(pk__in=queryset.values("pk")).order_by("created_at")
        )
        return _paper(packing_slips(chosen), "packing-slips.pdf")

    def get_urls(self):
        slip = path(
            "<int:pk>/slip/", self.admin_site.admin_view(self.slip), name="fulfillment_fulfillmentorder_slip"
        )
        return [slip, *super().get_urls()]

    def slip(self, request, pk):
        work = self._found(request, pk)
        return _paper(
            packing_slips(FulfillmentOrder.objects.with_lines().filter(pk=pk)), f"{work.order.number}.pdf"
        )

    def next_steps(self, request, work):
        if work.status == Status.RELEASED:
            return [Step("pick", _("Pick"))]
        if work.status == Status.PICKED:
            return [Step("pack", _("Pack")), Step("unpick", _("Back on the shelf"))]
        if work.status == Status.PACKED:
            return [*self._sending(work), Step("unpick", _("Unpack"))]
        return []

    def page_context(self, request, work):
        work = FulfillmentOrder.objects.with_lines().get(pk=work.pk)
        lines = list(work.lines.all())
        pictures = thumbs({line.order_line.photo for line in lines})
        left = shipping.packable(work) if work.status == Status.PACKED else {}
        form = self._form(work, left) if left else None
        address = work.order.addresses.filter(kind=OrderAddress.Kind.DELIVERY).first()
        return {
            "rows": [
                {
                    "line": line,
                    "image": pictures.get(line.order_line.photo),
                    "field": form[f"pieces_{line.order_line_id}"]
                    if form and line.order_line_id in left
                    else None,
                }
                for line in lines
            ],
            "form": form,
            "shipments": work.shipments.order_by("pk"),
            "address": format_lines(address) if address else [],
            "slip_url": reverse("admin:fulfillment_fulfillmentorder_slip", args=[work.pk]),
        }

    def timeline(self, work):
        return timeline_of(work, *work.shipments.all())

    def pick(self, request, work):
        picking.pick(work, by=request.user)
        return _("Picked. Now pack it.")

    def pack(self, request, work):
        picking.pack(work, by=request.user)
        return _("Packed. Now make its parcel.")

    def unpick(self, request, work):
        picking.unpick(work, by=request.user)
        return _("One step back.")

    def ship(self, request, work):
        work = FulfillmentOrder.objects.with_lines().get(pk=work.pk)
        form = checked(self._form(work, shipping.packable(work), request.POST))
        given = form.cleaned_data
        made = shipping.ship(
            work,
            carrier=given["carrier"],
            service=_service(work.order, given),
            lines=form.contents(),
            weight_g=given["weight_g"] or 0,
            tracking_number=given["tracking_number"],
            by=request.user,
        )
        self.message_user(
            request, _("The parcel is made.") if made.status == "labelled" else _("The label is being made.")
        )
        return see_other("admin:fulfillment_shipment_change", made.pk)

    def _form(self, work, left, data=None) -> ShipForm:
        weight = sum(line.order_line.weight_g * left.get(line.order_line_id, 0) for line in work.lines.all())
        choices = carriers_for(work, shipping.choices())
        wanted = Shipment.PICKUP if work.order.is_pickup else work.order.carrier
        initial = {
            "carrier": wanted if wanted in dict(choices) else choices[0][0],
            "service": work.order.carrier_service,
            "weight_g": weight or None,
        }
        return ShipForm(data, carriers=choices, lines=left, initial=initial)

    def _sending(self, work) -> list[Step]:
        """Make a parcel of what is left, else hand over the one that waits."""
        if shipping.packable(work):
            return [Step("ship", _("Make parcel"), form="ship")]
        waiting = work.shipments.filter(status=Shipment.Status.LABELLED).order_by("pk").first()
        if waiting is None:
            return []
        label = _("Ready to collect") if waiting.carrier == Shipment.PICKUP else _("Hand over")
        return [
            Step("hand_over", label, url=reverse("admin:fulfillment_shipment_hand_over", args=[waiting.pk]))
        ]


def _service(order: Order, given: dict) -> str:
    """The service that was filled in is the promised carrier's: another carrier has others."""
    is_left_over = given["carrier"] != order.carrier and given["service"] == order.carrier_service
    return "" if is_left_over else given["service"]


def _paper(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
