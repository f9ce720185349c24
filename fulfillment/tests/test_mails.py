"""What customers get by mail about parcels and returns: both parts, in their language, once, without secrets in the store."""

import re

import pytest
from django.core import mail as outgoing
from django.utils.formats import date_format

from fulfillment import compensating, receiving, returning
from fulfillment.eligibility import last_day
from fulfillment.models import Shipment
from fulfillment.tasks import send_delivered, send_return_requested, send_shipped
from fulfillment.tests.factories import ask_back, fresh, make_order, send, take_back
from orders.models import Order
from shop.core.models import Message, Shop
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
STEPS = ["shipped", "delivered", "return_requested", "return_approved", "return_received", "return_refunded"]


def mails(order: Order) -> dict[str, Message]:
    return {
        message.name: message
        for message in Message.objects.filter(subject_type="orders.order", subject_id=order.pk)
    }


@pytest.fixture
def whole_story(deliver):
    """An order that was sent, arrived and came back, each step told by a worker before the next."""
    order = make_order(at="completed")
    wish = ask_back(order)
    deliver()
    returning.approve(wish, by=grace())
    deliver()
    receiving.receive(wish, by=grace())
    deliver()
    fine = {line.order_line_id: "sellable" for line in wish.lines.all()}
    receiving.inspect(wish, conditions=fine, by=grace())
    compensating.settle(wish, by=grace())
    deliver()
    return order


def test_each_step_is_told_once_in_one_thread(whole_story):
    found = mails(whole_story)
    assert set(STEPS) <= set(found)
    sent = [mail for mail in outgoing.outbox if mail.to == [whole_story.email]]
    assert {mail.extra_headers["References"] for mail in sent} == {f"<order-{whole_story.number}@testserver>"}
    assert len(sent) == len(found)


def test_both_parts_say_the_same_with_absolute_links_and_no_secret_kept(whole_story):
    link = f"http://testserver/o/{whole_story.token}/"
    for name in STEPS:
        [mail] = [one for one in outgoing.outbox if one.subject == mails(whole_story)[name].subject]
        [(html, kind)] = mail.alternatives
        assert kind == "text/html" and link in mail.body and link in html, name
        assert "Contour mug" in mail.body and "Contour mug" in html, name
        assert not re.search(r'(?:href|src)="/', html), name
        assert len(html) < 60_000, name
        stored = mails(whole_story)[name]
        assert whole_story.token not in stored.text + stored.html, name


def test_the_parcels_mail_names_carrier_number_and_what_is_in_it(carriers, deliver):
    order = make_order(at="packed")
    parcel = send(order, carrier="ups", lines={order.lines.first().pk: 2})
    deliver()
    text = mails(order)["shipped"].text
    assert "Carrier: UPS" in text and parcel.tracking_number in text
    assert f"https://www.ups.com/track?tracknum={parcel.tracking_number}" in text
    assert "2 × Contour mug" in text and "Contour print" not in text


def test_the_arrivals_mail_names_the_last_day_for_returns():
    Shop.objects.update_or_create(pk=1, defaults={"return_days": 10})
    order = make_order(at="delivered")
    until = last_day(Shipment.objects.get().delivered_at)
    assert date_format(until, "DATE_FORMAT") in mails(order)["delivered"].text


def test_the_approval_says_where_to_send_it(deliver):
    order = make_order(at="delivered")
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    deliver()
    text = mails(order)["return_approved"].text
    assert "Musterstraße 1" in text and "Austria" in text and wish.number in text


def test_the_settlement_names_the_sum(deliver):
    order = make_order(at="completed")
    take_back(ask_back(order))
    order = fresh(order)
    assert order.goods.format("en") in mails(order)["return_refunded"].text


def test_a_german_customer_reads_german_dates(deliver):
    order = make_order(at="packed")
    Order.objects.filter(pk=order.pk).update(language="de")
    send(order)
    deliver()
    message = mails(order)["shipped"]
    assert message.language == "de" and "/de/o/" in outgoing.outbox[-1].body


def test_one_mail_a_step_even_if_the_worker_runs_twice(deliver):
    order = make_order(at="delivered")
    wish = ask_back(order)
    deliver()
    before = Message.objects.count()
    send_shipped(Shipment.objects.get().pk)
    send_delivered(Shipment.objects.get().pk)
    send_return_requested(wish.pk)
    assert Message.objects.count() == before


def test_what_a_customer_writes_is_never_markup(deliver):
    order = make_order(at="delivered")
    wish = ask_back(order)
    returning.refuse(wish, reason="<b>no</b> {{ order.token }}", by=grace())
    deliver()
    message = mails(order)["return_refused"]
    assert "&lt;b&gt;no&lt;/b&gt; {{ order.token }}" in message.html and "<b>no</b>" in message.text
