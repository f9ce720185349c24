"""What parcels and returns bring to pages of orders, in the shop and in the admin.

`{% downloads order %}`, `{% parcels order %}` and `{% returns order %}` on the customer's order page,
`{% fulfillment_work order %}` on the seller's.
"""

from django import template

from fulfillment import showing
from fulfillment.downloads import of_order
from fulfillment.models import FulfillmentOrder, Return, Shipment
from fulfillment.working import next_step
from orders.models import Order

register = template.Library()


@register.inclusion_tag("fulfillment/_parcels.html")
def parcels(order: Order) -> dict:
    """Each parcel that has left, with its timeline."""
    return {"parcels": showing.parcels(order)}


@register.inclusion_tag("fulfillment/_order_downloads.html", takes_context=True)
def downloads(context: template.Context, order: Order) -> dict:
    """What the order brings to download."""
    return {"groups": of_order(order), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("fulfillment/_returns.html")
def returns(order: Order) -> dict:
    """The order's returns, and the way to ask for one."""
    return showing.returns_of(order)


@register.inclusion_tag("admin/fulfillment/_work.html", takes_context=True)
def fulfillment_work(context: template.Context, order: Order) -> dict:
    """The order's work in the house: what is to be done, parcels, returns."""
    return {
        "order": order,
        "works": FulfillmentOrder.objects.filter(order=order).for_listing(),
        "shipments": Shipment.objects.filter(fulfillment_order__order=order).order_by("pk"),
        "returns": Return.objects.filter(order=order).for_listing(),
        "request": context.get("request"),
    }


@register.simple_tag
def fulfillment_next_step(order: Order) -> dict | None:
    """label and url of what a seller does next with this order; None when nothing is to be done here."""
    return next_step(order)
