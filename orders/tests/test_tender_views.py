import pytest
from django.urls import reverse

from checkout import gift_cards, store_credit
from checkout.models import Checkout
from checkout.quoting import quote
from checkout.tests.factories import make_card, make_checkout
from orders.models import Order
from shop.core.models import Hit
from shop.core.money import Money
from shop.tests.people import ada, eve, grace
from shop.tests.walk import mug

pytestmark = pytest.mark.django_db
PAYMENT, CARDS = "/checkout/payment/", "/checkout/gift-cards/"


@pytest.fixture
def checkout(client) -> Checkout:
    """Ada's, 29.00 + 4.90, in her browser; she is signed in."""
    person = ada()
    client.force_login(person)
    found = make_checkout({mug(): 1}, user=person, email=person.email)
    session = client.session
    session["checkout"] = found.token
    session.save()
    return found


def test_a_card_is_entered_shown_and_taken_out_again(client, checkout):
    card, code = make_card(amount_minor=1000)

    answer = client.post(CARDS, {"code": code.lower()}, follow=True)

    assert answer.redirect_chain == [(PAYMENT, 303)]
    assert f"•••• {card.last_four}" in answer.text and "pays €10.00, €0.00 stays on it" in answer.text
    assert "Pay €23.90" in answer.text or "Place order, €23.90" in answer.text
    assert code not in answer.text
    gone = client.post(reverse("checkout:gift-card-removal", args=[card.pk]), follow=True)
    assert card.last_four not in gone.text and not checkout.gift_cards.exists()


@pytest.mark.parametrize("kind", ["unknown", "blocked", "nonsense", "nothing"])
def test_every_wrong_code_gets_its_answer_beside_the_field(client, checkout, kind):
    card, code = make_card()
    gift_cards.block(card, by=grace())
    typed = {
        "unknown": "AAAA-CCCC-DDDD-EEEE-FFFF",
        "blocked": code,
        "nonsense": "\x00<b>" * 400,
        "nothing": " ",
    }
    answer = client.post(CARDS, {"code": typed[kind]})
    assert answer.status_code == 422 and 'id="code_error"' in answer.text
    said = (
        "Enter the code" if kind == "nothing" else "We do not know this code, or nothing can be paid with it."
    )
    assert said in answer.text and "<b>" not in answer.text


def test_a_card_for_which_nothing_is_left_to_pay_is_not_kept(client, checkout):
    for amount in (5000, 700):
        _card, code = make_card(amount_minor=amount)
        answer = client.post(CARDS, {"code": code})
    assert "Nothing is left that this card could pay" in answer.text and checkout.gift_cards.count() == 1


def test_guessing_is_slowed_down(client, checkout):
    answers = [client.post(CARDS, {"code": f"AAAA-CCCC-DDDD-EEEE-{n:04}"}) for n in range(21)]
    assert "We do not know this code" in answers[-2].text and "That was too often" in answers[-1].text
    assert Hit.objects.filter(bucket=f"gift-card:checkout-{checkout.pk}").exists()
    _card, code = make_card()
    assert "That was too often" in client.post(CARDS, {"code": code}).text


def test_store_credit_is_offered_by_a_box_and_pays(client, checkout):
    store_credit.grant(checkout.user, amount_minor=1500, currency="EUR", reason="Sorry", by=grace())
    assert "Use my store credit (€15.00)" in client.get(PAYMENT).text
    assert quote(checkout).due_minor == 3390

    answer = client.post("/checkout/credit/", {"wanted": "1"}, follow=True)
    assert "Store credit" in answer.text and "€18.90" in answer.text
    answer = client.post("/checkout/credit/", {}, follow=True)
    assert "€18.90" not in answer.text


def test_nobody_is_offered_anothers_credit(client, checkout):
    store_credit.grant(eve(), amount_minor=1500, currency="EUR", reason="Sorry", by=grace())
    assert "store credit (" not in client.get(PAYMENT).text


def test_a_card_that_covers_all_is_enough_without_javascript(client, checkout):
    card, code = make_card(amount_minor=5000)
    client.post(CARDS, {"code": code})
    page = client.get(PAYMENT).text
    assert "Nothing to pay" in page and "Cash on delivery" not in page

    answer = client.post(
        "/orders/", {"fingerprint": quote(checkout).fingerprint, "gateway": "nothing_to_pay"}, follow=True
    )

    order = Order.objects.get()
    assert (
        order.payment_status == "paid"
        and card.label in answer.text
        and Money(-3390, "EUR").format() in answer.text
    )
