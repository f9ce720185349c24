"""Each check is broken once, by the hand that no operation of ours has."""

import pytest
from django.db import connection

from checkout import purses
from checkout.tests.factories import make_card
from orders import checks
from orders.models import BankStatement, Order, OrderLine, PaymentAttempt, Refund, TaxLine, Transfer
from shop.accounts.models import Company, CompanyEntry
from shop.core.integrity import run
from shop.tests.walk import make_order

pytestmark = pytest.mark.django_db


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def first(model, **fields):
    model.objects.filter(pk=model.objects.first().pk).update(**fields)


def charge_a_company():
    company = Company.objects.create(name="Lovelace & Co")
    reference = f"order:{Order.objects.get().number}"
    CompanyEntry.objects.create(company=company, reference=reference, amount_minor=1, currency="EUR")


def book_a_transfer():
    statement = BankStatement.objects.create(digest="0" * 64, name="november.xml", credits=1)
    booked = {"status": "booked", "order": Order.objects.get(), "attempt": PaymentAttempt.objects.get()}
    sum = {"amount_minor": 1, "currency": "EUR", "booked_date": "2026-01-01"}
    Transfer.objects.create(statement=statement, key="1", **booked, **sum)


def spend_a_card():
    card, _code = make_card()
    purses.spend(card, amount_minor=100, currency="EUR", reference="capture:nobody", about="NONE")


CODES = ["N05", "N06", "N07", "N08", "N09", "N10", "N12", "N14", "N16", "N19", "N31"]
SABOTAGE = {
    "N05-line-quantities": lambda: first(
        Order, status="cancelled", cancelled_at="2026-01-01T00:00Z", cancelled_because="shop"
    ),
    "N05-goods-held": lambda: sql("DELETE FROM catalog_reservation"),
    "N06-totals": lambda: first(Order, total_minor=1),
    "N07-journal": lambda: first(Order, owed_minor=1),
    "N07-statuses": lambda: first(Order, fulfillment_status="shipped"),
    "N08-refunds": lambda: Refund.objects.create(
        order=Order.objects.get(), attempt=PaymentAttempt.objects.get(), amount_minor=10**6, currency="EUR"
    ),
    "N09-captures": lambda: first(PaymentAttempt, status="captured"),
    "N09-transfers": book_a_transfer,
    "N09-invoices": charge_a_company,
    "N10-secured": lambda: first(PaymentAttempt, status="canceled"),
    "N12-one-order": lambda: first(Order, checkout=None),
    "N14-moves": lambda: first(Order, confirmed_at=None),
    "N16-tenders": spend_a_card,
    "N19-snapshots": lambda: first(OrderLine, sku=""),
    "N31-vat-relief": lambda: first(TaxLine, reason="intra_community"),
}


def test_a_healthy_shop_has_nothing_to_report():
    make_order(at="cod")
    make_order(at="collected")
    assert {code: found for code, found in run(CODES).items() if found} == {}


@pytest.mark.parametrize("code", SABOTAGE)
def test_each_check_sees_its_own_damage(code):
    make_order(at="cod")
    assert run([code])[code] == []
    SABOTAGE[code]()
    assert run([code])[code] != []


def test_every_check_of_this_app_is_broken_once():
    from shop.core.integrity import all_checks

    ours = {check.code for check in all_checks() if check.run.__module__ == checks.__name__}
    assert ours == set(SABOTAGE)
