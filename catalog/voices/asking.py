"""Visitors ask about a product; a question is shown, with its answer, once somebody of the shop has answered it.

Who leaves an address gets the answer by mail, once; then the address is forgotten. It is forgotten as well when nobody
answered for 90 days, and is never shown. Events hold neither address nor words.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from catalog.models import Product, Question
from shop.core import clock, events, mail
from shop.core.http import absolute
from shop.core.models import Message, told

KEPT = timedelta(days=90)


@transaction.atomic
def ask(product: Product, *, text: str, asked_by: str = "", email: str = "") -> Question:
    """In the present language. Sent twice, it is one question while it waits."""
    waiting = Question.objects.filter(product=product, text=text, answer="").first()
    if waiting:
        return waiting
    question = Question.objects.create(
        product=product,
        text=text,
        asked_by=asked_by,
        email=email,
        language=translation.get_language() or "",
    )
    events.record("question.asked", question)
    return question


@transaction.atomic
def answer(question: Question, *, text: str, answered_by: str = "", by=None) -> None:
    """Show it with this answer, or with a better one; an empty answer hides it again."""
    question.answer = text.strip()
    question.answered_by = answered_by.strip() or (by.get_full_name()[:60] if by else "")
    question.answered_at = (question.answered_at or clock.now()) if question.answer else None
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    if question.answer:
        events.record("question.answered", question, by=by)
    else:
        events.record("question.hidden", question, by=by)


@transaction.atomic
def send_answer(question: Question) -> Message | None:
    """To whoever left an address, which is forgotten with it; None if there is none, or no answer."""
    if not (question.email and question.answer):
        return None
    product = question.product
    with translation.override(question.language or None):
        told(product)
        link = absolute(f"{reverse('catalog:product', args=[product.slug])}#questions")
    message = mail.send(
        "question_answered",
        to=question.email,
        context={"question": question, "product": product, "link": link},
        key=f"question:{question.pk}",
        language=question.language,
        about=question,
    )
    Question.objects.filter(pk=question.pk).update(email="")
    return message


def forget_addresses() -> int:
    """Periodic: of questions that nobody answered in time; returns how many."""
    late = Question.objects.exclude(email="").filter(created_at__lt=clock.now() - KEPT)
    return late.update(email="")
