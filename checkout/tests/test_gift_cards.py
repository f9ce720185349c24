from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from checkout import gift_cards, purses, store_credit
from checkout.models import GiftCard, GiftCardEntry
from checkout.tests.factories import make_card
from shop.core import integrity
from shop.tests.people import ada, grace

pytestmark = pytest.mark.django_db


def take(card, minor, *, reference="capture:1", currency="EUR"):
    purses.spend(card, amount_minor=minor, currency=currency, reference=reference, about="ABCD-EFGH")
    card.refresh_from_db()


def healthy():
    return not any(integrity.run(["N16-purses", "N16-codes"]).values())


def test_is_found_by_its_code_however_that_is_typed():
    card, code = make_card()
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert gift_cards.found_by(typed) == card
    assert gift_cards.found_by(code[:-1]) is None and gift_cards.found_by("") is None
    assert gift_cards.found_by("\x00" * 9 + "ä" * 4000) is None


def test_keeps_neither_the_code_nor_what_could_be_guessed_from(settings):
    card, code = make_card()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(g)::text FROM checkout_giftcard g")
        kept = cursor.fetchone()[0]
    assert code not in kept and code.replace("-", "") not in kept
    assert card.last_four == code[-4:] and len(code.replace("-", "")) == 20

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, which the shop was given meanwhile"
    assert gift_cards.found_by(code) == card


def test_another_code_ends_the_first():
    card, first = make_card()
    second = gift_cards.hand_over(card, by=grace())
    assert gift_cards.found_by(first) is None and gift_cards.found_by(second) == card


@pytest.mark.parametrize("why", ["blocked", "expired", "without a code"])
def test_a_card_that_cannot_pay_is_not_found(why):
    if why == "without a code":
        card, code = gift_cards.issue(amount_minor=2500, currency="EUR"), ""
    else:
        card, code = make_card(expires_at=timezone.now() - timedelta(days=1) if why == "expired" else None)
    if why == "blocked":
        gift_cards.block(card, by=grace())
    assert gift_cards.found_by(code) is None
    with pytest.raises(purses.CannotPay):
        take(card, 100)
    card.refresh_from_db()
    assert card.balance_minor == card.initial_minor

    if why == "blocked":
        gift_cards.release(card, by=grace())
        assert gift_cards.found_by(code) == card


def test_is_spent_in_parts_and_never_below_zero():
    card, _code = make_card(amount_minor=5000)
    take(card, 3000)
    with pytest.raises(purses.NotEnough) as refusal:
        take(card, 2001, reference="capture:2")
    assert "€20.00" in refusal.value.message
    assert card.balance_minor == 2000 and healthy()
    with pytest.raises(IntegrityError), transaction.atomic():
        GiftCard.objects.filter(pk=card.pk).update(balance_minor=-1)


def test_the_same_reference_takes_and_gives_back_once():
    card, _code = make_card(amount_minor=5000)
    take(card, 3000)
    take(card, 3000)
    for _again in range(2):
        purses.give_back(card, amount_minor=1000, reference="refund:1", about="ABCD-EFGH")
    card.refresh_from_db()
    assert card.balance_minor == 3000
    assert [entry.amount_minor for entry in card.entries.all()] == [5000, -3000, 1000] and healthy()


def test_pays_in_its_own_currency_only():
    card, _code = make_card()
    with pytest.raises(purses.CannotPay):
        take(card, 100, currency="USD")


def test_is_issued_once_for_one_thing():
    first = gift_cards.issue(amount_minor=2500, currency="EUR", issued_for="line:1:1")
    assert gift_cards.issue(amount_minor=2500, currency="EUR", issued_for="line:1:1") == first
    assert GiftCard.objects.count() == 1 and GiftCardEntry.objects.count() == 1
    with pytest.raises(gift_cards.NotIssued):
        gift_cards.issue(amount_minor=0, currency="EUR")


def test_is_voided_while_nothing_was_spent_of_it():
    card, code = make_card(amount_minor=2500)
    for _again in range(2):
        gift_cards.void(card, reference="void:1", about="ABCD-EFGH")
    card.refresh_from_db()
    assert card.balance_minor == 0 and card.is_blocked and gift_cards.found_by(code) is None and healthy()

    used, _code = make_card(amount_minor=2500)
    take(used, 1)
    with pytest.raises(gift_cards.AlreadyUsed):
        gift_cards.void(used, reference="void:2", about="ABCD-EFGH")
    used.refresh_from_db()
    assert used.balance_minor == 2499 and not used.is_blocked


def test_a_ledger_cannot_be_rewritten():
    card, _code = make_card()
    for statement in (
        "UPDATE checkout_giftcardentry SET amount_minor = 9",
        "DELETE FROM checkout_giftcardentry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert card.entries.count() == 1


def test_staff_adjust_with_a_reason_and_not_below_zero():
    card, _code = make_card(amount_minor=2500)
    purses.adjust(card, amount_minor=-500, reason="Typed wrong", by=grace())
    with pytest.raises(purses.NotEnough):
        purses.adjust(card, amount_minor=-2001, reason="Too much", by=grace())
    card.refresh_from_db()
    assert card.balance_minor == 2000 and card.entries.last().reason == "Typed wrong" and healthy()


def test_store_credit_is_one_purse_a_person_and_currency():
    credit = store_credit.grant(ada(), amount_minor=1500, currency="EUR", reason="Sorry", by=grace())
    again = store_credit.grant(ada(), amount_minor=500, currency="EUR", reason="Again", by=grace())
    other = store_credit.grant(ada(), amount_minor=700, currency="USD", reason="Dollars", by=grace())
    assert again == credit != other and again.balance_minor == 2000 and healthy()
    assert store_credit.credit_of(ada(), currency="EUR") == credit
    assert store_credit.credit_of(None, currency="EUR") is None


def test_the_check_sees_a_balance_that_its_ledger_does_not_know():
    card, _code = make_card()
    GiftCard.objects.filter(pk=card.pk).update(balance_minor=99_999)
    assert any("99999" in sentence for sentence in integrity.run(["N16-purses"])["N16-purses"])
