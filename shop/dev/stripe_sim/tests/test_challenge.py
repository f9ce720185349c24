"""3-D Secure in a real Chromium: passed, failed, closed, abandoned, in a frame and by redirect."""

import pytest

from shop.dev.stripe_sim.tests.browsing import bank, fill, press, status

pytestmark = pytest.mark.browser


def test_three_d_secure_passed_in_a_frame(page, shop, open_page):
    fill(open_page(), "4000002760003184")
    press(page)
    bank(page).get_by_role("button", name="Complete").click()
    intent = status(page, "succeeded").split()[1]
    charge = shop.api.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}).latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"
    assert page.locator("iframe").count() == 1  # the bank's frame is gone


@pytest.mark.parametrize("way", ["Fail", "Close", "Escape"])
def test_three_d_secure_failed_or_closed_asks_for_another_card(page, shop, open_page, way):
    fields = open_page(redirect="always")
    fill(fields, "4000002500003155")
    press(page)
    if way == "Escape":
        bank(page).get_by_role("button", name="Complete").press("Escape")
    else:
        bank(page).get_by_role("button", name=way).click()
    assert "payment_intent_authentication_failure" in status(page, "unable to authenticate")
    (intent,) = shop.api.payment_intents.list().data
    assert (intent.status, intent.latest_charge) == ("requires_payment_method", None)
    fill(fields, "4242424242424242")
    press(page)
    page.wait_for_url("**/return?*redirect_status=succeeded*")


def test_three_d_secure_passed_and_then_declined(page, open_page):
    fill(open_page(), "4000008260003178")
    press(page)
    bank(page).get_by_role("button", name="Complete").click()
    assert status(page, "insufficient_funds").endswith("Your card has insufficient funds.")


def test_three_d_secure_abandoned_by_leaving_decides_nothing_and_can_be_taken_up_again(page, shop, open_page):
    fill(open_page(), "4000002760003184")
    press(page)
    bank(page).get_by_role("button", name="Complete").wait_for()
    page.goto("about:blank")
    (intent,) = shop.api.payment_intents.list().data
    assert intent.status == "requires_action"
    page.goto(f"{shop.url}/return")
    page.add_script_tag(url=f"{shop.sim.url}/v3/")
    page.evaluate(
        "(secret) => { window.result = Stripe('pk_test_simulated').handleNextAction({ clientSecret: secret }); }",
        intent.client_secret,
    )
    bank(page).get_by_role("button", name="Complete").click()
    assert page.evaluate("result.then((r) => r.paymentIntent.status)") == "succeeded"


def test_three_d_secure_by_redirect_when_it_is_asked_for(page, shop, sim, open_page):
    sim.control("settings", three_d_secure="redirect")
    fill(open_page(), "4000002760003184")
    press(page)
    page.wait_for_url(f"{sim.url}/3ds/**")
    page.get_by_role("button", name="Complete").click()
    page.wait_for_url("**/return?*redirect_status=succeeded*")
    assert shop.api.payment_intents.list().data[0].status == "succeeded"
