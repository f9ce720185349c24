"""H01, H02, H12, H13, I02, I07, I08: what visitors send that no page of ours would."""

import json
import re
import socket
import time
from urllib.parse import urljoin, urlsplit

import pytest

from cart.models import CartLine
from orders.models import Order, PaymentAttempt
from orders.tests import hooking
from shop.accounts.models import User
from shop.core.models import Message, Notice
from shop.tests.faults.buyers import number_of
from shop.tests.people import PASSWORD, ada

pytestmark = pytest.mark.django_db(transaction=True)


def test_h01_fields_that_nobody_asked_for_are_ignored(floor):
    extra = {
        "price": "1",
        "total": "1",
        "total_minor": "1",
        "unit_minor": "1",
        "status": "confirmed",
        "payment_status": "paid",
        "paid_minor": "999999",
        "user": "1",
        "is_staff": "1",
        "is_superuser": "1",
        "currency": "JPY",
        "order_number": "AAAA-AAAA",
    }
    person, buyer, variant = ada(), floor.buyer(), floor.sells(5, price_minor=2900)
    buyer.sign_in(person.email, PASSWORD)
    buyer.post("/cart/lines/", {"variant": variant.pk, "quantity": "1"} | extra)
    started = buyer.submit(buyer.get("/cart/"), "/checkout/", **extra)
    page = buyer.follow(buyer.submit(buyer.follow(started), "/checkout/details/", **buyer_details(), **extra))
    page = buyer.follow(buyer.submit(page, "/checkout/delivery/", **extra))
    placed = buyer.post("/orders/", extra | page.form("/orders/").fields | {"gateway": "cash_on_delivery"})
    order = Order.objects.get(number=number_of(placed))
    assert (order.total_minor, order.currency, order.payment_status) == (3390, "EUR", "unpaid")
    assert (order.paid_minor, order.user) == (0, person)

    form = buyer.get("/account/details/")
    buyer.submit(form, "/account/details/", name="Ada", email="evil@example.com", **extra)
    person.refresh_from_db()
    assert (person.email, person.is_staff, person.is_superuser) == ("ada@example.com", False, False)


def buyer_details() -> dict[str, str]:
    return {
        "email": "ada@example.com",
        "name": "Ada Lovelace",
        "country": "AT",
        "street": "Stephansplatz 1",
        "postcode": "1010",
        "city": "Wien",
    }


QUANTITIES = [
    "-1",
    "0.1",
    "0",
    "1e3",
    "0x10",
    "١٢",
    "9" * 20,
    "1;2",
    "",
    " ",
    "NaN",
    "null",
    "1\x00",
    "A" * 100_000,
]


def test_h02_quantities_that_are_none_are_refused(floor):
    buyer, variant = floor.buyer(), floor.sells(5)
    for wrong in QUANTITIES:
        assert buyer.post("/cart/lines/", {"variant": variant.pk, "quantity": wrong}).status == 422, wrong[
            :20
        ]
    twice = [("variant", variant.pk), ("quantity", "1"), ("quantity", "2")]
    assert buyer.post("/cart/lines/", twice).status == 422
    assert not CartLine.objects.exists()

    buyer.fill_cart({variant: 2})
    line = CartLine.objects.get()
    token = buyer.get("/cart/").form(f"/cart/lines/{line.pk}/").fields
    for wrong in set(QUANTITIES) - {"0"}:
        assert buyer.post(f"/cart/lines/{line.pk}/", token | {"quantity": wrong}).status == 422, wrong[:20]
    assert CartLine.objects.get().quantity == 2


def test_h12_an_address_that_says_succeeded_pays_nothing(floor, stripe):
    buyer = floor.buyer()
    started = buyer.begin_card(buyer.to_payment({floor.sells(5): 1}))
    attempt = PaymentAttempt.objects.get()
    back = started.json["return_url"].removeprefix(floor.url)
    for forged in (
        "?redirect_status=succeeded",
        f"?payment_intent={attempt.provider_ref}&redirect_status=succeeded",
        f"?payment_intent={attempt.provider_ref}&payment_intent_client_secret=x&paid=1&status=captured",
    ):
        answer = buyer.get(back + forged)
        assert answer.leads_to.endswith("/payment/")
    order = Order.objects.get()
    assert (order.status, order.payment_status, order.paid_minor) == ("placed", "unpaid", 0)


def test_h13_webhooks_that_are_not_stripes_are_refused(floor, stripe):
    right = stripe.webhook_secret
    for what, secret, late, live, pad in (
        ("another secret", "whsec_wrong", 0, False, 0),
        ("an empty secret", "", 0, False, 0),
        ("too old", right, 301, False, 0),
        ("from live mode", right, 0, True, 0),
        ("5 MB", right, 0, False, 5_000_000),
        ("unsigned", None, 0, False, 0),
    ):
        body = json.dumps(hooking.event(livemode=live) | {"pad": "x" * pad})
        signature = "" if secret is None else hooking.sign(body, secret, int(time.time()) - late)
        told = {"Stripe_Signature": signature} if signature else {}
        assert (
            floor.visitor().post(hooking.URL, body, Content_Type="application/json", **told).status == 400
        ), what
    assert not Notice.objects.exists()
    body = json.dumps(hooking.event())
    signature = hooking.sign(body, right, int(time.time()))
    told = {"Stripe_Signature": signature, "Content_Type": "application/json"}
    assert floor.visitor().post(hooking.URL, body, **told).status == 200, (
        "so that the refusals mean something"
    )


def test_i02_an_order_is_not_found_by_guessing(floor):
    buyer = floor.buyer()
    placed = buyer.press(buyer.to_payment({floor.sells(5): 1}))
    order = Order.objects.get()
    stranger = floor.visitor()
    for path in (
        placed.leads_to,
        f"{placed.leads_to}?token=",
        f"{placed.leads_to}?token[]=",
        f"{placed.leads_to}?token={order.token}",
        "/o//",
        "/o/None/",
        "/o/%00/",
        f"/o/{order.token[:-1]}/",
        f"/o/{order.number}/",
    ):
        assert stranger.get(path).status == 404, path

    look_up = "/orders/track/"
    statuses, answers = [], set()
    for number in range(14):
        asked = order.number if number % 2 else "AAAA-AAAA"
        told = stranger.submit(stranger.get(look_up), look_up, number=asked, email="ada@example.com")
        statuses.append(told.status)
        answers.add(stranger.follow(told).text if told.status == 303 else "")
    assert statuses[:10] == [303] * 10 and set(statuses[10:]) == {429}
    assert len(answers - {""}) == 1, "the same words, whether there is such an order or not"
    assert Message.objects.filter(name="order_link").count() <= 3
    assert stranger.get(placed.leads_to).status == 404


def raw(url: str, request: str) -> str:
    """The first line of the answer to a request that no library would send."""
    here = urlsplit(url)
    with socket.create_connection((here.hostname, here.port), timeout=10) as there:
        there.sendall(request.replace("\n", "\r\n").encode("latin-1"))
        return there.recv(65536).split(b"\r\n", 1)[0].decode()


HOSTS = [
    "evil.example",
    "testserver.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1:1@evil.example",
    "evil.example:80",
    "",
]


def test_i07_another_host_is_answered_400_and_mails_name_our_own(floor, deliver):
    """The reset mail, the order mail, and pages that write absolute addresses."""
    for host in HOSTS:
        for path in ("/", "/account/password/reset/", "/sitemap.xml"):
            assert (
                " 400 " in raw(floor.url, f"GET {path} HTTP/1.1\nHost: {host}\nConnection: close\n\n") + " "
            ), host
    wrong = raw(floor.url, "GET http://evil.example/ HTTP/1.1\nHost: evil.example\nConnection: close\n\n")
    assert " 400 " in wrong + " "

    forged = {
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Server": "evil.example",
        "Forwarded": "host=evil.example",
    }
    ada()
    visitor, reset = floor.visitor(), "/account/password/reset/"
    fields = visitor.get(reset).form(reset).fields | {"email": "ada@example.com"}
    assert visitor.post(reset, fields, **forged).status == 302
    buyer = floor.buyer()
    page = buyer.to_payment({floor.sells(5): 1})
    assert number_of(buyer.press(page, **forged))
    deliver()
    mails = {m.name: m for m in Message.objects.all()}
    assert {"password_reset", "order_confirmed"} <= set(mails)
    hosts = {
        urlsplit(url).netloc
        for mail in mails.values()
        for url in re.findall(r"https?://[^\s\"'<>]+", mail.text + mail.html)
    }
    assert "evil.example" not in str(hosts) and urlsplit(floor.url).netloc in hosts
    for path in ("/", "/sitemap.xml", "/robots.txt"):
        assert "evil.example" not in visitor.get(path, X_Forwarded_Host="evil.example").text


def test_i07_the_link_that_was_mailed_names_our_own_host(floor, mailoutbox, deliver):
    """The secret link is not in the stored mail; it is in the one that was sent."""
    ada()
    visitor, reset = floor.visitor(), "/account/password/reset/"
    fields = visitor.get(reset).form(reset).fields | {"email": "ada@example.com"}
    visitor.post(reset, fields, X_Forwarded_Host="evil.example")
    deliver()
    links = re.findall(r"https?://[^\s\"'<>]+/password/reset/key/[^\s\"'<>]+", mailoutbox[0].body)
    assert [urlsplit(link).netloc for link in links] == [urlsplit(floor.url).netloc]


NEXT = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aSet-Cookie:x=1",
    "\r\nLocation: https://evil.example",
    "/\tevil.example",
    "https://127.0.0.1@evil.example/",
    "/..//evil.example",
]


def test_i08_next_leads_nowhere_else(floor):
    ada()
    for wanted in NEXT:
        visitor = floor.visitor()
        page = visitor.session.get(
            floor.url + "/account/login/", params={"next": wanted}, allow_redirects=False, timeout=30
        )
        assert page.status_code == 200 and "Set-Cookie:x" not in str(page.headers)
        form = visitor.get("/account/login/").form("/account/login/")
        fields = form.fields | {"login": "ada@example.com", "password": PASSWORD, "next": wanted}
        answer = visitor.post("/account/login/", fields)
        assert answer.status == 302 and stays(answer, floor), wanted
        logout = visitor.get("/account/logout/")
        fields = logout.form("/account/logout/").fields | {"next": wanted}
        assert stays(visitor.post("/account/logout/", fields), floor), wanted
    assert User.objects.count() == 1


def stays(answer, floor) -> bool:
    """Whether the redirect stays on this site, as browsers read it: a backslash is a slash, tabs and line ends are nothing."""
    where = re.sub(r"[\t\r\n]", "", answer.headers.get("Location", "")).replace("\\", "/")
    target, home = urlsplit(urljoin(answer.url, where)), urlsplit(floor.url)
    return (target.scheme, target.netloc) == (home.scheme, home.netloc)
