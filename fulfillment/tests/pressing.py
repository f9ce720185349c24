"""A seller at her screen: where a page is, which steps it offers, and pressing one of them."""

import re

from fulfillment.models import FulfillmentOrder, Return, Shipment

PLACES = {FulfillmentOrder: "fulfillmentorder", Shipment: "shipment", Return: "return"}


def url(row, step="change") -> str:
    return f"/admin/fulfillment/{PLACES[type(row)]}/{row.pk}/{step}/"


def press(client, row, step, **fields) -> str:
    """What she reads afterwards; `row` is as it is now."""
    answer = client.post(url(row, step), fields, follow=True)
    row.refresh_from_db()
    return answer.content.decode()


def buttons(client, row) -> list[str]:
    """The names of the steps that the page offers."""
    page = client.get(url(row)).content.decode()
    return re.findall(r'action="/admin/fulfillment/\w+/\d+/(\w+)/"', page)
