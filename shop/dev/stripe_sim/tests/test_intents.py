import pytest
import stripe

from shop.dev.stripe_sim.running import wait_until


def test_an_intent_goes_from_needing_a_method_to_succeeded(api):
    intent = api.payment_intents.create({"amount": 4990, "currency": "EUR", "metadata": {"order": "T-1"}})
    assert (intent.status, intent.currency, intent.latest_charge) == ("requires_payment_method", "eur", None)
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    intent = api.payment_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    assert intent.status == "requires_confirmation"
    intent = api.payment_intents.confirm(intent.id, {"return_url": "https://shop.test/r"})
    assert (intent.status, intent.amount_received) == ("succeeded", 4990)
    charge = api.charges.retrieve(intent.latest_charge)
    assert (charge.status, charge.captured, charge.amount_captured) == ("succeeded", True, 4990)
    assert charge.payment_method_details.card.last4 == "4242"
    assert charge.metadata.to_dict() == {"order": "T-1"}


def test_a_default_capture_is_booked_a_moment_later_with_stripes_fee(api, pay):
    charge_id = pay(amount=10_000).latest_charge
    assert api.charges.retrieve(charge_id).balance_transaction is None
    wait_until(lambda: api.charges.retrieve(charge_id).balance_transaction)
    charge = api.charges.retrieve(charge_id, {"expand": ["balance_transaction"]})
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (175, 9_825)
    assert "charge.updated" in [event.type for event in api.events.list().data]


def test_a_capture_asked_for_as_automatic_is_booked_at_once(api, pay):
    intent = pay(capture_method="automatic", expand=["latest_charge.balance_transaction"])
    assert intent.latest_charge.balance_transaction.amount == 1200


def test_a_held_amount_can_be_captured_in_part_and_the_rest_is_released(api, pay):
    intent = pay(capture_method="manual")
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 1200, 0)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_intents.capture(intent.id, {"amount_to_capture": 1201})
    assert refused.value.code == "amount_too_large"
    intent = api.payment_intents.capture(intent.id, {"amount_to_capture": 700})
    assert (intent.status, intent.amount_received, intent.amount_capturable) == ("succeeded", 700, 0)
    charge = api.charges.retrieve(intent.latest_charge)
    assert (charge.amount_captured, charge.amount_refunded) == (700, 500)
    with pytest.raises(
        stripe.InvalidRequestError, match="could not be captured because it has a status of succeeded"
    ):
        api.payment_intents.capture(intent.id)


def test_a_hold_that_nobody_captures_is_given_up_after_seven_days(sim, api, pay):
    intent = pay(capture_method="manual")
    sim.control("clock", advance=7 * 86_400 + 1)
    intent = wait_until(
        lambda: (found := api.payment_intents.retrieve(intent.id)).status == "canceled" and found
    )
    assert intent.cancellation_reason == "automatic"
    assert api.charges.retrieve(intent.latest_charge).refunded


@pytest.mark.parametrize(
    "state", ["requires_payment_method", "requires_confirmation", "requires_capture", "requires_action"]
)
def test_what_is_not_paid_can_be_canceled_once(api, pay, state):
    intent = {
        "requires_payment_method": lambda: api.payment_intents.create({"amount": 900, "currency": "eur"}),
        "requires_confirmation": lambda: pay(confirm=False, return_url=None),
        "requires_capture": lambda: pay(capture_method="manual"),
        "requires_action": lambda: pay("pm_card_authenticationRequired"),
    }[state]()
    assert intent.status == state
    canceled = api.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_intents.cancel(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.error.payment_intent.status == "canceled"


def test_a_paid_intent_is_neither_canceled_nor_confirmed_nor_given_another_amount(api, pay):
    intent = pay()
    for attempt in (
        lambda: api.payment_intents.cancel(intent.id),
        lambda: api.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa", "return_url": "https://shop.test/r"}
        ),
        lambda: api.payment_intents.update(intent.id, {"amount": 1}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            attempt()
        assert refused.value.code == "payment_intent_unexpected_state"
    assert len(api.charges.list({"payment_intent": intent.id}).data) == 1
    assert api.payment_intents.update(intent.id, {"metadata": {"note": "later"}}).metadata["note"] == "later"


def test_a_declined_card_leaves_the_intent_open_for_another(api, pay):
    with pytest.raises(stripe.CardError) as refused:
        pay("pm_card_visa_chargeDeclinedInsufficientFunds")
    error = refused.value
    assert (error.code, error.error.decline_code, error.http_status) == (
        "card_declined",
        "insufficient_funds",
        402,
    )
    assert error.user_message == "Your card has insufficient funds."
    intent = api.payment_intents.retrieve(error.error.payment_intent.id)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert intent.last_payment_error.decline_code == "insufficient_funds"
    failed = api.charges.retrieve(error.error.charge)
    assert (failed.status, failed.failure_code, failed.paid) == ("failed", "card_declined", False)
    paid = api.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": "https://shop.test/r"}
    )
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    assert [charge.status for charge in api.charges.list({"payment_intent": intent.id}).data] == [
        "succeeded",
        "failed",
    ]


@pytest.mark.parametrize(
    "method, code, decline",
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_radarBlock", "card_declined", "fraudulent"),
        ("pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
    ],
)
def test_each_declining_card_declines_in_its_own_way(pay, method, code, decline):
    with pytest.raises(stripe.CardError) as refused:
        pay(method)
    assert (refused.value.code, getattr(refused.value.error, "decline_code", None)) == (code, decline)


def test_three_d_secure_by_redirect_for_a_server_with_a_return_address(sim, api, pay):
    intent = pay("pm_card_authenticationRequired")
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert intent.next_action.redirect_to_url.url.startswith(f"{sim.url}/3ds/")
    sim.control(f"payment_intents/{intent.id}/challenge", outcome="complete")
    intent = api.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert intent.status == "succeeded"
    assert intent.latest_charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_a_failed_authentication_charges_nothing(sim, api, pay):
    intent = pay("pm_card_threeDSecure2Required")
    sim.control(f"payment_intents/{intent.id}/challenge", outcome="fail")
    intent = api.payment_intents.retrieve(intent.id)
    assert (intent.status, intent.latest_charge) == ("requires_payment_method", None)
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"


def test_a_card_can_pass_three_d_secure_and_still_be_declined(sim, api, pay):
    intent = pay("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds")
    sim.control(f"payment_intents/{intent.id}/challenge", outcome="complete")
    intent = api.payment_intents.retrieve(intent.id)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == "insufficient_funds"


def test_error_on_requires_action_declines_instead_of_asking(api, pay):
    with pytest.raises(stripe.CardError) as refused:
        pay("pm_card_authenticationRequired", error_on_requires_action=True)
    assert refused.value.code == "authentication_required"


def test_automatic_methods_want_a_return_address_unless_redirects_are_ruled_out(api, pay):
    with pytest.raises(stripe.InvalidRequestError, match="you must provide a `return_url`"):
        pay(return_url=None)
    assert not api.payment_intents.list().data  # refused whole: no intent is left behind
    intent = pay(return_url=None, automatic_payment_methods={"enabled": True, "allow_redirects": "never"})
    assert intent.status == "succeeded"


@pytest.mark.parametrize(
    "params, code, param",
    [
        ({"amount": 49, "currency": "eur"}, "amount_too_small", "amount"),
        ({"amount": 100_000_000, "currency": "eur"}, "amount_too_large", "amount"),
        ({"amount": 1000, "currency": "xxx"}, None, "currency"),
        ({"amount": 1005, "currency": "kwd"}, "invalid_charge_amount", "amount"),
        ({"amount": 1000, "currency": "eur", "customer": "cus_nobody"}, "resource_missing", "customer"),
        (
            {"amount": 1000, "currency": "eur", "payment_method": "pm_nothing"},
            "resource_missing",
            "payment_method",
        ),
        (
            {"amount": 1000, "currency": "eur", "payment_method_types": ["card"]},
            "parameter_unknown",
            "payment_method_types",
        ),
        ({"amount": "12.00", "currency": "eur"}, "parameter_invalid_integer", "amount"),
        ({"currency": "eur"}, "parameter_missing", "amount"),
        ({"amount": 1000, "currency": "eur", "description": ""}, "parameter_invalid_empty", "description"),
        ({"amount": 1000, "currency": "eur", "metadata": {"k" * 41: "v"}}, None, "metadata"),
    ],
)
def test_refuses_what_stripe_refuses(api, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_intents.create(params)
    assert (refused.value.code, refused.value.param, refused.value.http_status) == (code, param, 400)
    assert not api.payment_intents.list().data


def test_zero_and_three_decimal_currencies_are_whole_minor_units(api):
    assert api.payment_intents.create({"amount": 500, "currency": "jpy"}).amount == 500
    assert api.payment_intents.create({"amount": 1230, "currency": "kwd"}).amount == 1230
    with pytest.raises(stripe.InvalidRequestError, match="¥50 jpy"):
        api.payment_intents.create({"amount": 49, "currency": "jpy"})


def test_a_bank_debit_is_processing_until_the_bank_has_answered(sim, api):
    sim.control("settings", async_seconds=600)
    intents = [_debit(api, iban) for iban in ("DE89370400440532013000", "DE62370400440532013001")]
    assert {intent.status for intent in intents} == {"processing"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_intents.cancel(intents[0].id)
    assert refused.value.code == "payment_intent_unexpected_state"
    sim.control("clock", advance=601)
    ends = [api.payment_intents.retrieve(intent.id) for intent in intents]
    assert [intent.status for intent in ends] == ["succeeded", "requires_payment_method"]
    assert ends[1].last_payment_error.decline_code == "debit_not_authorized"
    assert [event.type for event in api.events.list({"types": ["payment_intent.processing"]}).data] == [
        "payment_intent.processing"
    ] * 2


def _debit(api, iban):
    details = {"name": "Ida Berg", "email": "ida@example.com"}
    return api.payment_intents.create(
        {
            "amount": 3000, "currency": "eur", "confirm": True, "allowed_payment_method_types": ["sepa_debit"],
            "payment_method_data": {"type": "sepa_debit", "sepa_debit": {"iban": iban}, "billing_details": details},
            "mandate_data": {"customer_acceptance": {"type": "offline", "offline": {}}},
        }
    )  # fmt: skip


def test_a_customer_pays_late_from_a_page_left_open(sim, api):
    intent = api.payment_intents.create({"amount": 700, "currency": "eur"})
    sim.control(f"payment_intents/{intent.id}/pay")
    assert api.payment_intents.retrieve(intent.id).status == "succeeded"
