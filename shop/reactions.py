"""Who reacts to what: the only hand-over to the right.

Each line names an event and the tasks that follow it. Recording the event (shop.core.events.record) stores one
delivery per task in the same transaction; a worker runs each with the id of the event's subject until it succeeds.
"""

from shop.core.tasks import deliver_message
from support.tasks import send_ticket_copy, send_ticket_reply

REACTIONS = {
    "message.queued": [deliver_message],
    "checkout.started": [],
    "ticket.opened": [send_ticket_copy],
    "ticket.continued": [],
    "ticket_reply.sent": [send_ticket_reply],
    "ticket.closed": [],
    "ticket.reopened": [],
}
