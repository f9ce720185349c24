from support.models.faq import FaqEntry
from support.models.ticket import Ticket, TicketMessage

__all__ = ["FaqEntry", "Ticket", "TicketMessage"]
