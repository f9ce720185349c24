import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections

from cart import coupons
from cart.models import Coupon, CouponRedemption
from cart.tests.factories import make_cart, make_promotion
from shop.core import clock, integrity, limits, locks
from shop.core.models import Hit

pytestmark = pytest.mark.django_db


def enter(cart, code="WELCOME10", network="203.0.113.7"):
    return coupons.enter(cart, code, network=network)


def kept(cart) -> list[str]:
    cart.refresh_from_db()
    return cart.codes


@pytest.mark.parametrize("typed", ["WELCOME10", " welcome 10 ", "Welcome-10", "ｗｅｌｃｏｍｅ１０"])
def test_codes_ignore_case_spaces_and_dashes(typed):
    make_promotion(codes={"WELCOME10": {}})
    cart = make_cart({})
    enter(cart, typed)
    enter(cart, typed)
    assert kept(cart) == ["WELCOME10"]
    coupons.remove(cart, [typed])
    assert kept(cart) == []


def test_unknown_stopped_and_empty_codes_get_one_answer():
    make_promotion(codes={"OLD": {"is_active": False}})
    make_promotion(codes={"STOPPED": {}}, is_active=False)
    cart = make_cart({})
    answers = set()
    for code in ("NOSUCH", "OLD", "STOPPED", "", "'; DROP TABLE", "\0"):
        with pytest.raises(coupons.CodeRefused) as refusal:
            enter(cart, code)
        answers.add(refusal.value.message)
    assert answers == {"We do not know this code. Check how it is spelt."} and kept(cart) == []


@pytest.mark.parametrize(
    ("over", "coupon", "why"),
    [
        ({"ends_at": -1}, {}, "expired on"),
        ({"starts_at": 1}, {}, "holds from"),
        ({}, {"ends_at": -1}, "expired on"),
        ({}, {"most": 1, "used": 1}, "used up"),
    ],
)
def test_what_cannot_be_used_says_why(over, coupon, why):
    now = clock.now()
    over = {name: now + timedelta(days=days) for name, days in over.items()}
    coupon = {n: now + timedelta(days=v) if n.endswith("_at") else v for n, v in coupon.items()}
    make_promotion(codes={"CODE": coupon}, **over)
    with pytest.raises(coupons.CodeRefused, match=why):
        enter(make_cart({}), "CODE")


def test_guessing_is_slowed_down_by_cart_and_by_network():
    make_promotion(codes={"CODE": {}})
    cart = make_cart({})
    for _ in range(coupons.TRIES["limit"]):
        with pytest.raises(coupons.CodeRefused):
            enter(cart, "NOSUCH")
    with pytest.raises(limits.TooMany):
        enter(cart, "CODE")
    Hit.objects.filter(bucket="coupon:net:203.0.113.7").update(count=coupons.TRIES_OF_NETWORK["limit"])
    with pytest.raises(limits.TooMany):
        enter(make_cart({}), "CODE")
    enter(make_cart({}), "CODE", network="203.0.113.8")


def test_a_customer_is_one_however_he_spells_himself():
    make_promotion(codes={"CODE": {"most_each": 1}})
    coupons.redeem(["CODE"], reference="order:1", email="Ada+shop@Example.com")
    with pytest.raises(coupons.CouponGone, match="already"):
        coupons.redeem(["CODE"], reference="order:2", email="ada@example.com")
    coupons.redeem(["CODE"], reference="order:3", email="grace@example.com")
    assert Coupon.objects.get().used == 2


def test_the_same_order_counts_once_and_gives_its_use_back():
    make_promotion(codes={"CODE": {"most": 1}})
    for _ in range(2):
        coupons.redeem(["CODE"], reference="order:1", email="ada@example.com")
    assert Coupon.objects.get().used == 1
    for _ in range(2):
        coupons.release("order:1")
    assert Coupon.objects.get().used == 0
    coupons.redeem(["CODE"], reference="order:2", email="ada@example.com")
    coupons.restore("order:1")  # nothing is left of it
    assert [row.reference for row in CouponRedemption.objects.filter(released_at=None)] == ["order:2"]
    coupons.release("order:2")
    coupons.restore("order:1")
    assert Coupon.objects.get().used == 1
    assert not any(integrity.run(["N15"]).values())


def test_integrity_finds_a_use_that_was_never_counted():
    make_promotion(codes={"CODE": {"most": 1}})
    coupons.redeem(["CODE"], reference="order:1", email="ada@example.com")
    Coupon.objects.update(used=0)
    assert integrity.run(["N15"])["N15-coupons"] == ["coupon CODE says 0 uses, there are 1"]


def twenty_at_once(code: str) -> list:
    start, results = threading.Barrier(20), []

    def run(n):
        try:
            start.wait()
            results.append(coupons.redeem([code], reference=f"order:{n}", email=f"b{n}@example.com"))
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[n]) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_twenty_buyers_use_a_code_with_five_uses_five_times():
    make_promotion(codes={"CODE": {"most": 5}})
    results = twenty_at_once("CODE")
    assert sum(isinstance(one, list) for one in results) == 5
    assert sum(isinstance(one, coupons.CouponGone) for one in results) == 15
    assert Coupon.objects.get().used == CouponRedemption.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_only_the_database_stops_them(monkeypatch):
    """Not by a refusal that a customer could read, but by its constraint, and with an error."""
    make_promotion(codes={"CODE": {"most": 5}})
    assert coupons.lock is locks.lock
    monkeypatch.setattr(coupons, "lock", lambda queryset: queryset)
    real = coupons._against
    met = threading.Barrier(20)

    def together(*args, **kwargs):
        met.wait()
        return real(*args, **kwargs)

    monkeypatch.setattr(coupons, "_against", together)
    results = twenty_at_once("CODE")
    assert sum(isinstance(one, IntegrityError) for one in results) == 15
    assert Coupon.objects.get().used == 5
