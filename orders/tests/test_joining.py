import pytest
from allauth.account.models import EmailAddress

from orders.joining import join_orders
from orders.tasks import join_guest_orders
from shop.core.models import Event
from shop.tests.people import ada, eve
from shop.tests.walk import make_order

pytestmark = pytest.mark.django_db


def with_address(person, *, verified=True, email=None):
    """`email` (or his own) is his, and nobody else's."""
    email = email or person.email
    EmailAddress.objects.filter(email=email).delete()
    EmailAddress.objects.create(user=person, email=email, verified=verified)
    return person


def test_a_confirmed_address_finds_its_guest_orders():
    mine, other = make_order(at="cod", email="ADA@example.com"), make_order(at="cod", email="bob@example.com")
    assert join_orders(with_address(ada())) == 1
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.user == ada() and other.user is None
    assert Event.objects.get(name="order.joined").subject_id == mine.pk


def test_an_address_that_nobody_confirmed_joins_nothing():
    make_order(at="cod")
    assert join_orders(with_address(ada(), verified=False)) == 0


def test_an_order_is_never_taken_from_another_account():
    order = make_order(at="cod", user=ada())
    assert join_orders(with_address(eve(), email="ada@example.com")) == 0
    order.refresh_from_db()
    assert order.user == ada()


def test_joining_again_changes_nothing():
    make_order(at="cod")
    person = with_address(ada())
    join_guest_orders(person.pk)
    join_guest_orders(person.pk)
    assert Event.objects.filter(name="order.joined").count() == 1
