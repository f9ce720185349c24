"""Pages about gift cards and store credit: what is left, one's own, and the sellers' screens."""

import pytest
from django.contrib.auth.models import Group

from checkout import gift_cards, purses, store_credit
from checkout.models import GiftCard, StoreCredit
from checkout.tests.factories import make_card
from shop.accounts import roles
from shop.core import integrity
from shop.core.models import Message
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db
BALANCE, CARDS, CREDITS = "/gift-cards/", "/admin/checkout/giftcard/", "/admin/checkout/storecredit/"


@pytest.fixture
def owner(client):
    client.force_login(grace())
    return client


def once(client, path) -> str:
    return client.get(path).text.split('name="once" value="')[1].split('"')[0]


def test_whoever_knows_the_code_sees_what_is_left(client):
    card, code = make_card(amount_minor=5000)
    purses.adjust(card, amount_minor=-1234, reason="Spent", by=grace())
    page = client.post(BALANCE, {"code": code.replace("-", " ").lower()})
    assert page.status_code == 200 and "€37.66" in page.text and code not in page.text
    assert page["Cache-Control"].startswith("private")


@pytest.mark.parametrize("kind", ["unknown", "blocked", "expired"])
def test_every_code_that_cannot_be_used_gets_the_same_answer(client, kind):
    from django.utils import timezone

    card, code = make_card(expires_at=timezone.now() if kind == "expired" else None)
    if kind == "blocked":
        gift_cards.block(card, by=grace())
    page = client.post(BALANCE, {"code": "AAAA-CCCC-DDDD-EEEE-FFFF" if kind == "unknown" else code})
    assert page.status_code == 422
    assert "We do not know this code, or it cannot be used any more." in page.text


def test_guessing_for_a_balance_is_slowed_down(client):
    for number in range(20):
        client.post(BALANCE, {"code": f"AAAA-CCCC-DDDD-EEEE-{number:04}"})
    _card, code = make_card()
    page = client.post(BALANCE, {"code": code})
    assert page.status_code == 429 and "That was too often" in page.text and "€50.00" not in page.text


def test_ones_own_credit_with_its_ledger(client):
    assert client.get("/account/credit/").status_code == 302
    client.force_login(ada())
    assert "You have no store credit" in client.get("/account/credit/").text
    store_credit.grant(ada(), amount_minor=1500, currency="EUR", reason="Sorry", by=grace())
    assert "€15.00" in client.get("/account/credit/").text


def test_staff_issue_a_card_whose_code_is_told_once(owner):
    key = once(owner, f"{CARDS}add/")
    given = {"once": key, "amount": "25.00", "reason": "For the fair", "email": "", "expires_on": ""}
    page = owner.post(f"{CARDS}add/", given, follow=True)
    card = GiftCard.objects.get()
    code = page.text.split("The code is ")[1].split(". It")[0]
    assert gift_cards.found_by(code) == card and "For the fair" in page.text and "€25.00" in page.text
    assert code not in owner.get(page.redirect_chain[-1][0]).text
    owner.post(f"{CARDS}add/", given)
    assert GiftCard.objects.count() == 1 and integrity.run(["N16-purses"])["N16-purses"] == []


def test_staff_mail_a_card(owner):
    key = once(owner, f"{CARDS}add/")
    given = {
        "once": key,
        "amount": "25.00",
        "reason": "Sorry",
        "email": "bob@example.com",
        "expires_on": "2099-01-01",
    }
    page = owner.post(f"{CARDS}add/", given, follow=True)
    mail = Message.objects.get(name="gift_card")
    assert mail.to == "bob@example.com" and GiftCard.objects.get().last_four not in mail.text
    assert "on its way to bob@example.com" in page.text and "The code is" not in page.text


@pytest.mark.parametrize("amount", ["", "0", "-5", "1e400", "many"])
def test_nonsense_issues_nothing(owner, amount):
    given = {"once": once(owner, f"{CARDS}add/"), "amount": amount, "reason": "?", "expires_on": "2001-01-01"}
    assert owner.post(f"{CARDS}add/", given).status_code == 422
    assert not GiftCard.objects.exists()


def test_staff_adjust_block_and_release(owner):
    card, code = make_card(amount_minor=5000)
    path = f"{CARDS}{card.pk}/"
    key = once(owner, f"{path}change/")
    for _twice in range(2):
        owner.post(f"{path}adjust/", {"once": key, "amount": "-5.00", "reason": "Typed wrong"})
    card.refresh_from_db()
    assert card.balance_minor == 4500
    page = owner.post(f"{path}adjust/", {"once": key, "amount": "-500", "reason": "Too much"}, follow=True)
    owner.post(f"{path}adjust/", {"once": "", "amount": "1", "reason": ""})
    card.refresh_from_db()
    assert card.balance_minor == 4500

    owner.post(f"{path}block/")
    assert gift_cards.found_by(code) is None
    owner.post(f"{path}release/")
    assert gift_cards.found_by(code) == card
    assert "Typed wrong" in page.text and "Gift card blocked" in owner.get(f"{path}change/").text


def test_staff_give_store_credit_to_an_account(owner):
    ada()
    given = {
        "once": once(owner, f"{CREDITS}add/"),
        "amount": "7.50",
        "reason": "Late",
        "person": "nobody@example.com",
    }
    assert "Nobody has an account" in owner.post(f"{CREDITS}add/", given).text
    owner.post(f"{CREDITS}add/", given | {"person": "ADA@example.com"})
    assert StoreCredit.objects.get().balance_minor == 750
    assert "€7.50" in owner.get(CREDITS).text


def test_the_list_asks_no_more_for_more_cards(owner, django_assert_max_num_queries):
    make_card()
    owner.get(CARDS)
    with django_assert_max_num_queries(60) as one:
        owner.get(CARDS)
    for _more in range(4):
        make_card()
    with django_assert_max_num_queries(len(one)):
        owner.get(CARDS)


@pytest.mark.parametrize("role", ["catalogue", "orders", "support"])
def test_other_staff_see_none_of_it(client, role):
    roles.set_up()
    person = eve(is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client.force_login(person)
    assert [client.get(path).status_code for path in (CARDS, CREDITS, f"{CARDS}add/")] == [403, 403, 403]
