"""Who may see an order. Everybody else is told that there is none."""

import pytest

from orders.models import Order
from orders.tests.visiting import opened
from shop.tests.people import ada, eve
from shop.tests.walk import COD, make_order

pytestmark = pytest.mark.django_db


PAGES = ["", "payment/", "confirming/", "documents/receipt/"]


@pytest.mark.parametrize("page", PAGES)
def test_an_order_is_only_for_its_owner_and_whoever_has_its_link(stripe, client, page):
    """I02."""
    order = make_order(at="paid", user=ada())
    url = f"/orders/{order.number}/{page}"
    assert client.get(url).status_code == 404
    client.force_login(eve())
    assert client.get(url).status_code == 404
    client.force_login(ada())
    assert client.get(url).status_code in (200, 303)
    client.logout()
    opened(client, order)
    assert client.get(url).status_code in (200, 303)


def test_only_they_may_cancel_or_pay(client):
    order = make_order(at="cod", user=ada())
    for path in ("cancellation/", "payment/"):
        assert client.post(f"/orders/{order.number}/{path}", {"gateway": COD}).status_code == 404
    client.force_login(eve())
    assert client.post(f"/orders/{order.number}/cancellation/").status_code == 404
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_guests_do_not_see_each_others_orders(client):
    """An order without an owner does not belong to visitors without an account (CVE-2026-22589)."""
    assert make_order(at="cod").user is None
    assert client.get(Order.objects.get().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("token", ["x", "None", "null", "[]", "%00", "a" * 500, "..%2f..", "0"])
def test_a_made_up_link_opens_nothing(client, token):
    make_order(at="cod")
    assert client.get(f"/o/{token}/").status_code == 404
    assert client.get(f"/o/{token}/payment/").status_code == 404
    assert client.get("/o//").status_code == 404


def test_the_link_opens_the_order_and_leads_to_its_clean_address(client):
    order = make_order(at="cod")
    answer = client.get(f"/o/{order.token}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{order.number}/")
    assert answer["Referrer-Policy"] == "no-referrer" and answer["Cache-Control"] == "private, no-store"
    page = client.get(answer["Location"])
    assert page.status_code == 200 and order.token not in page.content.decode()


def test_a_forged_session_value_opens_nothing(client):
    order = make_order(at="cod")
    session = client.session
    session["orders"] = str(order.pk)
    session.save()
    assert client.get(order.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nobody_keeps_a_copy(stripe, client, page):
    order = opened(client, make_order(at="paid"))
    assert client.get(f"/orders/{order.number}/{page}")["Cache-Control"] == "private, no-store"
