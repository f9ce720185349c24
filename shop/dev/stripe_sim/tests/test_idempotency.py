import threading
import time

import pytest
import stripe

from shop.dev.stripe_sim.tests.conftest import client_of

INTENT = {"amount": 1500, "currency": "eur"}


def test_the_same_key_gives_the_same_intent(sim, api):
    first = api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"})
    again = api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"})
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.request_id
    assert len(api.payment_intents.list().data) == 1
    assert [row["replayed"] for row in sim.requests(method="POST")] == [False, True]


def test_without_a_key_each_request_makes_its_own(api):
    ids = {api.payment_intents.create(INTENT, {"idempotency_key": f"pi:{n}"}).id for n in range(3)}
    assert len(ids) == 3


def test_the_same_key_with_other_parameters_is_an_error(api):
    api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"})
    with pytest.raises(stripe.IdempotencyError) as refused:
        api.payment_intents.create(INTENT | {"amount": 1600}, {"idempotency_key": "pi:1"})
    assert refused.value.http_status == 400
    assert refused.value.json_body["error"]["type"] == "idempotency_error"
    assert "only be used with the same parameters" in refused.value.user_message


def test_the_same_key_at_another_endpoint_is_an_error(api):
    api.payment_intents.create(INTENT, {"idempotency_key": "one"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        api.customers.create({}, {"idempotency_key": "one"})


def test_a_declined_card_is_replayed_and_charged_once(api, pay):
    params = {
        "amount": 900, "currency": "eur", "confirm": True, "payment_method": "pm_card_chargeDeclined",
        "return_url": "https://shop.test/r",
    }  # fmt: skip
    bodies = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            api.payment_intents.create(params, {"idempotency_key": "pi:declined"})
        bodies.append(refused.value.json_body)
    assert bodies[0] == bodies[1]
    assert len(api.charges.list().data) == 1


def test_a_missing_object_is_replayed_too(api):
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            api.refunds.create({"payment_intent": "pi_none"}, {"idempotency_key": "refund:1"})
    assert refused.value.headers["Idempotent-Replayed"] == "true"


def test_parameters_that_are_refused_for_their_form_do_not_use_up_the_key(api):
    with pytest.raises(stripe.InvalidRequestError):
        api.payment_intents.create(INTENT | {"nonsense": "1"}, {"idempotency_key": "pi:1"})
    assert api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"}).amount == 1500


def test_a_key_is_in_use_while_its_first_request_is_at_work(sim, api):
    sim.control("faults", mode="delay", seconds=1.0, path="/v1/payment_intents")
    made: list[str] = []
    slow = threading.Thread(
        target=lambda: made.append(
            client_of(sim).v1.payment_intents.create(INTENT, {"idempotency_key": "pi:1"}).id
        )
    )
    slow.start()
    time.sleep(0.4)
    with pytest.raises(stripe.APIError) as refused:
        api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"})
    assert (refused.value.http_status, refused.value.error.code) == (409, "idempotency_key_in_use")
    slow.join()
    assert api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"}).id == made[0]


def test_many_at_once_with_one_key_make_one_refund(sim, api, pay):
    intent = pay()
    results: list[object] = []

    def refund() -> None:
        try:
            client = client_of(sim, max_network_retries=3)
            results.append(
                client.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "refund:1"}).id
            )
        except stripe.StripeError as error:
            results.append(error)

    threads = [threading.Thread(target=refund) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(results)) == 1 and isinstance(results[0], str)
    assert len(api.refunds.list({"payment_intent": intent.id}).data) == 1


def test_a_key_is_forgotten_after_a_day(sim, api):
    first = api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"})
    sim.control("clock", advance=86_401)
    assert api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"}).id != first.id


def test_an_event_names_the_request_and_its_key(api):
    made = api.payment_intents.create(INTENT, {"idempotency_key": "pi:1"})
    (event,) = api.events.list({"type": "payment_intent.created"}).data
    assert (event.request.id, event.request.idempotency_key) == (made.last_response.request_id, "pi:1")
