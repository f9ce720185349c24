"""Cards that are kept: with consent alone, one's own alone, and with the bank's word where it wants one."""

import pytest
import requests

from checkout import saving_cards
from checkout.gateways.stripe_client import client as stripe_client
from checkout.models import PaymentCustomer, SavedCard
from orders import charging
from orders.models import Order, PaymentAttempt
from orders.paying import AlreadyPaid, PaymentRefused, settle, start_payment
from orders.tests.factories import intents
from orders.tests.visiting import JSON, opened, press, with_checkout
from shop.core.models import Message
from shop.tests.people import ada, eve, grace
from shop.tests.walk import fresh, mug, pay, place

pytestmark = pytest.mark.django_db
Status = PaymentAttempt.Status


def adas_order(**over):
    return place({mug(): 1}, user=ada(), **over)


def keep():
    """Ada pays and has the card kept."""
    user = ada()
    order = place({mug(): 1}, user=user, email=user.email)
    attempt = start_payment(order, customer=charging.customer_for(user), keeps_card=True).attempt
    stripe_client().v1.payment_intents.confirm(
        attempt.provider_ref, {"payment_method": "pm_card_visa", "return_url": "https://shop.example/back"}
    )
    settle(attempt)
    return saving_cards.cards_of(user).first()


def attached(method):
    """A card of Ada's that was kept some day; its bank may think otherwise by now."""
    user = ada()
    kept = stripe_client().v1.payment_methods.attach(method, {"customer": charging.customer_for(user)})
    return SavedCard.objects.create(
        user=user, provider_ref=kept.id, brand="Visa", last4="4242", exp_month=12, exp_year=2034
    )


def _at_stripe(card):
    """The ids of what Stripe keeps for the card's person."""
    customer = PaymentCustomer.objects.get(user=card.user).provider_ref
    return [one.id for one in stripe_client().v1.payment_methods.list({"customer": customer}).data]


def test_a_card_is_kept_by_consent_and_pays_the_next_order(stripe):
    card = keep()
    assert (str(card), card.until) == ("Visa •••• 4242", f"Valid until {card.expiry}")
    order = adas_order()

    started = charging.pay_with(order, card=card.pk, user=ada())

    assert started.attempt.status == Status.CAPTURED and not started.redirect_url
    assert fresh(order).payment_status == "paid"
    assert PaymentCustomer.objects.count() == SavedCard.objects.count() == 1


def test_without_the_wish_nothing_is_kept(stripe):
    settle(pay(adas_order()))
    assert not SavedCard.objects.exists() and not PaymentCustomer.objects.exists()
    assert not stripe_client().v1.customers.list().data


def test_the_box_counts_only_for_the_orders_own_person(client, stripe):
    """Whoever holds the link may pay, but neither keep a card there nor use one."""
    card = keep()
    order = adas_order()
    client.force_login(eve())
    opened(client, order)
    page = client.get(f"/orders/{order.number}/payment/").content.decode()
    assert "keep_card" not in page and "4242" not in page
    client.post(f"/orders/{order.number}/payment/", {"gateway": "stripe", "keep_card": "1"}, headers=JSON)
    assert not order.attempts.get().keeps_card and order.attempts.get().customer_ref == ""
    told = client.post(f"/orders/{order.number}/payment/", {"gateway": f"card-{card.pk}"}, headers=JSON)
    assert told.status_code == 422 and "one of your cards" in told.json()["error"]
    assert fresh(order).payment_status == "unpaid"


@pytest.mark.parametrize("posted", ["card-{}", "card-999999", "card-0", "card-99999999999999999"])
def test_a_foreign_card_does_nothing(client, stripe, posted):
    """Scenario 25: ids from elsewhere are nobody's, whatever order they are posted with."""
    card = keep()
    stranger = eve()
    client.force_login(stranger)
    checkout = with_checkout(client, user=stranger)
    before = len(intents())
    told = press(client, checkout, gateway=posted.format(card.pk), headers=JSON)
    assert told.status_code == 422
    assert len(intents()) == before
    order = Order.objects.get(user=stranger)
    assert not order.attempts.exists() and order.payment_status == "unpaid"


def test_the_providers_own_id_of_a_card_is_no_way_to_pay(client, stripe):
    card = attached("pm_card_visa")
    client.force_login(ada())
    checkout = with_checkout(client, user=ada())
    told = press(client, checkout, gateway=card.provider_ref, headers=JSON)
    assert told.status_code == 422 and not Order.objects.filter(checkout=checkout).exists()


def test_a_bank_that_asks_is_answered_on_its_own_page_without_scripts(client, stripe):
    """Scenario 24, on session."""
    card = attached("pm_card_authenticationRequired")
    client.force_login(ada())
    checkout = with_checkout(client, user=ada())
    answer = press(client, checkout, gateway=f"card-{card.pk}")
    assert answer.status_code == 303 and answer["Location"].startswith(stripe.url)
    order = Order.objects.get(checkout=checkout)
    assert fresh(order).payment_status == "unpaid"
    stripe.control(f"payment_intents/{order.attempts.get().provider_ref}/challenge", outcome="complete")
    assert client.get(f"/orders/{order.number}/confirming/").status_code == 303
    assert fresh(order).payment_status == "paid"


def test_with_the_customer_away_a_bank_that_asks_means_a_mail_with_the_link(stripe):
    """Scenario 24: the order stays unpaid, the customer confirms on the pay page."""
    order, card = adas_order(), attached("pm_card_authenticationRequired")
    with pytest.raises(PaymentRefused):
        charging.charge(order, card=card.pk, by=grace())
    order = fresh(order)
    assert (order.status, order.payment_status) == ("placed", "unpaid")
    assert order.attempts.get().declines == 1
    mail = Message.objects.get(name="pay_link")
    assert mail.to == order.email and order.token not in mail.text

    started = charging.pay_with(order, card=card.pk, user=ada())
    assert started.redirect_url
    stripe.control(f"payment_intents/{started.attempt.provider_ref}/challenge", outcome="complete")
    settle(started.attempt)
    assert fresh(order).payment_status == "paid"
    assert len(intents()) == 1


def test_staff_charge_a_card_of_a_customer_who_is_away(stripe):
    order, card = adas_order(), keep()
    assert charging.charge(order, card=card.pk, by=grace()).status == Status.CAPTURED
    assert fresh(order).payment_status == "paid"


def test_a_decline_is_told_and_the_second_try_is_a_second_try(stripe):
    order, card = adas_order(), attached("pm_card_chargeCustomerFail")
    for declines in (1, 2):
        with pytest.raises(PaymentRefused, match="declined"):
            charging.pay_with(order, card=card.pk, user=ada())
        assert order.attempts.get().declines == declines


def test_pressing_twice_charges_once(stripe):
    order, card = adas_order(), attached("pm_card_visa")
    charging.pay_with(order, card=card.pk, user=ada())
    with pytest.raises(AlreadyPaid):
        charging.pay_with(order, card=card.pk, user=ada())
    assert [one.amount for one in stripe_client().v1.charges.list().data if one.paid] == [order.total_minor]


def test_hosted_checkout_keeps_a_card_too(stripe):
    order = adas_order()
    started = start_payment(order, hosted=True, customer=charging.customer_for(ada()), keeps_card=True)
    form = {"number": "5555555555554444", "expiry": "12/34", "cvc": "123"}
    requests.post(started.redirect_url, data=form | {"email": order.email}, allow_redirects=False, timeout=5)
    settle(started.attempt)
    assert str(saving_cards.cards_of(ada()).get()) == "Mastercard •••• 4444"


def test_a_card_taken_out_is_gone_here_and_there(client, stripe, deliver):
    first, second = attached("pm_card_visa"), attached("pm_card_mastercard")
    client.force_login(ada())
    client.post(f"/account/cards/{first.pk}/default/")
    assert list(saving_cards.cards_of(ada())) == [first, second]
    assert client.post(f"/account/cards/{first.pk}/removal/").status_code == 303
    assert list(saving_cards.cards_of(ada())) == [second]
    with pytest.raises(saving_cards.NoSuchCard):
        charging.pay_with(adas_order(), card=first.pk, user=ada())
    deliver()
    assert not SavedCard.objects.filter(pk=first.pk).exists()
    assert _at_stripe(second) == [second.provider_ref]


def test_a_provider_that_is_silent_while_a_card_goes_is_asked_again(stripe, deliver):
    card = attached("pm_card_visa")
    stripe.control("faults", mode="error", status=500, times=9, path="/v1/payment_methods/.*/detach")
    saving_cards.remove(card, by=ada())
    deliver()
    assert SavedCard.objects.filter(pk=card.pk, removed_at__isnull=False).exists()
