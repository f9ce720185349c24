"""Made to order, through the house: the buyer's words on order, slip and mail; no shelf; no way back."""

import pytest

from cart.adding import add_line
from cart.tests.factories import make_cart
from cart.tests.test_answers import GOOD, make_sign
from catalog.models import Movement
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from fulfillment import picking, shipping
from fulfillment.eligibility import eligible
from fulfillment.slips import sheets
from fulfillment.tests.factories import fresh, mug, work_of
from orders.paying import settle
from orders.placing import place_order
from shop.core import integrity
from shop.core.models import Message
from shop.tests.people import grace
from shop.tests.walk import pay

pytestmark = pytest.mark.django_db


def buy():
    """Paid by card: what is made for the buyer is never sent on the promise of cash."""
    cart, sign, cup = make_cart({}), make_sign(), mug()
    add_line(cart, variant=cup, quantity=1)
    for name in ("Ada", "Grace"):
        add_line(cart, variant=sign, quantity=1, given=GOOD | {"custom-name": name})
    checkout = make_checkout(cart=cart)
    agreed = quote(checkout)
    order = place_order(checkout, gateway="stripe", fingerprint=agreed.fingerprint, terms_version=None)
    settle(pay(order))
    return cart, agreed, fresh(order)


def test_the_buyers_words_go_where_they_are_needed(stripe):
    cart, agreed, order = buy()

    assert agreed.goods_minor == 2900 + 2 * 7150
    assert [line.details[:1] for line in order.lines.all()] == [[], ["Name: Ada"], ["Name: Grace"]]
    assert not cart.lines.exists()  # all of it was bought
    [sheet] = sheets([work_of(order)])
    assert ["Name: Grace" in row[2] for row in sheet["lines"]] == [False, False, True]
    assert "Name: Grace" in Message.objects.get(name="receipt").text
    assert "Grace" not in str(order.quote)


def test_nothing_comes_from_a_shelf_and_it_cannot_be_sent_back(stripe):
    _cart, _agreed, order = buy()
    picking.pick(work_of(order), by=grace())
    work = picking.pack(work_of(order), by=grace())
    shipping.hand_over(shipping.ship(work, carrier="manual", by=grace()), by=grace())

    order = fresh(order)
    assert order.fulfillment_status == "shipped"
    assert Movement.objects.filter(kind=Movement.Kind.SHIP).count() == 1  # the mug alone
    refusals = [one.refusal for one in eligible(order)]
    assert refusals[0] == "" and all("Made to your wishes" in text for text in refusals[1:])
    assert not any(integrity.run(["N0", "N1", "C06", "P0"]).values())
