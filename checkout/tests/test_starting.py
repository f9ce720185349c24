from datetime import timedelta

import pytest
from django.db.models import F

from cart import adding
from cart.tests.factories import make_cart
from cart.totals import totals
from catalog import stock
from catalog.models import Reservation
from catalog.tests.factories import make_variant
from checkout import starting
from checkout.models import Checkout
from checkout.starting import CheckoutClosed, NothingToBuy, hold, renew, start_checkout
from checkout.tests.factories import make_checkout

pytestmark = pytest.mark.django_db


def run_out(checkout):
    """Its quarter of an hour is over (expiry compares with the database's clock, so the rows move)."""
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=F("reserved_until") - timedelta(hours=1))
    Reservation.objects.filter(holder=checkout.holder).update(expires_at=F("expires_at") - timedelta(hours=1))


def test_copies_the_cart_and_reserves_it():
    teapot = make_variant(stock=5)
    checkout = start_checkout(make_cart({teapot: 3}), language="de")

    assert dict(checkout.lines.values_list("variant", "quantity")) == {teapot.pk: 3}
    assert (checkout.language, checkout.status) == ("de", "open")
    assert stock.promised(checkout.holder) == {teapot.pk: 3}
    assert stock.available([teapot.pk]) == {teapot.pk: 2}


def test_started_again_it_is_the_same_checkout_with_what_the_cart_holds_now():
    teapot, cup = make_variant(stock=5), make_variant(stock=5)
    cart = make_cart({teapot: 3})
    first = start_checkout(cart)
    adding.add_line(cart, variant=teapot, quantity=2)
    adding.add_line(cart, variant=cup, quantity=1)

    again = start_checkout(cart)

    assert again.pk == first.pk
    assert stock.promised(again.holder) == {teapot.pk: 5, cup.pk: 1}
    assert Checkout.objects.count() == 1


def test_what_is_reserved_for_a_cart_still_counts_as_available_in_it():
    last = make_variant(stock=1)
    cart = make_cart({last: 1})
    start_checkout(cart)
    cart.refresh_from_db()

    line = totals(cart).lines[0]

    assert (line.quantity, line.notice) == (1, "")


def test_takes_what_the_cart_counts_when_less_is_left_than_wanted():
    teapot = make_variant(stock=5)
    cart = make_cart({teapot: 4})
    start_checkout(make_cart({teapot: 3}))

    checkout = start_checkout(cart)

    assert stock.promised(checkout.holder) == {teapot.pk: 2}


def test_refuses_an_empty_cart_and_one_of_which_nothing_is_left():
    gone = make_variant(stock=1)
    cart = make_cart({gone: 1})
    start_checkout(make_cart({gone: 1}))

    for hopeless in (make_cart({}), cart):
        with pytest.raises(NothingToBuy):
            start_checkout(hopeless)
    assert Checkout.objects.count() == 1


def test_an_overtaken_start_changes_nothing(monkeypatch):
    teapot = make_variant(stock=2)
    cart = make_cart({teapot: 2})
    counted = totals(cart)
    start_checkout(make_cart({teapot: 1}))
    monkeypatch.setattr(starting, "totals", lambda _cart: counted)  # read before the other was faster

    with pytest.raises(stock.OutOfStock) as refusal:
        start_checkout(cart)

    assert refusal.value.data["short"] == {teapot.pk: 1}
    assert not Checkout.objects.filter(cart=cart).exists()


def test_is_renewed_once():
    checkout = make_checkout()
    assert renew(checkout)
    assert not renew(checkout)


def test_holding_renews_when_little_time_is_left():
    checkout = make_checkout()
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=F("reserved_until") - timedelta(minutes=12))
    before = Checkout.objects.get(pk=checkout.pk).reserved_until

    held = hold(checkout)

    assert held.was_renewed and held.reserved_until > before


def test_holding_reserves_anew_after_it_ran_out():
    teapot = make_variant(stock=1)
    checkout = make_checkout({teapot: 1})
    run_out(checkout)
    starting.sweep()
    assert stock.available([teapot.pk]) == {teapot.pk: 1}

    hold(checkout)

    assert stock.promised(checkout.holder) == {teapot.pk: 1}


def test_holding_refuses_when_somebody_else_was_faster_and_names_the_line():
    teapot = make_variant(stock=1)
    checkout = make_checkout({teapot: 1})
    run_out(checkout)
    starting.sweep()
    make_checkout({teapot: 1})

    with pytest.raises(stock.OutOfStock) as refusal:
        hold(checkout)

    assert refusal.value.data["short"] == {teapot.pk: 0}
    assert starting.short_of(checkout) == {teapot.pk: 0}


def test_abandoning_gives_the_goods_back_and_nothing_can_be_filled_in_any_more():
    teapot = make_variant(stock=1)
    checkout = make_checkout({teapot: 1})
    starting.abandon(checkout)
    starting.abandon(checkout)

    assert stock.available([teapot.pk]) == {teapot.pk: 1}
    with pytest.raises(CheckoutClosed):
        hold(checkout)


def test_the_sweep_gives_up_idle_checkouts_and_forgets_old_ones():
    idle, old, live = make_checkout(), make_checkout(), make_checkout()
    starting.abandon(old)
    Checkout.objects.filter(pk=idle.pk).update(updated_at=F("updated_at") - timedelta(days=8))
    Checkout.objects.filter(pk=old.pk).update(updated_at=F("updated_at") - timedelta(days=31))

    starting.sweep()

    assert dict(Checkout.objects.values_list("pk", "status")) == {idle.pk: "abandoned", live.pk: "open"}
