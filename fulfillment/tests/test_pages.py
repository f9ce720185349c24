"""The customer's pages of parcels and returns, without JavaScript."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from checkout.carriers import Status as Told
from checkout.carriers import TrackingEvent, TrackingReport
from fulfillment import returning, shipping, tracking
from fulfillment.models import Return, Shipment
from fulfillment.tests.factories import ask_back, make_order, send, take_back, work_of
from orders.models import Order
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(client):
    """A visitor who came by the order's link."""

    def follow(order: Order):
        client.get(f"/o/{order.token}/")
        return client

    return follow


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def ask(client, order, **over):
    line = order.lines.first()
    given = {f"quantity_{line.pk}": "1", f"reason_{line.pk}": "dislike", "note": ""}
    return client.post(f"/orders/{order.number}/returns/", given | over)


def test_the_orders_page_shows_its_parcel_with_number_and_timeline(guest):
    order = make_order(at="shipped")
    found = page(guest(order), f"/orders/{order.number}/")
    assert "Your parcel" in found and "RR123" in found and "Handed over" in found
    assert 'aria-current="step"' in found


def test_two_parcels_are_told_apart_with_what_is_in_them(guest):
    order = make_order(at="packed")
    first, second = order.lines.all()
    send(order, lines={first.pk: 2}, tracking_number="AAA1")
    send(order, lines={second.pk: 1}, tracking_number="BBB2")
    found = page(guest(order), f"/orders/{order.number}/")
    assert "Parcel 1 of 2" in found and "Parcel 2 of 2" in found
    assert found.index("2 × Contour mug") < found.index("1 × Contour print")


def test_a_parcel_that_waits_in_the_house_is_not_shown(guest):
    order = make_order(at="packed")
    shipping.ship(work_of(order), carrier="manual", by=grace())
    assert "Your parcel" not in page(guest(order), f"/orders/{order.number}/")


def test_a_delay_is_explained_in_words(guest):
    order = make_order(at="shipped")
    at = datetime.now(UTC)
    events = [
        TrackingEvent(Told.IN_TRANSIT, "AR", "Arrived at facility", "Linz", at - timedelta(hours=3)),
        TrackingEvent(Told.DELAYED, "DY", "Snow on the road", "Linz", at),
    ]
    tracking.note(Shipment.objects.get(), TrackingReport.of("RR123", events=events, raw={}))
    found = page(guest(order), f"/orders/{order.number}/")
    assert "Held up" in found and "Snow on the road" in found and "Every scan" in found


def test_the_link_to_the_carrier_is_the_carriers_own(guest, carriers):
    order = make_order(at="packed")
    parcel = send(order, carrier="ups")
    found = page(guest(order), f"/orders/{order.number}/")
    assert f"https://www.ups.com/track?tracknum={parcel.tracking_number}" in found


def test_a_guest_asks_to_send_something_back(guest):
    order = make_order(at="delivered")
    client = guest(order)
    assert f"/orders/{order.number}/returns/" in page(client, f"/orders/{order.number}/")
    assert "Why?" in page(client, f"/orders/{order.number}/returns/")

    answer = ask(client, order)

    wish = Return.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{order.number}/returns/{wish.number}/")
    found = page(client, answer["Location"])
    assert wish.number in found and "Requested" in found and "Keep the goods after all" in found


def test_the_owner_signed_in_may_too_and_it_is_noted(client):
    owner = ada()
    order = make_order(at="delivered", user=owner)
    client.force_login(owner)
    ask(client, order)
    assert Return.objects.get().requested_by == owner


def test_an_approved_return_says_where_to_send_it(guest):
    order = make_order(at="delivered")
    wish = ask_back(order)
    returning.approve(wish, by=grace())
    found = page(guest(order), wish.get_absolute_url())
    assert "Musterstraße 1" in found and wish.number in found


def test_a_refusal_says_why(guest):
    order = make_order(at="delivered")
    wish = ask_back(order)
    returning.refuse(wish, reason="It was used.", by=grace())
    assert "It was used." in page(guest(order), wish.get_absolute_url())


def test_a_settled_return_says_how_much_comes_back(guest):
    order = make_order(at="completed")
    wish = take_back(ask_back(order))
    assert order.goods.format() in page(guest(order), wish.get_absolute_url())


def test_the_customer_takes_it_back(guest):
    order = make_order(at="delivered")
    wish = ask_back(order)
    client = guest(order)
    answer = client.post(f"{wish.get_absolute_url()}withdrawal/")
    assert answer.status_code == 303
    wish.refresh_from_db()
    assert wish.status == "cancelled"


def test_too_late_to_take_back_is_a_message(guest):
    order = make_order(at="completed")
    wish = take_back(ask_back(order))
    answer = guest(order).post(f"{wish.get_absolute_url()}withdrawal/", follow=True)
    assert "can no longer be taken back" in answer.content.decode()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"quantity_{line}": "0"}, "Choose at least one item"),
        ({"reason_{line}": ""}, "Choose why"),
        ({"reason_{line}": "undelivered"}, "is not one of the available choices"),
        ({"quantity_{line}": "3"}, "At most 2 of"),
        ({"quantity_{line}": "-1"}, "At most 2 of"),
        ({"quantity_{line}": "abc"}, "At most 2 of"),
        ({"quantity_{line}": "1e1"}, "At most 2 of"),
        ({"note": "x" * 2001}, "Shorten your note"),
        ({"note": "a\x00b"}, "Null characters"),
    ],
)
def test_says_what_is_wrong_and_makes_nothing(guest, over, words):
    order = make_order(at="delivered")
    line = order.lines.first()
    given = {name.replace("{line}", str(line.pk)): value for name, value in over.items()}
    answer = ask(guest(order), order, **given)
    found = answer.content.decode()
    assert answer.status_code == 422 and words in found and "<title>Error: " in found
    assert not Return.objects.exists()


def test_a_line_of_another_order_is_not_read(guest):
    order, other = make_order(at="delivered"), make_order(at="delivered")
    foreign = other.lines.first()
    answer = guest(order).post(
        f"/orders/{order.number}/returns/", {f"quantity_{foreign.pk}": "1", f"reason_{foreign.pk}": "dislike"}
    )
    assert answer.status_code == 422 and not Return.objects.exists()


def test_after_the_window_nothing_is_offered_and_the_reason_is_told(guest):
    order = make_order(at="delivered")
    Shipment.objects.update(delivered_at=Now() - timedelta(days=60))
    client = guest(order)
    found = page(client, f"/orders/{order.number}/returns/")
    assert "The time for returns ended on" in found and "Ask to send back" not in found
    assert ask(client, order).status_code == 422
    assert "Send something back" not in page(client, f"/orders/{order.number}/")


def test_asking_twice_for_the_same_is_refused_the_second_time(guest):
    order = make_order(at="delivered")
    client = guest(order)
    line = order.lines.first()
    both = {f"quantity_{line.pk}": "2"}
    assert ask(client, order, **both).status_code == 303
    assert ask(client, order, **both).status_code == 422
    assert Return.objects.count() == 1


@pytest.mark.parametrize("who", [None, eve, grace])
def test_strangers_find_nothing(client, who):
    order = make_order(at="delivered")
    wish = ask_back(order)
    if who:
        client.force_login(who())
    for path in (f"/orders/{order.number}/returns/", wish.get_absolute_url()):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)
    assert client.post(f"{wish.get_absolute_url()}withdrawal/").status_code == 404
    wish.refresh_from_db()
    assert wish.status == "requested"


def test_another_orders_return_is_not_found_in_mine(guest):
    mine, other = make_order(at="delivered"), make_order(at="delivered")
    wish = ask_back(other)
    client = guest(mine)
    assert client.get(f"/orders/{mine.number}/returns/{wish.number}/").status_code == 404
    assert client.post(f"/orders/{mine.number}/returns/{wish.number}/withdrawal/").status_code == 404


def test_forms_want_their_token(guest):
    from django.test import Client

    order = make_order(at="delivered")
    careful = Client(enforce_csrf_checks=True)
    careful.get(f"/o/{order.token}/")
    assert ask(careful, order).status_code == 403
    assert not Return.objects.exists()


def test_reading_writes_nothing(guest):
    order = make_order(at="delivered")
    wish = ask_back(order)
    client = guest(order)
    assert client.get(f"{wish.get_absolute_url()}withdrawal/").status_code == 405
    wish.refresh_from_db()
    assert wish.status == "requested"


def test_pages_are_kept_by_nobody(guest):
    order = make_order(at="delivered")
    assert guest(order).get(f"/orders/{order.number}/returns/")["Cache-Control"] == "private, no-store"


def test_queries_do_not_grow_with_the_parcels(guest):
    def count(parcels: int) -> int:
        order = make_order(at="packed")
        first, second = order.lines.all()
        for line, pieces in [(first, 1), (first, 1), (second, 1)][:parcels]:
            send(order, lines={line.pk: pieces})
        client = guest(order)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/orders/{order.number}/")
        return len(captured)

    count(1)  # what is kept for half a minute is there now
    assert count(3) == count(1)
