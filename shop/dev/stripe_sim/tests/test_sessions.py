"""Hosted Checkout, walked through as a browser without JavaScript does: forms and redirects."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
import stripe

from shop.dev.stripe_sim.running import wait_until

CARD = {
    "email": "ida@example.com",
    "number": "4242 4242 4242 4242",
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Ida <Berg>",
}


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def visit(url, form=None):
    """(status, page, where it sends the browser)."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    try:
        with urllib.request.build_opener(Stay).open(urllib.request.Request(url, data)) as answer:
            return answer.status, answer.read().decode(), None
    except urllib.error.HTTPError as other:
        return other.code, other.read().decode(), other.headers["Location"]


@pytest.fixture
def make(api):
    def made(**over):
        item = {
            "price_data": {"currency": "eur", "unit_amount": 1995, "product_data": {"name": "Lamp & shade"}},
            "quantity": 2,
        }
        params = {
            "mode": "payment", "line_items": [item], "client_reference_id": "T-1001", "metadata": {"attempt": "a1"},
            "success_url": "http://shop.test/done/?session={CHECKOUT_SESSION_ID}", "cancel_url": "http://shop.test/cart/",
            "payment_intent_data": {"metadata": {"attempt": "a1"}, "description": "Order T-1001"},
        }  # fmt: skip
        return api.checkout.sessions.create(params | over)

    return made


def test_a_shopper_pays_on_the_hosted_page(api, make):
    session = make()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.ui_mode) == (3990, "hosted_page")
    status, page, _ = visit(session.url)
    assert status == 200 and "€39.90" in page and "2 × Lamp &amp; shade" in page and "<script" not in page
    status, _, where = visit(session.url, CARD)
    assert (status, where) == (303, f"http://shop.test/done/?session={session.id}")
    session = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "line_items"]})
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert (session.payment_intent.status, session.payment_intent.metadata["attempt"]) == ("succeeded", "a1")
    assert session.customer_details.email == "ida@example.com"
    assert session.line_items.data[0].amount_total == 3990
    assert "checkout.session.completed" in [event.type for event in api.events.list({"limit": 100}).data]


def test_paying_twice_leads_to_the_same_success_and_one_charge(api, make):
    session = make()
    page = session.url
    assert visit(page, CARD)[2] == visit(page, CARD)[2] == visit(page)[2]
    assert len(api.charges.list().data) == 1


def test_a_declined_card_can_be_followed_by_another(api, make):
    session = make()
    status, page, where = visit(session.url, CARD | {"number": "4000000000009995"})
    assert (status, where) == (402, None)
    assert (
        "Your card has insufficient funds." in page
        and 'value="Ida &lt;Berg&gt;"' in page
        and "4000000000009995" not in page
    )
    assert visit(session.url, CARD)[0] == 303
    assert len({charge.payment_intent for charge in api.charges.list().data}) == 1


@pytest.mark.parametrize(
    "over, words",
    [
        ({"number": ""}, "enter your card"), ({"expiry": "soon"}, "enter your card"), ({"email": ""}, "email address"),
        ({"number": "4242424242424241"}, "number is incorrect"), ({"expiry": "01 / 20"}, "expiration year is invalid"),
    ],
)  # fmt: skip
def test_a_form_filled_in_wrongly_says_what_is_wrong(api, make, over, words):
    session = make()
    status, page, _ = visit(session.url, CARD | over)
    assert status in (402, 422) and words in page
    assert not api.charges.list().data


@pytest.mark.parametrize("outcome, end", [("complete", "paid"), ("fail", "unpaid")])
def test_three_d_secure_by_plain_redirects(api, make, outcome, end):
    session = make()
    _, _, bank = visit(session.url, CARD | {"number": "4000002760003184"})
    status, page, _ = visit(bank)
    assert status == 200 and "Complete" in page and re.search(r"ending in 3184", page)
    _, _, back = visit(bank, {"outcome": outcome})
    assert urllib.parse.urlsplit(back).path == f"/c/pay/{session.id}/return"
    status, page, where = visit(back)
    assert api.checkout.sessions.retrieve(session.id).payment_status == end
    if outcome == "complete":
        assert where.startswith("http://shop.test/done/")
    else:
        assert status == 200 and "unable to authenticate" in page
        assert visit(session.url, CARD)[2].startswith("http://shop.test/done/")


def test_leaving_the_bank_decides_nothing(api, make):
    session = make()
    _, _, bank = visit(session.url, CARD | {"number": "4000002760003184"})
    assert visit(f"{session.url}/return")[2] == bank
    intent = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).payment_intent
    assert intent.status == "requires_action"
    with pytest.raises(stripe.InvalidRequestError, match="Expire the Checkout Session"):
        api.payment_intents.cancel(intent.id)
    assert api.checkout.sessions.expire(session.id).status == "expired"
    assert api.payment_intents.retrieve(intent.id).status == "canceled"
    status, page, _ = visit(session.url)
    assert status == 410 and "http://shop.test/cart/" in page


def test_a_session_runs_out(sim, api, make):
    session = make(expires_at=int(time.time()) + 1801)
    sim.control("clock", advance=1802)
    assert wait_until(lambda: api.checkout.sessions.retrieve(session.id).status == "expired")
    assert visit(session.url, CARD)[0] == 410
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        api.checkout.sessions.expire(session.id)


def test_a_held_amount_and_an_email_that_is_known(api, make):
    data = {"capture_method": "manual", "metadata": {"attempt": "a2"}}
    session = make(payment_intent_data=data, customer_email="ida@example.com")
    assert visit(session.url, CARD | {"email": ""})[0] == 303
    session = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (session.payment_status, session.payment_intent.status) == ("paid", "requires_capture")


def test_a_debit_completes_the_session_unpaid_and_pays_it_later(sim, api, make):
    sim.control("settings", payment_methods=["card", "sepa_debit"], async_seconds=600)
    session = make()
    assert "SEPA Direct Debit" in visit(session.url)[1]
    form = {
        "email": "ida@example.com",
        "method": "sepa_debit",
        "iban": "DE89370400440532013000",
        "name": "Ida",
    }
    assert visit(session.url, form)[0] == 303
    session = api.checkout.sessions.retrieve(session.id)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    sim.control("clock", advance=601)
    wait_until(lambda: api.checkout.sessions.retrieve(session.id).payment_status == "paid")
    assert "checkout.session.async_payment_succeeded" in [
        event.type for event in api.events.list({"limit": 100}).data
    ]


@pytest.mark.parametrize(
    "over",
    [
        {"success_url": None}, {"success_url": "shop.test"}, {"line_items": []}, {"expires_at": int(time.time()) + 60},
        {"line_items": [{"price": "price_1", "quantity": 1}]}, {"ui_mode": "hosted"}, {"mode": "subscription"},
        {"payment_method_types": ["card"]},
    ],
)  # fmt: skip
def test_refuses_what_stripe_refuses(api, make, over):
    with pytest.raises(stripe.InvalidRequestError):
        make(**over)
    assert not api.checkout.sessions.list().data
