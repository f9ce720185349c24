"""The simulator's Stripe.js in a real Chromium, under the shop's own CSP: cards that pay and decline, fields that help."""

import pytest

from shop.dev.stripe_sim.running import wait_until
from shop.dev.stripe_sim.tests.browsing import bank, fill, press, status
from shop.dev.stripe_sim.tests.pay_page import SCRIPT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("mode", ["deferred", "intent"])
def test_a_card_pays_and_the_page_never_sees_its_number(page, shop, open_page, mode):
    fields = open_page(mode=mode)
    fill(fields, "4242424242424242")
    assert fields.get_by_label("Card number").input_value() == "4242 4242 4242 4242"
    assert fields.get_by_label("Expiration date").input_value() == "12 / 34"
    press(page)
    intent = status(page, "succeeded").split()[1]
    assert shop.api.payment_intents.retrieve(intent).status == "succeeded"
    assert "4242" not in "".join(shop.bodies)
    assert page.evaluate("typeof document.querySelector('iframe').contentDocument") == "object"
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None  # another origin


def test_a_success_leads_to_the_return_address(page, shop, open_page):
    fill(open_page(redirect="always"), "5555555555554444")
    press(page)
    page.wait_for_url("**/return?*")
    assert (
        "order=T-1" in page.url
        and "redirect_status=succeeded" in page.url
        and "payment_intent=pi_" in page.url
    )


def test_a_declined_card_says_why_and_another_one_pays_the_same_intent(page, shop, open_page):
    fields = open_page(redirect="always")
    fill(fields, "4000000000009995")
    press(page)
    assert (
        status(page, "card_error")
        == "card_error/card_declined/insufficient_funds: Your card has insufficient funds."
    )
    fill(fields, "4242424242424242")
    press(page)
    page.wait_for_url("**/return?*")
    assert [charge.status for charge in shop.api.charges.list().data] == ["succeeded", "failed"]
    assert len(shop.api.payment_intents.list().data) == 1


def test_what_is_typed_wrongly_is_said_beside_the_field_and_nothing_is_made(page, shop, open_page):
    fields = open_page()
    press(page)
    assert status(page, "validation_error").startswith("validation_error/incomplete_number")
    for words in (
        "card number is incomplete",
        "expiration date is incomplete",
        "security code is incomplete",
    ):
        fields.get_by_text(words).wait_for()
    assert fields.get_by_label("Card number").get_attribute("aria-invalid") == "true"
    fill(fields, "4242424242424241", expiry="1219")
    fields.get_by_text("card number is invalid").wait_for()
    fields.get_by_text("expiration year is in the past").wait_for()
    assert not shop.api.payment_intents.list().data


def test_change_tells_whether_the_fields_are_complete(page, open_page):
    fields = open_page()
    fields.get_by_label("Card number").fill("4242")
    fill(fields, "378282246310005", cvc="1234")
    wait_until(lambda: page.evaluate("seen.findLast((e) => e.name === 'change')?.complete"))
    changes = page.evaluate("seen.filter((e) => e.name === 'change')")
    assert (changes[0]["complete"], changes[0]["empty"], changes[0]["value"]) == (
        False,
        False,
        {"type": "card"},
    )
    assert {"focus", "blur"} <= set(page.evaluate("seen.map((e) => e.name)"))


def test_an_intent_of_another_amount_is_not_confirmed(page, shop, open_page):
    fill(open_page(amount="1200", really="9900"), "4242424242424242")
    press(page)
    assert "does not match the amount" in status(page, "invalid_request_error")
    assert not shop.api.charges.list().data


@pytest.mark.parametrize(
    "options, words",
    [({"nosubmit": "1"}, "elements.submit() must be called"), ({"hide": "1"}, 'You specified "never"')],
)
def test_mistakes_of_integration_are_thrown_as_such(page, open_page, options, words):
    fill(open_page(**options), "4242424242424242")
    press(page)
    assert words in status(page, "IntegrationError")


def test_a_wrong_key_makes_the_element_fail_to_load(page, shop):
    script = SCRIPT.replace("pk_test_simulated", "pk_test_other_key")
    page.route("**/pay.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto(f"{shop.url}/pay?mode=deferred")
    wait_until(lambda: page.evaluate("seen.some((event) => event.name === 'loaderror')"))
    assert "Invalid API Key" in page.evaluate("seen.find((e) => e.name === 'loaderror').error.message")


def test_a_card_is_saved_by_a_set_up(page, shop, open_page):
    fill(open_page(mode="setup"), "4000002500003155")
    press(page)
    bank(page).get_by_role("button", name="Complete").click()
    intent = shop.api.setup_intents.retrieve(status(page, "succeeded").split()[1])
    assert shop.api.payment_methods.list({"customer": intent.customer}).data[0].card.last4 == "3155"


def test_a_bank_debit_is_offered_when_the_account_has_it(page, sim, shop, open_page):
    sim.control("settings", payment_methods=["card", "sepa_debit"], async_seconds=600)
    fields = open_page()
    fields.get_by_label("SEPA Direct Debit").check()
    fields.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 00")
    fields.get_by_label("Full name").fill("Ida Berg")
    fields.get_by_label("Email").fill("ida@example.com")
    press(page)
    status(page, "processing")


def test_a_broken_line_is_an_error_that_the_page_can_show(page, sim, open_page):
    fill(open_page(mode="intent"), "4242424242424242")
    # Nine times, for Chromium tries again by itself.
    sim.control("faults", mode="reset", path="/v1/payment_intents/.*/confirm", when="after", times=9)
    press(page)
    assert "connection" in status(page, "api_connection_error")


@pytest.mark.parametrize("width, ground", [(320, "light"), (390, "dark"), (1280, "light")])
def test_the_fields_fit_and_are_accessible(page, open_page, width, ground):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.set_viewport_size({"width": width, "height": 800})
    fields = open_page(**({"dark": "1"} if ground == "dark" else {}))
    press(page)
    status(page, "validation_error")
    (frame,) = [frame for frame in page.frames if frame.url.endswith("element.html")]
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert frame.evaluate(
        "document.body.scrollHeight <= window.innerHeight"
    )  # the frame is as high as its content
    assert [
        fields.get_by_label(name).count() for name in ("Card number", "Expiration date", "Security code")
    ] == [1, 1, 1]
    assert frame.evaluate("getComputedStyle(document.documentElement).colorScheme") == ground
    assert (
        page.locator("iframe").evaluate("(frame) => getComputedStyle(frame).colorScheme") == ground
    )  # else it is opaque
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    frame.evaluate(
        "(colour) => (document.body.style.background = colour)", behind
    )  # what shows through the frame
    found = axe.run(frame, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert not found.response["violations"], found.generate_report()


def test_the_card_element_pays_and_makes_methods(page, shop):
    """The one-line card Element, with confirmCardPayment and createPaymentMethod."""
    secret = shop.api.payment_intents.create({"amount": 1200, "currency": "eur"}).client_secret
    page.goto(f"{shop.url}/return")
    page.add_script_tag(url=f"{shop.sim.url}/v3/")
    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", "<div id=card></div>");
      window.stripe = Stripe("pk_test_simulated");
      window.card = stripe.elements({ locale: "en" }).create("card");
      window.seen = [];
      card.on("change", (event) => seen.push(event));
      card.mount("#card");
    }""")
    fill(page.frame_locator('iframe[title="Secure card payment input frame"]'), "5555555555554444")
    assert page.locator("#card.StripeElement--complete").count() == 1
    assert page.evaluate("[seen.at(-1).brand, seen.at(-1).complete, seen.at(-1).elementType]") == [
        "mastercard",
        True,
        "card",
    ]
    made = page.evaluate("stripe.createPaymentMethod({ type: 'card', card }).then((r) => r.paymentMethod)")
    assert (made["card"]["last4"], made["type"]) == ("4444", "card")
    paid = page.evaluate(
        "(secret) => stripe.confirmCardPayment(secret, { payment_method: { card } })", secret
    )
    assert paid["paymentIntent"]["status"] == "succeeded"
    again = page.evaluate(
        "(secret) => stripe.confirmCardPayment(secret, { payment_method: { card } })", secret
    )
    assert again["error"]["code"] == "payment_intent_unexpected_state"
    assert again["error"]["payment_intent"]["status"] == "succeeded"
