from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cart import alerting
from cart.models import StockAlert
from catalog import stock
from catalog.finding.refreshing import refresh
from catalog.tests.factories import make_location, make_variant
from shop.accounts.models import User
from shop.core.models import Event, Message
from shop.core.outbox import deliver_due

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


def ask(client, variant, email="eve@example.com", headers=OURS, **over):
    return client.post(f"/alerts/variants/{variant.pk}/", {"email": email} | over, headers=headers)


def comes_back(variant, pieces=3):
    stock.receive(variant, location=make_location(), quantity=pieces, reason="delivered")
    deliver_due()


def test_a_stranger_is_asked_first_then_told_once(client):
    teapot = make_variant(stock=0)
    refresh([teapot.product_id])
    page = client.get(teapot.product.get_absolute_url())
    assert f'action="/alerts/variants/{teapot.pk}/"' in page.text and "csrfmiddlewaretoken" not in page.text

    assert ask(client, teapot)["Location"] == "/alerts/asked/"
    comes_back(teapot, 1)
    assert [one.name for one in Message.objects.all()] == ["stock_alert_confirm"]

    alert = StockAlert.objects.get()
    link = f"/alerts/{alert.token}/"
    assert client.get(link).status_code == 200 and StockAlert.objects.get().confirmed_at is None
    client.post(link, {"wanted": "yes"})
    assert alerting.tell_all() == 1
    comes_back(teapot)
    told = Message.objects.get(name="back_in_stock")
    assert told.to == "eve@example.com" and alert.token not in told.text + told.html
    assert teapot.full_name in told.subject and "Stop these letters" in told.html
    assert all("eve@" not in str(event.data) for event in Event.objects.all())


def test_ones_own_address_needs_no_question_and_the_event_tells(client):
    teapot, ada = make_variant(stock=0), User.objects.create_user("ada@example.com")
    client.force_login(ada)
    assert 'value="ada@example.com"' in client.get(f"/alerts/variants/{teapot.pk}/").text
    ask(client, teapot, "ADA@example.com")
    ask(client, teapot, "ada@example.com")
    assert StockAlert.objects.get().user == ada and not Message.objects.exists()
    comes_back(teapot)
    assert Message.objects.get().name == "back_in_stock"


def test_asking_again_is_the_same_wish_and_the_answer_is_the_same_for_everybody(client):
    teapot = make_variant(stock=0)
    answers = {ask(client, teapot)["Location"], ask(Client(), teapot, "EVE@example.com")["Location"]}
    assert answers == {"/alerts/asked/"}
    assert StockAlert.objects.count() == Message.objects.count() == 1


def test_stopping_forgets_the_address(client):
    teapot = make_variant(stock=0)
    ask(client, teapot)
    link = f"/alerts/{StockAlert.objects.get().token}/"
    client.post(link, {"wanted": "yes"})
    client.post(link, {"wanted": "no"})
    comes_back(teapot)
    assert not StockAlert.objects.exists() and not Message.objects.filter(name="back_in_stock").exists()
    assert client.get(link).status_code == 404


def test_what_is_there_needs_no_waiting(client):
    answer = ask(client, make_variant(stock=2))
    assert answer.status_code == 422 and "you can buy it now" in answer.text
    assert ask(client, make_variant(published=False)).status_code == 404
    assert not StockAlert.objects.exists()


def test_too_few_for_the_least_quantity_tells_nobody():
    dozen = make_variant(stock=0, min_quantity=12, quantity_step=12)
    alerting.confirm(alerting.ask(dozen, email="eve@example.com"))
    comes_back(dozen, 11)
    assert alerting.tell_all() == 0
    comes_back(dozen, 1)
    assert alerting.tell_all() == 1


@pytest.mark.parametrize("bad", [{"email": ""}, {"email": "no"}, {"email": "a\x00@b.cc"}, {"website": "x"}])
def test_nonsense_is_answered_beside_the_field(client, bad):
    answer = ask(client, make_variant(stock=0), **bad)
    assert answer.status_code == 422 and "There is a problem" in answer.text
    assert not StockAlert.objects.exists()


def test_strangers_are_not_flooded_and_other_sites_may_not_ask(client):
    for _number in range(12):
        last = ask(client, make_variant(stock=0))
    assert last.status_code == 429 and Message.objects.count() == 10
    teapot = make_variant(stock=0)
    assert ask(client, teapot, "a@b.cc", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not StockAlert.objects.filter(email="a@b.cc").exists()


def test_addresses_are_forgotten():
    for days, told in ((8, False), (31, True), (1, False)):
        alert = alerting.ask(make_variant(stock=0), email="eve@example.com")
        then = timezone.now() - timedelta(days=days)
        StockAlert.objects.filter(pk=alert.pk).update(created_at=then, told_at=then if told else None)
    assert alerting.forget_old() == 2 and StockAlert.objects.get() == alert


@pytest.mark.parametrize("token", ["x", "%00", "None"])
def test_a_made_up_link_leads_nowhere(client, token):
    assert client.get(f"/alerts/{token}/").status_code == 404
    assert client.get(f"/alerts/wishlists/{token}/").status_code == 404
