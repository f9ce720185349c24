"""Customers, saved methods, set-up, and payments while the customer is away."""

import pytest
import stripe


@pytest.fixture
def customer(api):
    return api.customers.create({"email": "ida@example.com", "metadata": {"user": "u1"}})


def off_session(api, method, customer, **over):
    params = {
        "amount": 2500, "currency": "eur", "customer": customer.id, "payment_method": method, "off_session": True,
        "confirm": True, "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }  # fmt: skip
    return api.payment_intents.create(params | over)


def test_a_card_that_is_kept_while_paying_can_be_charged_again(api, pay, customer):
    intent = pay(customer=customer.id, setup_future_usage="off_session")
    (saved,) = api.payment_methods.list({"customer": customer.id, "type": "card"}).data
    assert (saved.id, saved.customer, saved.card.last4) == (intent.payment_method, customer.id, "4242")
    assert off_session(api, saved.id, customer).status == "succeeded"


def test_a_card_that_is_not_kept_pays_once(api, pay, customer):
    used = pay().payment_method
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        pay(used)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        api.payment_methods.attach(used, {"customer": customer.id})


def test_a_saved_card_belongs_to_its_customer_alone(api, pay, customer):
    saved = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    other = api.customers.create({})
    with pytest.raises(stripe.InvalidRequestError, match="must be attached to the customer"):
        pay(saved.id, customer=other.id)
    with pytest.raises(stripe.InvalidRequestError, match="belongs to a Customer"):
        pay(saved.id)
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        api.payment_methods.attach(saved.id, {"customer": other.id})


def test_a_detached_card_is_gone_for_good(api, pay, customer):
    saved = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert api.payment_methods.detach(saved.id).customer is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        pay(saved.id)
    (event,) = api.events.list({"type": "payment_method.detached"}).data
    assert event.data.previous_attributes["customer"] == customer.id
    assert not api.customers.payment_methods.list(customer.id).data


def test_a_declining_card_cannot_be_saved_but_one_can_that_declines_later(api, customer):
    with pytest.raises(stripe.CardError):
        api.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer.id})
    saved = api.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    with pytest.raises(stripe.CardError, match="Your card was declined"):
        off_session(api, saved.id, customer)


def test_a_card_that_wants_its_owner_is_declined_while_the_owner_is_away(api, customer):
    saved = api.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer.id})
    with pytest.raises(stripe.CardError) as refused:
        off_session(api, saved.id, customer)
    assert refused.value.code == "authentication_required"
    intent = api.payment_intents.retrieve(refused.value.error.payment_intent.id)
    assert intent.status == "requires_payment_method"
    again = api.payment_intents.confirm(intent.id, {"payment_method": saved.id, "use_stripe_sdk": True})
    assert again.status == "requires_action"


def test_setting_up_makes_later_payments_possible(sim, api, customer):
    intent = api.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_authenticationRequiredOnSetup"}
    )
    assert intent.status == "requires_confirmation"
    intent = api.setup_intents.confirm(intent.id, {"return_url": "https://shop.test/r"})
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    with pytest.raises(stripe.CardError):
        bare = api.payment_methods.attach("pm_card_authenticationRequiredOnSetup", {"customer": customer.id})
        off_session(api, bare.id, customer)
    sim.control(f"payment_intents/{intent.id}/challenge", outcome="complete")
    intent = api.setup_intents.retrieve(intent.id)
    assert intent.status == "succeeded"
    assert off_session(api, intent.payment_method, customer).status == "succeeded"
    assert "setup_intent.succeeded" in [event.type for event in api.events.list({"limit": 100}).data]


def test_a_set_up_that_fails_or_is_canceled_saves_nothing(sim, api, customer):
    intent = api.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "use_stripe_sdk": True,
        }
    )
    sim.control(f"payment_intents/{intent.id}/challenge", outcome="fail")
    intent = api.setup_intents.retrieve(intent.id)
    assert (intent.status, intent.last_setup_error.code) == (
        "requires_payment_method",
        "setup_intent_authentication_failure",
    )
    assert api.setup_intents.cancel(intent.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.setup_intents.cancel(intent.id)
    assert refused.value.code == "setup_intent_unexpected_state"
    assert not api.payment_methods.list({"customer": customer.id}).data


def test_customers_are_kept_changed_and_deleted(api, customer):
    changed = api.customers.update(customer.id, {"name": "Ida Berg", "metadata": {"user": "", "vip": "yes"}})
    assert (changed.name, changed.email, changed.metadata.to_dict()) == (
        "Ida Berg",
        "ida@example.com",
        {"vip": "yes"},
    )
    api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert api.customers.delete(customer.id).deleted
    assert api.customers.retrieve(customer.id).deleted
    assert not api.customers.list().data
    with pytest.raises(stripe.InvalidRequestError) as refused:
        off_session(api, "pm_card_visa", customer)
    assert refused.value.code == "resource_missing"
