"""The checker itself: it takes what Stripe takes and refuses what Stripe refuses."""

import pytest

from checkout.gateways.tests.stripe_contract import check_recording, check_request, operation_for, operations

INTENT = "amount=1200&currency=eur&automatic_payment_methods[enabled]=true&metadata[attempt]=a1&capture_method=manual"


@pytest.mark.parametrize(
    "method, path, params",
    [
        ("POST", "/v1/payment_intents", INTENT),
        (
            "post",
            "/v1/payment_intents",
            [("amount", "1200"), ("currency", "eur"), ("expand[0]", "latest_charge")],
        ),
        (
            "POST",
            "/v1/payment_intents",
            {"amount": 1200, "currency": "eur", "shipping": {"name": "Ida", "address": {}}},
        ),
        ("GET", "/v1/payment_intents/search", {"query": 'metadata["attempt"]:"a1"'}),
        ("GET", "/v1/events", "types[0]=charge.refunded&created[gte]=1700000000&limit=100"),
        (
            "POST",
            "/v1/refunds",
            {"payment_intent": "pi_1", "amount": 5, "reason": "duplicate", "metadata": {"refund": "r1"}},
        ),
        ("POST", "/v1/payment_intents/pi_1/cancel", "cancellation_reason=abandoned"),
        ("POST", "/v1/customers/cus_1", "metadata="),
        ("POST", "/v1/checkout/sessions/cs_1/expire", ""),
    ],
)
def test_takes_what_stripe_takes(method, path, params):
    check_request(method, path, params)


@pytest.mark.parametrize(
    "method, path, params, words",
    [
        ("POST", "/v1/payment_intents", {"amount": 1200}, "currency"),
        ("POST", "/v1/payment_intents", INTENT + "&colour=red", "unknown parameter: colour"),
        (
            "POST",
            "/v1/payment_intents",
            INTENT + "&payment_method_types[0]=card",
            "unknown parameter: payment_method_types",
        ),
        (
            "POST",
            "/v1/payment_intents",
            INTENT + "&shipping[address][street]=x&shipping[name]=I",
            r"shipping\[address\]\[street\]",
        ),
        ("POST", "/v1/payment_intents", {"amount": "12.00", "currency": "eur"}, "Invalid integer"),
        ("POST", "/v1/payment_intents", {"amount": 12.0, "currency": "eur"}, "Invalid integer"),
        ("POST", "/v1/payment_intents", {"amount": True, "currency": "eur"}, "Invalid integer"),
        ("POST", "/v1/payment_intents", INTENT.replace("manual", "later"), "must be one of automatic"),
        ("POST", "/v1/payment_intents", INTENT + "&confirm=yes", "Invalid boolean"),
        (
            "POST",
            "/v1/payment_intents",
            INTENT + "&shipping[name]=Ida",
            r"Missing required param: shipping\[address\]",
        ),
        ("POST", "/v1/payment_intents", INTENT + "&description=", "empty string"),
        ("POST", "/v1/refunds", {"reason": "because"}, "must be one of duplicate"),
        ("GET", "/v1/events", "types=charge.refunded", "Invalid array"),
        ("POST", "/v1/refunds", {"metadata": "text"}, "metadata"),
        ("POST", "/v1/payment_intents/pi_1/pay", {}, "no such method and path"),
        ("DELETE", "/v1/payment_intents/pi_1", {}, "no such method and path"),
    ],
)
def test_refuses_what_stripe_refuses(method, path, params, words):
    with pytest.raises(AssertionError, match=words):
        check_request(method, path, params)


def test_a_literal_path_goes_before_one_with_an_id():
    assert operation_for("GET", "/v1/payment_intents/search").params == "PaymentIntentSearchParams"
    assert operation_for("GET", "/v1/payment_intents/pi_1").params == "PaymentIntentRetrieveParams"


def test_it_knows_the_whole_api():
    known = operations()
    assert len(known) > 400
    assert all(one.module.startswith("stripe.params.") for one in known if one.params)


def test_a_recording_is_checked_line_by_line(tmp_path):
    good = '{"method": "POST", "path": "/v1/refunds", "params": [["payment_intent", "pi_1"]], "status": 200, "body": {}}\n'
    file = tmp_path / "record.jsonl"
    file.write_text(good * 2)
    assert check_recording(file) == 2
    file.write_text(good + good.replace("payment_intent", "payment"))
    with pytest.raises(AssertionError, match="unknown parameter: payment"):
        check_recording(file)
