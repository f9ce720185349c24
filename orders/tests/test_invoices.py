"""Companies that buy on invoice: within their limit, and relieved by whatever really changed what they owe."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders import paying
from orders.cancelling import cancel_order
from orders.models import Order
from orders.placing import NotReady, place_order, terms_in_force
from orders.refunding import refund
from orders.statements.importing import take_in
from orders.tests.bank import camt, exact
from orders.tests.visiting import opened, press, with_checkout
from shop.accounts import companies
from shop.accounts.models import Company, CompanyEntry, CompanyMember
from shop.core import clock, integrity
from shop.core.models import Message
from shop.tests.people import ada, eve, grace
from shop.tests.walk import CARD, fresh, mug, place

INVOICE = "invoice"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account(settings):
    settings.SHOP_BANK_IBAN = "AT611904300234573201"
    settings.SHOP_STRIPE_SECRET_KEY = "sk_test_x"


def adas_company(limit=100_00, **over):
    company = Company.objects.create(name="Lovelace & Co", credit_limit_minor=limit, **over)
    CompanyMember.objects.create(company=company, user=ada())
    return company


def bought(**over):
    return place({mug(): 1}, gateway=INVOICE, user=ada(), **over)


def state(company):
    company.refresh_from_db()
    assert {code: words for code, words in integrity.run(["N0", "N10"]).items() if words} == {}
    return company.open_minor


def test_it_is_confirmed_at_once_and_charged():
    company = adas_company(payment_days=14)
    order = fresh(bought())
    assert (order.status, order.payment_status) == ("confirmed", "unpaid")
    assert state(company) == order.total_minor
    due = companies.due_date(order.account_reference)
    assert due - clock.now().date() in (timedelta(days=14), timedelta(days=15))
    assert "Please pay until" in Message.objects.get(name="order_confirmed").text


def test_only_members_within_the_limit_and_the_currency_are_offered_it():
    company = adas_company(limit=10_00)
    checkout = make_checkout({mug(): 1}, user=ada())
    with pytest.raises(NotReady):
        _press(checkout)
    Company.objects.update(credit_limit_minor=100_00, currency="USD")
    with pytest.raises(NotReady):
        _press(checkout)
    Company.objects.update(currency="EUR", is_active=False)
    with pytest.raises(NotReady):
        _press(checkout)
    for stranger in (eve(), None):
        with pytest.raises(NotReady):
            _press(make_checkout({mug(): 1}, user=stranger))
    assert state(company) == 0 and not Order.objects.exists()


def test_the_charge_itself_refuses_what_the_offer_could_not_see():
    company = adas_company(limit=50_00)
    companies.charge(company, reference="order:A", amount_minor=30_00, currency="EUR")
    companies.charge(company, reference="order:A", amount_minor=30_00, currency="EUR")
    with pytest.raises(companies.CreditExceeded):
        companies.charge(company, reference="order:B", amount_minor=20_01, currency="EUR")
    companies.charge(company, reference="order:C", amount_minor=20_00, currency="EUR")
    company.refresh_from_db()
    assert company.open_minor == 50_00 and CompanyEntry.objects.count() == 2


def test_a_transfer_relieves_it():
    company = adas_company()
    order = bought()
    assert len(take_in(camt(exact(order)), name="s.xml").booked) == 1
    assert fresh(order).payment_status == "paid" and state(company) == 0


def test_staff_record_a_payment_by_other_ways(client):
    company, order = adas_company(), bought()
    client.force_login(grace())
    page = client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert "Record payment" in page
    client.post(f"/admin/orders/order/{order.pk}/record_cash/")
    assert fresh(order).payment_status == "paid" and state(company) == 0


def test_cancelling_relieves_it():
    company, order = adas_company(), bought()
    cancel_order(order, reason="", by=ada())
    assert state(company) == 0


def test_what_is_refunded_after_payment_opens_nothing():
    company, order = adas_company(), bought()
    paying.record_cash(order, by=grace())
    refund(order, amount_minor=500, reason="scratch", by=grace())
    assert state(company) == 0


def test_a_waiting_card_order_may_become_an_invoice_within_the_limit():
    company = adas_company()
    order = paying.change_means(place({mug(): 1}, gateway=CARD, user=ada()), gateway=INVOICE)
    assert fresh(order).status == "confirmed" and state(company) == order.total_minor


def test_what_is_overdue_is_listed(client, settings):
    with clock.at(clock.now() - timedelta(days=40)):
        adas_company()
        late = bought()
    bought()
    assert companies.overdue() == [late.account_reference]
    client.force_login(grace())
    page = client.get("/admin/orders/order/?pile=overdue").content.decode()
    assert late.number in page and page.count("/change/") >= 1
    screen = client.get(f"/admin/accounts/company/{Company.objects.get().pk}/change/").content.decode()
    assert late.number in screen and "overdue" in screen


def test_the_page_offers_it_and_shows_what_is_due(client):
    adas_company()
    client.force_login(ada())
    checkout = with_checkout(client, user=ada())
    assert "Your company pays" in client.get("/checkout/payment/").content.decode()
    press(client, checkout, gateway=INVOICE)
    order = opened(client, Order.objects.get())
    assert "Your invoice, due on" in client.get(f"/orders/{order.number}/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_orders_at_the_limit_one_passes(monkeypatch, guarded):
    """With the guard off, both do: the conditional UPDATE is what holds."""
    company = adas_company(limit=50_00)
    if not guarded:
        monkeypatch.setattr(
            companies, "_within", lambda company, **_over: Company.objects.filter(pk=company.pk)
        )
    both, passed = threading.Barrier(2), []

    def one(name):
        both.wait(timeout=10)
        try:
            passed.append(companies.charge(company, reference=name, amount_minor=30_00, currency="EUR"))
        except companies.CreditExceeded:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(name,)) for name in ("order:A", "order:B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(passed) == (1 if guarded else 2)


def _press(checkout):
    return place_order(
        checkout, gateway=INVOICE, fingerprint=quote(checkout).fingerprint, terms_version=terms_in_force()
    )
