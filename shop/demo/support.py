"""The demo shop's frequent questions, and a few conversations in every state, by the real operations."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from orders.models import Order
from shop.accounts.models import User
from shop.core import clock
from support import helping
from support.models import FaqEntry, Ticket

FAQ = Path(__file__).parent / "data" / "faq.json"

# topic, days ago, what the customer wrote, what was answered ("": not yet), whether it is closed
TALKS = [
    (
        "delivery",
        9,
        "Hello, the tracking has not moved since Tuesday. Is my parcel lost?",
        "It was held at the depot in Linz over the weekend and moves again since this morning. You should have it "
        "tomorrow. If not, write here and we send the order a second time.",
        True,
    ),
    (
        "return",
        4,
        "The frame arrived with a scratch on one side. The print itself is fine. Do I have to send everything back?",
        "No, keep all of it. A new frame goes out today; please recycle the scratched one.",
        False,
    ),
    (
        "order",
        0,
        "I gave my old flat number by mistake. It should be 14, not 41. Can you still change it?",
        "",
        False,
    ),
]
QUESTION = "Do you also print Contour No. 11 in A1? I have a large wall to fill."


def load_questions() -> int:
    """The page of frequent questions; loaded again, it is the same page."""
    topics = json.loads(FAQ.read_text(encoding="utf-8"))["topics"]
    entries = [(topic["name"], entry) for topic in topics for entry in topic["entries"]]
    for position, (topic, entry) in enumerate(entries):
        fields = {
            "topic": topic,
            "question": entry["question"],
            "answer": entry["answer"],
            "position": position,
        }
        FaqEntry.objects.update_or_create(slug=slugify(entry["question"])[:80].strip("-"), defaults=fields)
    return len(entries)


def load_tickets(*, staff: User) -> int:
    """A few conversations about orders that exist, and one question about a product. None if there are tickets."""
    if Ticket.objects.exists():
        return 0
    for topic, days, words, answer, is_closed in TALKS:
        asked = clock.now() - timedelta(days=days)
        if order := _order_for(topic, asked):
            _talk(order, asked, topic=topic, words=words, answer=answer, is_closed=is_closed, staff=staff)
    helping.open_ticket(
        "noor@wall.example", name="Noor Haddad", text=QUESTION, topic="product", language="en"
    )
    return Ticket.objects.count()


def _order_for(topic: str, asked: datetime) -> Order | None:
    """An order that somebody could have asked this about then."""
    wanted: dict[str, dict[str, Any]] = {
        "delivery": {"fulfillment_status": "delivered", "placed_at__lt": asked},
        "return": {"fulfillment_status": "delivered", "placed_at__lt": asked},
        "order": {"fulfillment_status": "unfulfilled", "status": "confirmed"},
    }
    taken = Ticket.objects.filter(order__isnull=False).values("order")
    return Order.objects.filter(**wanted[topic]).exclude(pk__in=taken).order_by("-placed_at").first()


def _talk(
    order: Order, asked: datetime, *, topic: str, words: str, answer: str, is_closed: bool, staff: User
) -> None:
    asked = min(max(asked, order.placed_at), clock.now() - timedelta(minutes=5))
    with clock.at(asked):
        ticket = helping.open_ticket(
            order.email,
            text=words,
            topic=topic,
            name=order.addresses.values_list("name", flat=True).first() or "",
            order_number=order.number,
            language=order.language,
            user=order.user,
        )
    with clock.at(min(asked + timedelta(hours=3), clock.now())):
        if answer:
            helping.reply(ticket, text=answer, by=staff)
        if is_closed:
            helping.close(ticket, by=staff)
