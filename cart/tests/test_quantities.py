import pytest

from cart import adding, finding
from cart.models import Cart, CartLine
from cart.totals import totals
from catalog.models import Variant
from catalog.products.quantities import WrongQuantity
from catalog.tests.factories import make_variant
from shop.tests.people import ada

pytestmark = pytest.mark.django_db


def by_six(stock=100, **over):
    return make_variant(stock=stock, min_quantity=6, quantity_step=6, **over)


def test_only_allowed_quantities_come_into_the_cart():
    cart, variant = Cart.objects.create(), by_six(max_quantity=18)
    for wrong in (1, 7, 24):
        with pytest.raises(WrongQuantity):
            adding.add_line(cart, variant=variant, quantity=wrong)
    assert not cart.lines.exists()
    line = adding.add_line(cart, variant=variant, quantity=12)
    for wrong in (1, 12):
        with pytest.raises(WrongQuantity):
            adding.add_line(cart, variant=variant, quantity=wrong)
    for wrong in (5, 13, 24):
        with pytest.raises(WrongQuantity):
            adding.change_line(line, quantity=wrong)
    assert cart.lines.get().quantity == 12
    assert adding.change_line(line, quantity=18).quantity == 18


def test_scarce_goods_are_granted_in_whole_steps():
    cart = Cart.objects.create()
    assert adding.add_line(cart, variant=by_six(stock=16), quantity=18).quantity == 12
    with pytest.raises(adding.SoldOut):
        adding.add_line(cart, variant=by_six(stock=5), quantity=6)


def test_the_cart_page_says_the_rule(client):
    variant = by_six()
    page = client.post(
        "/cart/lines/", {"variant": variant.pk, "quantity": 7}, headers={"sec-fetch-site": "same-origin"}
    )
    assert page.status_code == 422 and "Sold from 6 pieces on, in steps of 6." in page.text


def test_a_rule_that_came_later_counts_what_is_allowed():
    cart, variant = Cart.objects.create(), make_variant(stock=100)
    adding.add_line(cart, variant=variant, quantity=7)
    Variant.objects.filter(pk=variant.pk).update(min_quantity=6, quantity_step=6)
    line = totals(cart).lines[0]
    assert line.quantity == 6 and "Sold from 6 pieces on, in steps of 6. We count 6." in line.notice
    Variant.objects.filter(pk=variant.pk).update(min_quantity=8)
    line = totals(cart).lines[0]
    assert line.quantity == 0 and "It is not counted." in line.notice


def test_merging_keeps_to_the_steps():
    variant, other, person = by_six(), by_six(), ada()
    own, guest = Cart.objects.create(user=person), Cart.objects.create()
    for cart, what, many in ((own, variant, 13), (guest, variant, 8), (own, other, 1)):
        CartLine.objects.create(cart=cart, variant=what, quantity=many, seen_minor=2900)
    kept = finding.merge(guest, into=person)
    assert dict(kept.lines.values_list("variant", "quantity")) == {variant.pk: 12, other.pk: 6}
