"""The trouble that the controls make, seen through the library as the shop sees it."""

import pytest
import stripe

from shop.dev.stripe_sim.tests.conftest import client_of

INTENT = {"amount": 1500, "currency": "eur"}
KEY = {"idempotency_key": "pi:1"}


def test_an_error_before_the_effect_changes_nothing_and_is_the_keys_result(sim, api):
    sim.control("faults", mode="error", status=500)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as broken:
            api.payment_intents.create(INTENT, KEY)
        assert broken.value.http_status == 500
    assert broken.value.headers["Idempotent-Replayed"] == "true"
    assert not api.payment_intents.list().data


def test_an_error_after_the_effect_hides_an_intent_that_exists(sim, api):
    sim.control("faults", mode="error", status=500, when="after")
    with pytest.raises(stripe.APIError):
        api.payment_intents.create(INTENT | {"metadata": {"attempt": "a1"}}, KEY)
    with pytest.raises(stripe.APIError):
        api.payment_intents.create(
            INTENT | {"metadata": {"attempt": "a1"}}, KEY
        )  # the key's result is the failure
    (found,) = api.payment_intents.list().data
    assert found.metadata["attempt"] == "a1"


def test_a_gateway_error_that_is_not_stored_gives_the_intent_to_the_second_try(sim, api):
    sim.control("faults", mode="error", status=502, when="after", stored=False)
    with pytest.raises(stripe.APIError):
        api.payment_intents.create(INTENT, KEY)
    assert api.payment_intents.create(INTENT, KEY).id == api.payment_intents.list().data[0].id


@pytest.mark.parametrize("mode", ["reset", "timeout"])
@pytest.mark.parametrize("when, effects", [("before", 0), ("after", 1)])
def test_a_broken_line_leaves_the_outcome_open_until_the_same_key_is_tried_again(
    sim, api, mode, when, effects
):
    sim.control("faults", mode=mode, when=when, seconds=0.6)
    client = client_of(sim, http_client=stripe.RequestsClient(timeout=(1, 0.3)))
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(INTENT, KEY)
    assert len(api.payment_intents.list().data) == effects
    made = api.payment_intents.create(INTENT, KEY)
    assert [intent.id for intent in api.payment_intents.list().data] == [made.id]


def test_the_librarys_own_retries_come_through_a_passing_fault(sim, api):
    sim.control("faults", mode="error", status=503, stored=False, times=2)
    made = client_of(sim, max_network_retries=2).v1.payment_intents.create(INTENT, KEY)
    assert made.status == "requires_payment_method"
    assert [row["status"] for row in sim.requests(method="POST")] == [503, 503, 200]


@pytest.mark.parametrize(
    "status, kind", [(429, stripe.RateLimitError), (401, stripe.AuthenticationError), (409, stripe.APIError)]
)
def test_refusals_of_the_door_do_not_use_up_the_key(sim, api, status, kind):
    sim.control("faults", status=status)
    with pytest.raises(kind):
        api.payment_intents.create(INTENT, KEY)
    assert api.payment_intents.create(INTENT, KEY).id


def test_an_answer_that_is_no_json(sim, api):
    sim.control("faults", mode="garbage", when="after")
    with pytest.raises(stripe.APIError, match="Invalid response body"):
        api.payment_intents.create(INTENT, KEY)
    assert len(api.payment_intents.list().data) == 1


def test_a_fault_meets_only_what_it_names_and_only_so_often(sim, api, pay):
    intent = pay()
    sim.control("faults", status=500, path="/v1/refunds", times=1, stored=False)
    assert api.payment_intents.create(INTENT).id
    with pytest.raises(stripe.APIError):
        api.refunds.create({"payment_intent": intent.id})
    assert api.refunds.create({"payment_intent": intent.id}).status == "succeeded"
    sim.control("faults", status=500, method="GET", path="/v1/payment_intents/.*")
    with pytest.raises(stripe.APIError):
        api.payment_intents.retrieve(intent.id)


def test_a_control_that_is_misspelt_says_so(sim):
    for wrong in ({"mode": "explode"}, {"mod": "error"}, {"path": "("}):
        with pytest.raises(ValueError):
            sim.control("faults", **wrong)
    for path, body in (("settings", {"colour": 1}), ("webhooks", {"drop": "all"}), ("nonsense", {})):
        with pytest.raises(ValueError):
            sim.control(path, **body)
