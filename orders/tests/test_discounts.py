"""From the code in the cart to the order, its papers, its refund and its end."""

import pytest

from cart import coupons
from cart.models import Coupon, Promotion
from cart.tests.factories import make_cart, make_promotion
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders import cancelling, refunding, sheets, showing
from orders.checks import totals as totals_check
from orders.models import Adjustment, Order, OrderLine
from orders.placing import PriceChanged, place_order
from shop.accounts import buyers
from shop.core import integrity
from shop.tests.walk import COD, mug

pytestmark = pytest.mark.django_db


def order_with(code: str = "", *, lines=None, email="ada@example.com") -> Order:
    cart = make_cart(lines or {mug(price_minor=2900): 2})
    if code:
        coupons.enter(cart, code, network="203.0.113.7")
        cart.refresh_from_db()
    checkout = make_checkout(cart=cart, email=email)
    return place_order(checkout, gateway=COD, fingerprint=quote(checkout).fingerprint, terms_version=None)


def test_what_was_taken_off_is_frozen_by_name_and_adds_up():
    promotion = make_promotion(codes={"WELCOME10": {}})
    make_promotion("free_delivery", name="Delivery on us", min_total_minor=5000, lane=3)
    order = order_with("WELCOME10")
    promotion.name = "Something else"
    promotion.save()

    line = order.lines.get()
    assert (line.unit_minor, line.discount_minor, line.total_minor) == (2900, 580, 5220)
    assert (order.goods_minor, order.discount_minor) == (5220, 580)
    assert (order.shipping_minor, order.shipping_discount_minor, order.total_minor) == (0, 490, 5220)
    assert order.tax_minor == 870  # 20 % in 52.20
    assert [(one.name, one.code, one.line_id, one.amount_minor) for one in order.adjustments.all()] == [
        ("Autumn sale", "WELCOME10", line.pk, 580),
        ("Delivery on us", "", None, 490),
    ]
    assert Coupon.objects.get().used == 1
    assert not any(integrity.run(["N06", "N15", "N19"]).values())


def test_integrity_finds_a_discount_that_does_not_add_up():
    make_promotion()
    order = order_with()
    Adjustment.objects.update(amount_minor=579)
    assert list(totals_check()) == [f"order {order.number} does not add up"]


def test_page_and_receipt_name_the_discounts():
    make_promotion(codes={"WELCOME10": {}})
    make_promotion("free_delivery", name="Delivery on us", lane=3)
    order = order_with("WELCOME10")
    rows = [(row["label"], str(row["amount"]), row.get("note", "")) for row in showing.totals(order)["rows"]]
    assert rows == [
        ("Subtotal", "€58.00", ""),
        ("Autumn sale", "-€5.80", "WELCOME10"),
        ("Delivery", "Free", "Standard, Delivery on us"),
    ]
    sums = sheets._sums(sheets.figures_of(order), str)
    assert sums == [
        ["Subtotal", "5800"],
        ["Autumn sale (WELCOME10)", "-580"],
        ["Delivery, Standard, Delivery on us", "0"],
    ]


def test_pieces_bring_back_what_was_paid_for_them():
    make_promotion("amount", amount_minor=1000)
    order = order_with(lines={mug(price_minor=1999): 3, mug(price_minor=500): 1})
    order.refresh_from_db()
    paid = sum(refunding.gross(line, order) for line in order.lines.all())
    assert paid == 3 * 1999 + 500 - 1000
    line = order.lines.get(quantity=3)
    parts = []
    for _ in range(3):
        before = refunding.LinePart(
            len(parts), sum(p.amount_minor for p in parts), sum(p.tax_minor for p in parts)
        )
        parts.append(refunding._part(line, order, 1, before=before))
    assert sum(part.amount_minor for part in parts) == line.total_minor
    assert sum(part.tax_minor for part in parts) == line.tax_minor


def test_a_cancelled_order_gives_its_code_and_its_first_order_back():
    make_promotion(codes={"ONCE": {"most": 1}}, is_for_first_order=True)
    order = order_with("ONCE")
    assert Coupon.objects.get().used == 1 and buyers.has_ordered("ada@example.com")
    cancelling.cancel_order(order, reason="")
    assert Coupon.objects.get().used == 0 and not buyers.has_ordered("ada@example.com")
    assert order_with("ONCE").discount_minor == 580


def test_a_code_that_somebody_else_used_up_meanwhile_is_told_and_nothing_is_placed():
    make_promotion(codes={"ONCE": {"most": 1}})
    cart = make_cart({mug(price_minor=2900): 1})
    coupons.enter(cart, "ONCE", network="203.0.113.7")
    cart.refresh_from_db()
    checkout = make_checkout(cart=cart)
    agreed = quote(checkout)
    coupons.redeem(["ONCE"], reference="order:0", email="bob@example.com")
    with pytest.raises(PriceChanged) as refusal:
        place_order(checkout, gateway=COD, fingerprint=agreed.fingerprint, terms_version=None)
    assert refusal.value.data["quote"].total_minor == 2900 + 490
    assert "used up" in refusal.value.data["quote"].without[0].why
    assert not Order.objects.exists()


def test_at_the_button_the_lock_decides(monkeypatch):
    """Between the last quote and the redeeming: the customer is asked again."""
    make_promotion(codes={"ONCE": {"most": 1}})
    cart = make_cart({mug(price_minor=2900): 1})
    coupons.enter(cart, "ONCE", network="203.0.113.7")
    cart.refresh_from_db()
    checkout = make_checkout(cart=cart)
    agreed = quote(checkout)
    real = coupons.redeem

    def late(codes, **more):
        real(codes, reference="order:0", email="bob@example.com")
        return real(codes, **more)

    monkeypatch.setattr(coupons, "redeem", late)
    with pytest.raises(PriceChanged, match="ONCE: This code is used up"):
        place_order(checkout, gateway=COD, fingerprint=agreed.fingerprint, terms_version=None)
    assert not OrderLine.objects.exists()


def test_who_has_ordered_before_learns_at_the_checkout_why_it_fell_away():
    make_promotion(codes={"FIRST": {}}, is_for_first_order=True)
    order_with("FIRST")
    cart = make_cart({mug(price_minor=2900): 1})
    coupons.enter(cart, "FIRST", network="203.0.113.7")
    cart.refresh_from_db()
    found = quote(make_checkout(cart=cart, email="ADA@example.com"))
    assert found.discount_minor == 0
    assert "ordered with us before" in found.without[0].why


def test_free_goods_are_confirmed_without_payment():
    make_promotion(percent=100)
    make_promotion("free_delivery", name="Delivery on us", lane=3)
    assert Promotion.objects.count() == 2
    cart = make_cart({mug(price_minor=2900): 1})
    checkout = make_checkout(cart=cart)
    found = quote(checkout)
    assert (found.total_minor, found.tax_minor) == (0, 0)
