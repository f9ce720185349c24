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
from orders.tasks import (
    apply_payment_notice,
    capture_payments,
    empty_cart_of,
    join_guest_orders,
    send_cancellation,
    send_confirmation,
    send_payment_failed,
    send_receipt,
    send_refund,
    submit_refund,
    withdraw_payments,
)
from shop.core.tasks import deliver_message
from support.tasks import send_ticket_copy, send_ticket_reply

REACTIONS = {
    "message.queued": [deliver_message],
    "delivery.retried": [],
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
    "order.placed": [],
    "order.confirmed": [empty_cart_of, send_confirmation],
    "order.paid": [send_receipt],
    "order.means_changed": [],
    "order.expired": [send_cancellation],
    "order.cancelled": [withdraw_payments, send_cancellation],
    "order.completed": [],
    "order.joined": [],
    "order.flagged": [],
    "order.reviewed": [],
    "payment_notice.received": [apply_payment_notice],
    "payment.failed": [],
    "payment.returned": [send_payment_failed],
    "payment.duplicated": [],
    "payment.late": [],
    "payment.capture_requested": [capture_payments],
    "refund.requested": [submit_refund],
    "refund.succeeded": [send_refund],
    "refund.paid_out": [],
    "refund.failed": [],
    "email.confirmed": [join_guest_orders],
    "ticket.opened": [send_ticket_copy],
    "ticket.continued": [],
    "ticket_reply.sent": [send_ticket_reply],
    "ticket.closed": [],
    "ticket.reopened": [],
}
