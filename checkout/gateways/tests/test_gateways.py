import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.gateways import gateway_named, offered, system_checks
from checkout.gateways.base import (
    Asked,
    GatewayRefused,
    GatewayUnavailable,
    Handle,
    NoticeRefused,
    Purchase,
    RefundAsked,
    State,
)
from checkout.gateways.stripe_client import client
from checkout.gateways.stripe_money import LARGEST, can_charge, from_stripe, to_stripe
from checkout.gateways.stripe_reading import means_of
from checkout.gateways.tests.stripe_contract import check_recording
from shop.core import clock
from shop.core.money import Money


def asked(reference="attempt-1", minor=1234, currency="EUR", **over):
    return Asked(
        reference=reference,
        order_number="K7F4-9QXM",
        amount=Money(minor, currency),
        email="ada@example.com",
        return_url="https://shop.example/back",
        cancel_url="https://shop.example/pay",
        **over,
    )


def handle(payment, reference="attempt-1"):
    return Handle(
        reference=reference,
        created_at=clock.now(),
        provider_ref=payment.provider_ref,
        session_ref=payment.session_ref,
    )


def codes(currency, country, minor, **over):
    return [gateway.code for gateway in offered(Purchase(Money(minor, currency), country, **over))]


def test_means_are_offered_within_their_limits(settings):
    settings.SHOP_STRIPE_SECRET_KEY = "sk_test_x"
    settings.SHOP_COD_COUNTRIES, settings.SHOP_COD_MAX_MINOR = ["AT"], 30_000
    assert codes("EUR", "AT", 5000) == ["stripe", "cash_on_delivery"]
    assert codes("EUR", "AT", 30_001) == ["stripe"]
    assert codes("EUR", "FR", 5000) == ["stripe"]
    assert codes("USD", "AT", 5000) == ["stripe"]
    assert codes("EUR", "AT", 49) == ["cash_on_delivery"]  # below what Stripe takes
    assert codes("EUR", "AT", 0) == ["nothing_to_pay"]
    settings.SHOP_STRIPE_SECRET_KEY = ""
    assert codes("EUR", "AT", 5000) == ["cash_on_delivery"]


@pytest.mark.parametrize(
    ("money", "sent"),
    [
        (Money(1234, "EUR"), 1234),
        (Money(500, "JPY"), 500),
        (Money(1500, "ISK"), 150_000),
        (Money(12_340, "KWD"), 12_340),
        (Money(99_900, "HUF"), 99_900),
    ],
)
def test_amounts_travel_in_stripes_own_way(money, sent):
    """B17, docs.stripe.com/currencies."""
    assert to_stripe(money) == sent
    assert from_stripe(sent, money.currency.lower()) == money


@given(st.integers(1, LARGEST), st.sampled_from(["EUR", "USD", "JPY", "KWD", "HUF", "ISK", "CHF"]))
def test_no_amount_changes_on_the_way(minor, currency):
    amount = Money(minor, currency)
    assert from_stripe(to_stripe(amount), currency.lower()) == amount


@pytest.mark.parametrize(
    ("money", "can"),
    [
        (Money(50, "EUR"), True),
        (Money(49, "EUR"), False),
        (Money(12_345, "KWD"), False),  # the last of three decimals must be 0
        (Money(12_340, "KWD"), True),
        (Money(5000, "UGX"), False),
        (Money(LARGEST + 1, "EUR"), False),
    ],
)
def test_what_stripe_would_refuse_is_not_offered(money, can):
    assert can_charge(money) is can


def test_one_reference_is_one_intent(stripe):
    gateway = gateway_named("stripe")
    first, second = gateway.create_attempt(asked()), gateway.create_attempt(asked())
    assert first.provider_ref == second.provider_ref and first.client_secret
    assert gateway.create_attempt(asked("attempt-2")).provider_ref != first.provider_ref
    keys = [one["idempotency_key"] for one in stripe.requests(method="POST", path="/v1/payment_intents")]
    assert keys == ["pi:attempt-1", "pi:attempt-1", "pi:attempt-2"]


def test_the_same_reference_with_another_amount_is_refused(stripe):
    gateway = gateway_named("stripe")
    gateway.create_attempt(asked())
    with pytest.raises(GatewayRefused) as refusal:
        gateway.create_attempt(asked(minor=999))
    assert refusal.value.code == "idempotency_error"


def test_keys_name_what_they_are_for(stripe):
    """The table of keys: a replay never does a second thing."""
    gateway = gateway_named("stripe")
    made = gateway.create_attempt(asked())
    gateway.cancel(handle(made))
    hosted = gateway.create_attempt(asked("attempt-2"), hosted=True)
    gateway.cancel(handle(hosted, "attempt-2"))
    paid = gateway.create_attempt(asked("attempt-3"))
    pay(paid)
    ask = RefundAsked("refund-1", "K7F4-9QXM", paid.provider_ref, Money(100, "EUR"))
    assert gateway.refund(ask) == gateway.refund(ask)
    keys = [one["idempotency_key"] for one in stripe.requests(method="POST") if "confirm" not in one["path"]]
    assert keys == [
        "pi:attempt-1",
        "cancel:attempt-1",
        "cs:attempt-2",
        "cancel:attempt-2",
        "pi:attempt-3",
        "refund:refund-1",
        "refund:refund-1",
    ]
    assert len(gateway.fetch_refunds(paid.provider_ref)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "reset"},
        {"mode": "garbage"},
        {"mode": "error", "status": 500},
        {"mode": "error", "status": 503},
        {"mode": "error", "status": 429},
        {"mode": "error", "status": 401},
        {"mode": "error", "status": 409},
    ],
)
def test_everything_that_leaves_the_outcome_open_is_unavailable(stripe, fault):
    stripe.control("faults", times=9, method="*", **fault)
    for ask in (
        lambda: gateway_named("stripe").create_attempt(asked()),
        lambda: gateway_named("stripe").fetch(
            Handle("attempt-1", clock.now(), provider_ref="pi_1"), currency="EUR"
        ),
        lambda: gateway_named("stripe").fetch_refunds("pi_1"),
    ):
        with pytest.raises(GatewayUnavailable):
            ask()


def test_a_provider_that_cannot_be_reached_is_told_within_the_time_limit(stripe, settings):
    """G13, B23: no long wait, and never the library's 80 s."""
    import time

    settings.SHOP_STRIPE_API_BASE = "http://127.0.0.1:9"
    began = time.monotonic()
    with pytest.raises(GatewayUnavailable):
        gateway_named("stripe").create_attempt(asked())
    assert time.monotonic() - began < 3


def test_what_does_not_exist_is_none_and_not_an_error(stripe):
    gateway = gateway_named("stripe")
    for lost in ({"provider_ref": "pi_gone"}, {"session_ref": "cs_gone"}, {}):
        assert gateway.fetch(Handle("attempt-9", clock.now(), **lost), currency="EUR") is None


def test_an_attempt_is_found_by_what_was_written_on_it(stripe):
    gateway = gateway_named("stripe")
    made = gateway.create_attempt(asked())
    gateway.create_attempt(asked("attempt-2"))
    found = gateway.fetch(Handle("attempt-1", clock.now()), currency="EUR")
    assert found.provider_ref == made.provider_ref and found.state == State.OPEN


def test_cancelling_too_late_is_refused(stripe):
    gateway = gateway_named("stripe")
    made = gateway.create_attempt(asked())
    pay(made)
    with pytest.raises(GatewayRefused) as refusal:
        gateway.cancel(handle(made))
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_only_named_methods_where_the_shop_names_them(stripe, settings):
    settings.SHOP_STRIPE_METHODS = ["card"]
    settings.SHOP_STRIPE_STATEMENT_SUFFIX = "ISOLINE"
    made = gateway_named("stripe").create_attempt(asked())
    intent = client().v1.payment_intents.retrieve(made.provider_ref)
    assert list(intent.payment_method_types) == ["card"]
    assert intent.statement_descriptor_suffix == "ISOLINE"
    assert gateway_named("stripe").create_attempt(asked("attempt-2"), hosted=True).redirect_url


def test_the_recording_holds_every_request_and_no_secret(stripe, settings):
    made = gateway_named("stripe").create_attempt(asked())
    gateway_named("stripe").fetch(handle(made), currency="EUR")
    lines = [json.loads(line) for line in open(settings.SHOP_STRIPE_RECORD)]  # noqa: SIM115
    assert [(one["method"], one["path"], one["status"]) for one in lines] == [
        ("POST", "/v1/payment_intents", 200),
        ("GET", f"/v1/payment_intents/{made.provider_ref}", 200),
    ]
    assert lines[0]["idempotency_key"] == "pi:attempt-1"
    assert made.client_secret not in open(settings.SHOP_STRIPE_RECORD).read()  # noqa: SIM115
    assert check_recording(settings.SHOP_STRIPE_RECORD) == 2


def test_a_wrong_request_would_be_noticed(tmp_path):
    """The control of the contract: it is not a test that cannot fail."""
    line = {"method": "POST", "path": "/v1/refunds", "params": [["payment_intent", "pi_1"], ["sum", "5"]]}
    (tmp_path / "wrong").write_text(json.dumps(line))
    with pytest.raises(AssertionError, match="sum"):
        check_recording(tmp_path / "wrong")


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"type": "card", "card": {"brand": "visa", "last4": "4242"}}, "Visa •••• 4242"),
        ({"type": "card", "card": {"brand": "amex", "last4": "0005"}}, "American Express •••• 0005"),
        ({"type": "sepa_debit", "sepa_debit": {"last4": "3201"}}, "Sepa Debit •••• 3201"),
        ({"type": "klarna", "klarna": {}}, "Klarna"),
        ({}, ""),
    ],
)
def test_means_are_named_as_people_know_them(details, words):
    assert means_of(details) == words


def test_cash_has_no_provider():
    cash = gateway_named("cash_on_delivery")
    assert cash.create_attempt(asked()).state == State.PROMISED
    with pytest.raises(GatewayRefused):
        cash.capture(Handle("attempt-1", clock.now()))
    with pytest.raises(NoticeRefused):
        cash.parse_event(b"{}", "")


# --- what the shop refuses to start with ---


def problems(settings, **over):
    wanted = {"SHOP_STRIPE_SECRET_KEY": "sk_test_x", "SHOP_STRIPE_API_BASE": "https://api.stripe.com"}
    for name, value in (wanted | {"PRODUCTION": False, "DEBUG": False} | over).items():
        setattr(settings, name, value)
    checks = (system_checks.stripe_is_stripe, system_checks.live_keys_in_production_only)
    return {found.id for check in checks for found in check(None)}


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, set()),
        ({"SHOP_STRIPE_SECRET_KEY": ""}, set()),
        ({"SHOP_STRIPE_API_BASE": "http://127.0.0.1:9"}, set()),
        ({"SHOP_STRIPE_API_BASE": "http://localhost:9"}, set()),
        ({"SHOP_STRIPE_API_BASE": "http://127.0.0.1:9", "PRODUCTION": True}, {"till.E101"}),
        ({"SHOP_STRIPE_API_BASE": "http://stripe.example"}, {"till.E103"}),
        ({"SHOP_STRIPE_API_BASE": "http://10.0.0.7"}, {"till.E103"}),
        (
            {"SHOP_STRIPE_API_BASE": "http://127.0.0.1:9", "SHOP_STRIPE_SECRET_KEY": "sk_live_x"},
            {"till.E102", "till.E104"},
        ),
        ({"SHOP_STRIPE_SECRET_KEY": "sk_live_x", "PRODUCTION": True}, set()),
        ({"SHOP_STRIPE_SECRET_KEY": "rk_live_x", "PRODUCTION": True, "DEBUG": True}, {"till.E104"}),
        ({"SHOP_STRIPE_SECRET_KEY": "sk_live_x"}, {"till.E104"}),
    ],
)
def test_a_stripe_that_is_not_stripe_stops_the_start(settings, over, expected):
    assert problems(settings, **over) == expected


def pay(payment):
    client().v1.payment_intents.confirm(
        payment.provider_ref, {"payment_method": "pm_card_visa", "return_url": "https://shop.example/back"}
    )


@pytest.mark.parametrize(
    ("currency", "minor", "sent"),
    [("JPY", 2900, 2900), ("KWD", 29_120, 29_120), ("HUF", 990_000, 990_000), ("ISK", 2900, 290_000)],
)
def test_every_currency_is_charged_and_read_back_to_the_unit(stripe, currency, minor, sent):
    """B17: what is asked for and what was received are the same money."""
    made = gateway_named("stripe").create_attempt(asked(minor=minor, currency=currency))
    assert client().v1.payment_intents.retrieve(made.provider_ref).amount == sent
    pay(made)
    found = gateway_named("stripe").fetch(handle(made), currency=currency)
    assert found.received == found.amount == Money(minor, currency)
