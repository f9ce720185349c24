"""What must always be true of tickets."""

from shop.core import integrity
from support.models import Ticket


@integrity.check("T01-ticket-order", "a ticket is tied only to an order of the one who wrote it")
def tied_to_the_writers_order():
    for number, order in integrity.rows(
        """SELECT t.number, o.number FROM support_ticket t JOIN orders_order o ON o.id = t.order_id
           WHERE lower(t.email) <> lower(o.email) AND (t.user_id IS NULL OR t.user_id IS DISTINCT FROM o.user_id)"""
    ):
        yield f"ticket {number} is tied to order {order}, but neither its address nor its account is the buyer's"


@integrity.check("T02-ticket-status", "whoever spoke last does not wait")
def status_follows_the_last_words():
    """A customer's last word leaves a ticket open (or closed by staff); the shop's leaves none open, unless reopened."""
    for number, status in integrity.rows(
        """SELECT t.number, t.status FROM support_ticket t
           JOIN LATERAL (SELECT is_from_shop FROM support_ticketmessage m
                WHERE m.ticket_id = t.id AND NOT m.is_internal ORDER BY m.created_at DESC, m.id DESC LIMIT 1) last ON true
           WHERE t.status = %s AND NOT last.is_from_shop""",
        [Ticket.Status.ANSWERED],
    ):
        yield f"ticket {number} is {status}, but the customer spoke last"


@integrity.check("T03-ticket-words", "every ticket has a first message, by the customer")
def begins_with_the_customer():
    for (number,) in integrity.rows(
        """SELECT t.number FROM support_ticket t WHERE NOT EXISTS
           (SELECT 1 FROM support_ticketmessage m WHERE m.ticket_id = t.id AND NOT m.is_from_shop)"""
    ):
        yield f"ticket {number} has no message of its customer"
