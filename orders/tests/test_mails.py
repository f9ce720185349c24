"""What customers get by mail: both parts whole, links secret, each once, in their language."""

import re

import pytest
from django.core import mail as outbox
from django.utils import translation

from orders import mails
from orders.cancelling import cancel_order
from orders.documents import issue_receipt
from orders.models import Document
from orders.refunding import refund
from shop.core.models import Message
from shop.tests.people import grace
from shop.tests.walk import fresh, make_order, mug, place

pytestmark = pytest.mark.django_db


def sent(name):
    """The stored message and the mail that left."""
    message = Message.objects.get(name=name)
    return message, next(one for one in outbox.outbox if one.subject == message.subject)


def test_the_receipt_says_everything_and_carries_the_paper(stripe):
    order = make_order(at="paid")
    message, mail = sent("receipt")
    assert mail.to == [order.email] and order.number in mail.subject
    rich = mail.alternatives[0].content
    for part in (mail.body, rich):
        for words in ("Contour mug", "€58.00", "€70.50", "Visa •••• 4242", "Stephansplatz 1", "VAT 20"):
            assert words in part.replace("\u00a0", " "), words
        assert f"http://testserver/o/{order.token}/" in part
    (paper,) = mail.attachments
    assert paper.filename == f"receipt-{order.number}.pdf" and paper.content.startswith(b"%PDF")
    assert order.token not in message.text + message.html


def test_the_thread_is_one_conversation(stripe):
    order = make_order(at="paid")
    cancel_order(order, reason="", by=None)
    fresh(order)
    threads = {one.extra_headers["References"] for one in outbox.outbox}
    assert threads == {f"<order-{order.number}@testserver>"}


def test_cash_on_delivery_is_confirmed_first_and_receipted_later(deliver):
    order = make_order(at="cod")
    assert [one.name for one in Message.objects.all()] == ["order_confirmed"]
    assert "Cash on delivery" in sent("order_confirmed")[1].body
    from orders.paying import record_cash

    record_cash(order, by=grace())
    deliver()
    assert {one.name for one in Message.objects.all()} == {"order_confirmed", "receipt"}


def test_each_is_sent_once_however_often_it_is_asked_for(stripe, deliver):
    order = make_order(at="paid")
    document = issue_receipt(order)
    for _again in range(3):
        mails.receipt(order, document=document)
        mails.confirmation(order)
    deliver()
    assert Message.objects.count() == 1 and len(outbox.outbox) == 1


def test_every_mail_reads_well_in_both_parts(stripe, deliver):
    order = make_order(at="paid")
    refund(order, lines={order.lines.first().pk: 1}, reason="scratched")
    mails.pay_link(order)
    mails.link(order)
    fresh(order)
    unpaid = place({mug(): 1})
    cancel_order(unpaid, reason="", by=None)
    fresh(unpaid)
    mails.payment_failed(place({mug(): 1}))
    fresh(order)
    assert len(outbox.outbox) >= 5
    for one in outbox.outbox:
        rich = one.alternatives[0].content
        assert one.body.strip() and "<" not in one.body and "&amp;" not in one.body, one.body
        assert "hidden--" not in one.body + rich
        assert not re.search(r"\{[{%]|None|\[\]", one.body + rich), one.subject
        assert "<style" not in rich.split("</head>")[1] and len(rich) < 60_000
        assert all(
            url.startswith(("http", "mailto:", "#")) for url in re.findall(r'(?:href|src)="([^"]+)"', rich)
        )


def test_what_a_customer_typed_is_text_and_nothing_else(stripe):
    """J01, J10: a name that would be markup, a template or a header."""
    name = '<script>alert(1)</script> {{ 7|add:7 }} {% now "Y" %} #set page(width: 1pt)'
    make_order(at="paid", address={"name": name})
    _message, mail = sent("receipt")
    rich = mail.alternatives[0].content
    assert "<script" not in rich and "&lt;script&gt;" in rich and "{{ 7|add:7 }}" in rich
    assert name in mail.body


def test_a_mail_speaks_the_orders_language(stripe, settings):
    with translation.override("de"):
        order = place({mug(): 1})
    type(order).objects.filter(pk=order.pk).update(language="de")
    order.refresh_from_db()
    mails.link(order)
    message = Message.objects.get(name="order_link")
    assert message.language == "de"
    fresh(order)
    assert f"/de/o/{order.token}/" in outbox.outbox[-1].body


def test_the_papers_figures_never_change(stripe):
    """D15: drawn again after everything else has changed, it says the same."""
    from orders.documents import draw
    from orders.sheets import receipt as sheet
    from shop.core.models import Shop

    order = make_order(at="paid")
    document = Document.objects.get()
    before, paper = sheet(document), draw(document)
    order.lines.update(name="Something else", total_minor=1)
    order.addresses.update(street="Elsewhere 9")
    Shop.objects.update_or_create(pk=1, defaults={"company": "Other Ltd"})
    document.file.delete(save=True)

    again = issue_receipt(order)

    assert again == document and sheet(again) == before and draw(again) == paper
    assert again.file.storage.exists(again.file.name)


def test_the_paper_lies_among_the_private_files(stripe, settings):
    make_order(at="paid")
    path = Document.objects.get().file.path
    assert not path.startswith(str(settings.MEDIA_ROOT))


@pytest.mark.parametrize("language", ["en", "de"])
def test_papers_take_every_name_that_people_have(stripe, language):
    order = make_order(at="paid", address={"name": "Zoë Łukasiewicz-Ørsted Ñandú Ἀθηνᾶ Жанна 李小龍"})
    document = Document.objects.get()
    document.figures["language"] = language
    document.file.delete(save=False)
    document.save()
    assert issue_receipt(order).file.size > 5000
