"""Keys, hosts and what a browser may do with the publishable key."""

import http.client
import json
import urllib.parse

import pytest
import stripe

from shop.dev.stripe_sim.tests.conftest import client_of


def ask(sim, method, path, *, key="pk_test_simulated", form=None, headers=None):
    """A request as a browser would send it: (status, headers, JSON)."""
    connection = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=5)
    body = urllib.parse.urlencode(form or {}) if method == "POST" else None
    sent = {"Authorization": f"Bearer {key}", "Origin": "http://shop.test"} | (headers or {})
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, answer.headers, json.loads(text) if text else None


CARD = {
    "payment_method_data[type]": "card", "payment_method_data[card][number]": "4242 4242 4242 4242",
    "payment_method_data[card][exp_month]": "12", "payment_method_data[card][exp_year]": "34",
    "payment_method_data[card][cvc]": "123",
}  # fmt: skip


def confirm(sim, intent, **over):
    form = CARD | {"client_secret": intent.client_secret, "return_url": "http://shop.test/r"} | over
    return ask(
        sim,
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        form={k: v for k, v in form.items() if v is not None},
    )


@pytest.fixture
def intent(api):
    return api.payment_intents.create({"amount": 1200, "currency": "eur", "metadata": {"order": "T-1"}})


def test_a_browser_confirms_with_the_client_secret_and_sees_little(sim, api, intent):
    status, headers, body = confirm(sim, intent)
    assert (status, body["status"]) == (200, "succeeded")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert not {"metadata", "latest_charge", "customer", "amount_received"} & set(body)
    assert api.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_browser_needs_the_right_client_secret(sim, api, intent):
    for secret in (None, f"{intent.id}_secret_{'x' * 25}"):
        status, _, body = confirm(sim, intent, client_secret=secret)
        assert (status, body["error"]["param"]) == (400, "client_secret")
    other = api.payment_intents.create({"amount": 1200, "currency": "eur"})
    assert confirm(sim, intent, client_secret=other.client_secret)[0] == 400
    assert ask(sim, "GET", f"/v1/payment_intents/{intent.id}")[0] == 400
    assert api.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_the_publishable_key_opens_no_other_door(sim, intent):
    for method, path in (
        ("GET", "/v1/payment_intents"), ("POST", f"/v1/payment_intents/{intent.id}/cancel"),
        ("POST", "/v1/refunds"), ("GET", "/v1/events"), ("GET", "/v1/customers"),
    ):  # fmt: skip
        status, _, body = ask(sim, method, path)
        assert (status, body["error"]["code"]) == (403, "secret_key_required"), path


def test_a_browsers_preflight_is_answered(sim):
    status, headers, _ = ask(sim, "OPTIONS", "/v1/payment_intents/pi_x/confirm")
    assert status == 204
    assert "Authorization" in headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "over, status, code",
    [
        ({"payment_method_data[card][number]": "4242424242424241"}, 402, "incorrect_number"),
        ({"payment_method_data[card][number]": "4929000000006"}, 402, "card_declined"),
        ({"payment_method_data[card][exp_year]": "19"}, 402, "invalid_expiry_year"),
        ({"payment_method_data[card][exp_month]": "13"}, 402, "invalid_expiry_month"),
        ({"payment_method_data[card][cvc]": "12"}, 402, "invalid_cvc"),
        ({"return_url": "shop.test"}, 400, "url_invalid"),
    ],
)
def test_a_card_that_cannot_be_is_refused(sim, intent, over, status, code):
    found = confirm(sim, intent, **over)
    assert (found[0], found[2]["error"]["code"]) == (status, code)


def test_card_numbers_are_nowhere_to_be_found_afterwards(sim, intent):
    confirm(sim, intent)
    (row,) = [row for row in sim.requests(path="/v1/payment_intents/") if row["path"].endswith("/confirm")]
    text = json.dumps(row)
    assert "4242" not in text.replace("[hidden]", "") and intent.client_secret not in text
    assert row["key"] == "publishable"


def test_a_server_may_not_send_card_numbers(api):
    with pytest.raises(stripe.CardError, match="generally unsafe"):
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "cvc": "123"}
        api.payment_methods.create({"type": "card", "card": card})


def test_wrong_missing_and_live_keys_are_refused(sim):
    for key in ("sk_test_wrong_wrong_wrong", "sk_live_0123456789", "pk_test_other_0123"):
        with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided"):
            stripe.StripeClient(key, base_addresses={"api": sim.url}).v1.balance.retrieve()
    status, _, body = ask(sim, "GET", "/v1/balance", headers={"Authorization": ""})
    assert (status, body["error"]["type"]) == (401, "invalid_request_error")


def test_another_version_of_the_api_is_refused(sim):
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client_of(sim).v1.balance.retrieve({}, {"stripe_version": "2022-11-15"})


def test_unknown_addresses_are_answered_as_stripe_answers(sim):
    status, _, body = ask(sim, "GET", "/v1/payment_intentions", key=sim.secret_key)
    assert (status, body["error"]["message"].split(" (")[0]) == (404, "Unrecognized request URL")


def test_it_answers_no_foreign_host_and_no_other_pages_controls(sim):
    assert ask(sim, "GET", "/v1/balance", key=sim.secret_key, headers={"Host": "evil.test:80"})[0] == 403
    assert ask(sim, "GET", "/_sim/requests")[0] == 403  # an Origin that is not the simulator's own


def test_the_account_and_its_balance(api, pay):
    pay(amount=2000, capture_method="automatic")
    assert api.accounts.retrieve_current().charges_enabled
    (pending,) = api.balance.retrieve().pending
    assert (pending.amount, pending.currency) == (1945, "eur")
