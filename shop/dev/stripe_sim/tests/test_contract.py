"""The simulator against Stripe's own artefacts: its routes are the library's, its answers have the library's shapes."""

import json
import urllib.request

import pytest

from checkout.gateways.tests.stripe_contract import operation_for
from shop.dev.stripe_sim.routes import ROUTES
from shop.dev.stripe_sim.running import RunningSim, wait_until
from shop.dev.stripe_sim.tests.response_contract import deviations
from shop.dev.stripe_sim.tests.test_sessions import CARD, visit

# Stripe.js's own, and Charge.list_refunds.
NOT_A_SERVICE = ("/source_cancel", "/elements/sessions", "/v1/charges/{charge}/refunds")


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if not route.path.endswith(NOT_A_SERVICE)], ids=lambda r: r.path
)
def test_every_route_is_one_of_the_librarys_with_its_parameters(route):
    operation = operation_for(route.method, route.path.replace("{", "").replace("}", ""))
    assert operation, "the library knows no such method and path"
    assert operation.params == route.params.rpartition(".")[2]


def raw(sim: RunningSim, path: str) -> dict:
    request = urllib.request.Request(sim.url + path, headers={"Authorization": f"Bearer {sim.secret_key}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture
def lively(sim, api, pay):
    """An account in which nearly everything has happened."""
    sim.control("settings", payment_methods=["card", "sepa_debit"])
    customer = api.customers.create({"email": "ida@example.com", "address": {"country": "DE"}})
    address = {"name": "Ida", "address": {"line1": "Weg 1", "country": "DE"}}
    paid = pay(
        customer=customer.id, setup_future_usage="off_session", shipping=address, capture_method="automatic"
    )
    api.refunds.create({"payment_intent": paid.id, "amount": 100, "reason": "requested_by_customer"})
    for method in ("pm_card_createDispute", "pm_card_createDisputeInquiry", "pm_card_authenticationRequired"):
        pay(method)
    wait_until(lambda: len(api.disputes.list().data) == 2)
    held = pay(capture_method="manual")
    api.payment_intents.cancel(held.id)
    for method in ("pm_card_chargeDeclined", "pm_card_radarBlock"):
        with pytest.raises(Exception, match="declined"):
            pay(method)
    failing = api.refunds.create({"payment_intent": pay("pm_card_refundFail").id})
    sim.control(f"refunds/{failing.id}", status="failed")
    pending = api.refunds.create({"payment_intent": pay("pm_card_pendingRefund").id})
    assert pending.status == "pending"
    api.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": "https://shop.test/r",
        }
    )
    item = {
        "price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Cup"}},
        "quantity": 1,
    }
    session = api.checkout.sessions.create(
        {"mode": "payment", "line_items": [item], "success_url": "https://shop.test/s"}
    )
    debit = {
        "email": "i@example.com",
        "method": "sepa_debit",
        "iban": "DE89370400440532013000",
        "name": "Ida",
    }
    assert visit(session.url, debit)[0] == 303
    second = api.checkout.sessions.create(
        {"mode": "payment", "line_items": [item], "success_url": "https://shop.test/s"}
    )
    assert visit(second.url, CARD)[0] == 303
    api.webhook_endpoints.create({"url": "https://shop.test/hooks/", "enabled_events": ["refund.failed"]})
    return sim


@pytest.mark.parametrize(
    "path",
    [
        "payment_intents", "setup_intents", "charges", "refunds", "disputes", "events", "customers", "balance_transactions",
        "checkout/sessions", "webhook_endpoints",
    ],
)  # fmt: skip
def test_every_answer_has_the_shape_of_the_librarys_class(lively, path):
    listed = raw(lively, f"/v1/{path}?limit=100")["data"]
    assert listed
    found = {problem for one in listed for problem in deviations(one)}
    assert not found, "\n".join(sorted(found))


def test_what_is_within_other_objects_has_its_shape_too(lively, api):
    intent = api.payment_intents.list({"limit": 100}).data[-1].id
    paths = ("latest_charge.balance_transaction", "latest_charge.refunds", "payment_method", "customer")
    expand = "&".join(f"expand[]={path}" for path in paths)
    found = raw(lively, f"/v1/payment_intents/{intent}?{expand}")
    problems = [
        *deviations(found), *deviations(found["latest_charge"]), *deviations(found["payment_method"]),
        *deviations(found["latest_charge"]["balance_transaction"]), *deviations(found["latest_charge"]["refunds"]["data"][0]),
        *deviations(raw(lively, "/v1/balance")), *deviations(raw(lively, "/v1/account")),
    ]  # fmt: skip
    events = raw(lively, "/v1/events?limit=100")["data"]
    problems += [f"{event['type']}: {p}" for event in events for p in deviations(event["data"]["object"])]
    assert not problems, "\n".join(sorted(set(problems)))


def test_the_checker_finds_what_is_wrong(lively, api):
    good = raw(lively, "/v1/refunds?limit=1")["data"][0]
    assert not list(deviations(good))
    for over, words in (
        ({"amount": "12"}, "is no int"), ({"colour": "red"}, "no such field"), ({"currency": None}, "not optional"),
        ({"reason": "because"}, "is none of"), ({"metadata": "x"}, "metadata"),
        ({"destination_details": {"type": "card", "card": {"shape": 1}}}, "no such field"),
    ):  # fmt: skip
        assert words in " ".join(deviations(good | over)), over
    assert "required" in " ".join(
        deviations({name: value for name, value in good.items() if name != "amount"})
    )
