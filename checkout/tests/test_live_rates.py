"""Prices that carriers say themselves, asked over real HTTP."""

import time

import pytest

from catalog.tests.factories import make_variant
from checkout import filling, live_rates, quoting
from checkout.models import RateRequest, ShippingMethod
from checkout.tests.factories import ADA, make_checkout, make_zone
from shop.core.models import Event, Shop

pytestmark = pytest.mark.django_db
State = RateRequest.State


@pytest.fixture
def checkout(db):
    Shop.objects.update_or_create(
        pk=1,
        defaults={
            "country": "AT",
            "street": "Lindengasse 5",
            "postcode": "1070",
            "city": "Wien",
            "name": "Till",
        },
    )
    make_zone()
    ShippingMethod.objects.filter(code="standard").update(
        is_live=True, carrier="ups", service="ups_standard", live_markup_percent=10, parcel_max_g=2000
    )
    return make_checkout({make_variant(stock=9, price_minor=1000, weight_g=1500): 2})


def price_of(checkout):
    return quoting.load(checkout).offer.price.minor


def test_what_the_carrier_says_holds_with_the_shops_own_part(checkout, carriers):
    request = RateRequest.objects.get()
    assert (request.state, request.parcels) == (State.ASKED, [1500, 1500])
    assert price_of(checkout) == 2 * 490  # two parcels by the table, until there is an answer
    assert Event.objects.filter(name="rate_request.made").count() == 1

    assert live_rates.fill(request)
    request.refresh_from_db()
    minor, currency = request.rates["ups/ups_standard"]
    assert currency == "EUR" and minor > 0
    assert price_of(checkout) == round(minor * 1.1)
    assert any("ups says" in step for step in quoting.quote(checkout).steps)
    assert live_rates.fill(request) is False  # a second time changes nothing


def test_an_answer_that_comes_too_late_moves_no_price(checkout, carriers):
    request = RateRequest.objects.get()
    began = time.monotonic()
    live_rates.wait(checkout, seconds=0.2)
    assert 0.2 <= time.monotonic() - began < 1.5
    assert RateRequest.objects.get().state == State.GIVEN_UP
    assert live_rates.fill(request) is False
    assert price_of(checkout) == 2 * 490
    live_rates.wait(checkout)  # nothing is open: no wait


def test_a_carrier_without_an_answer_leaves_the_table(checkout, carriers):
    carriers.fail("ups.rates", status=503)
    assert live_rates.fill(RateRequest.objects.get()) is False
    assert price_of(checkout) == 2 * 490


def test_another_address_is_another_question(checkout, carriers):
    old = RateRequest.objects.get()
    moved = filling.set_address(checkout, address=ADA | {"postcode": "1020", "street": "Praterstern 1"})
    assert RateRequest.objects.count() == 2
    assert live_rates.fill(RateRequest.objects.select_related("checkout").get(pk=old.pk)) is False
    filling.set_address(moved, address=ADA)
    assert RateRequest.objects.count() == 2 and old.state == State.ASKED


def test_nobody_is_asked_where_no_delivery_wants_to_know(db, django_assert_num_queries):
    checkout = make_checkout()
    assert not RateRequest.objects.exists()
    with django_assert_num_queries(0):
        assert live_rates.known(checkout, [ShippingMethod()], pieces=()) == {}


def test_a_task_fills_what_is_open(checkout, carriers, deliver):
    deliver()
    assert RateRequest.objects.get().state == State.ANSWERED
