"""Who reacts to what: the only hand-over to the right.

Each line names an event and the tasks that follow it. Recording the event (shop.core.events.record) stores one
delivery per task in the same transaction; a worker runs each with the id of the event's subject until it succeeds.
"""

from catalog.tasks import (
    make_renditions,
    refresh_product,
    refresh_product_of_review,
    refresh_product_of_variant,
    refresh_products_of_category,
)
from shop.core.tasks import deliver_message
from support.tasks import send_ticket_copy, send_ticket_reply

REACTIONS = {
    "message.queued": [deliver_message],
    "product.changed": [refresh_product],
    "product.published": [refresh_product],
    "product.unpublished": [refresh_product],
    "product.retired": [refresh_product],
    "category.changed": [refresh_products_of_category],
    "photo.added": [make_renditions],
    "review.published": [refresh_product_of_review],
    "review.refused": [refresh_product_of_review],
    "variant.availability_turned": [refresh_product_of_variant],
    "checkout.started": [],
    "ticket.opened": [send_ticket_copy],
    "ticket.continued": [],
    "ticket_reply.sent": [send_ticket_reply],
    "ticket.closed": [],
    "ticket.reopened": [],
}
