import pytest
import stripe

from shop.dev.stripe_sim.running import RunningSim, wait_until
from shop.dev.stripe_sim.tests.conftest import client_of


def test_a_payment_posts_signed_events_as_it_happens(sim, mailbox, pay):
    intent = pay()
    wait_until(lambda: len(mailbox.got) >= 3)
    sim.flush()
    assert {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"} <= set(mailbox.types())
    paid = next(event for event in mailbox.events() if event.type == "payment_intent.succeeded")
    assert (paid.data.object.id, paid.data.object.amount_received, paid.livemode) == (intent.id, 1200, False)
    assert paid.api_version == stripe.api_version


def test_a_wrong_secret_and_a_changed_body_do_not_verify(sim, mailbox, pay):
    pay()
    wait_until(lambda: mailbox.got)
    body, header = mailbox.got[0]
    for content, secret in (
        (body, "whsec_other"),
        (body.replace(b"1200", b"9900"), RunningSim.webhook_secret),
    ):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(content, header, secret)


def test_what_is_not_answered_2xx_is_sent_again(sim, mailbox, api):
    sim.control("settings", retry_seconds=[0.1, 0.1, 0.1])
    mailbox.answers = [500, 302]
    made = api.payment_intents.create({"amount": 900, "currency": "eur"})
    wait_until(lambda: len(mailbox.got) == 3)
    sim.flush()
    assert {event.data.object.id for event in mailbox.events()} == {made.id}
    assert len({event.id for event in mailbox.events()}) == 1
    (delivery,) = sim.control("webhooks/deliveries", verb="GET")["data"]
    assert (delivery["state"], delivery["tries"], delivery["status"]) == ("delivered", 3, 200)


def test_it_gives_up_in_the_end_and_the_event_can_still_be_fetched(sim, mailbox, api):
    sim.control("settings", retry_seconds=[0.05])
    mailbox.answers = [500, 500, 500]
    made = api.payment_intents.create({"amount": 900, "currency": "eur"})
    wait_until(lambda: sim.control("webhooks/deliveries", verb="GET")["data"][0]["state"] == "failed")
    (missed,) = api.events.list({"delivery_success": False}).data
    assert (missed.data.object.id, missed.pending_webhooks) == (made.id, 0)
    assert not api.events.list({"delivery_success": True}).data


def test_events_can_be_lost_and_read_from_the_list(sim, mailbox, api, pay):
    sim.control("webhooks", drop=1000)
    before = pay().created
    assert sim.flush() and not mailbox.got
    kinds = ["payment_intent.succeeded", "charge.succeeded"]
    found = api.events.list({"types": kinds, "created": {"gte": before}, "delivery_success": False})
    assert sorted(event.type for event in found.data) == sorted(kinds)


def test_only_some_events_can_be_lost(sim, mailbox, pay):
    sim.control("webhooks", drop=1, types=["payment_intent.succeeded"])
    pay()
    wait_until(lambda: len(mailbox.got) >= 2)
    sim.flush()
    assert "charge.succeeded" in mailbox.types() and "payment_intent.succeeded" not in mailbox.types()


def test_events_can_come_several_times(sim, mailbox, api):
    sim.control("webhooks", duplicate=2)
    api.payment_intents.create({"amount": 900, "currency": "eur"})
    wait_until(lambda: len(mailbox.got) == 3)
    assert len({event.id for event in mailbox.events()}) == 1


def test_events_can_come_in_the_wrong_order(sim, mailbox, pay):
    sim.control("settings", settle_seconds=600)
    sim.control("webhooks", reorder=3)
    pay()
    wait_until(lambda: len(mailbox.got) == 3)
    assert mailbox.types() == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]


def test_events_can_be_held_back_and_let_go(sim, mailbox, api):
    sim.control("webhooks", paused=True)
    made = api.payment_intents.create({"amount": 900, "currency": "eur"})
    assert not sim.flush(timeout=0.3) and not mailbox.got
    sim.control("webhooks", paused=False)
    assert sim.flush()
    assert [event.data.object.id for event in mailbox.events()] == [made.id]


def test_events_can_be_late(sim, mailbox, api):
    sim.control("webhooks", delay=0.5)
    api.payment_intents.create({"amount": 900, "currency": "eur"})
    with pytest.raises(AssertionError):
        wait_until(lambda: mailbox.got, seconds=0.3)
    wait_until(lambda: mailbox.got, seconds=2)


def test_an_event_can_be_sent_again_from_the_dashboard(sim, mailbox, api):
    api.payment_intents.create({"amount": 900, "currency": "eur"})
    wait_until(lambda: mailbox.got)
    sim.control(f"events/{mailbox.events()[0].id}/resend", copies=2)
    wait_until(lambda: len(mailbox.got) == 3)


def test_an_endpoint_gets_only_what_it_subscribed_to(sim, mailbox, pay):
    sim.listen(mailbox.url, events=["payment_intent.succeeded"])
    pay()
    sim.flush()
    assert mailbox.types() == ["payment_intent.succeeded"]


def test_while_a_secret_is_rolled_both_sign(sim, mailbox, api):
    (endpoint,) = api.webhook_endpoints.list().data
    new = sim.control(f"webhook_endpoints/{endpoint.id}/roll")["secret"]
    api.payment_intents.create({"amount": 900, "currency": "eur"})
    wait_until(lambda: mailbox.got)
    assert mailbox.events(new)[0].id == mailbox.events(RunningSim.webhook_secret)[0].id
    sim.control("clock", advance=86_401)
    api.payment_intents.create({"amount": 900, "currency": "eur"})
    wait_until(lambda: len(mailbox.got) > 1)
    stripe.Webhook.construct_event(*mailbox.got[-1], new)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(*mailbox.got[-1], RunningSim.webhook_secret)


def test_endpoints_are_managed_through_the_api(sim, api):
    made = api.webhook_endpoints.create(
        {"url": "https://shop.test/hooks/stripe/", "enabled_events": ["charge.refunded"]}
    )
    assert made.secret.startswith("whsec_")
    assert not hasattr(api.webhook_endpoints.retrieve(made.id), "secret")
    assert api.webhook_endpoints.update(made.id, {"disabled": True}).status == "disabled"
    assert api.webhook_endpoints.delete(made.id).deleted
    with pytest.raises(stripe.InvalidRequestError):
        client_of(sim).v1.webhook_endpoints.retrieve(made.id)
