"""Gift wrap and words travel from the cart to the order, its papers and the parcel; wrap is taxed like a thing."""

import pytest

from cart import gifting
from cart.models import GiftOption
from cart.tests.factories import make_cart
from catalog.tests.factories import make_variant
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders import refunding, sheets, showing
from orders.checks import totals as totals_check
from orders.models import Order
from orders.placing import PriceChanged, place_order
from shop.core.outbox import deliver_due

pytestmark = pytest.mark.django_db
WORDS = {"message": "All the best, Ada", "note": "Ring twice"}


def wrapped_checkout(*, price_minor=390, country="AT", **over):
    wrap = GiftOption.objects.create(name="Paper", price_minor=price_minor)
    card = GiftOption.objects.create(name="Card", kind=GiftOption.Kind.CARD, price_minor=250)
    cart = make_cart({make_variant(stock=5, price_minor=2900): 2})
    gifting.present(cart, wrap=wrap.pk, greeting_card=card.pk, **WORDS)
    return make_checkout(
        cart=cart, address={"country": country, "postcode": "10115"[: 5 if country == "DE" else 4]}
    )


def order_of(checkout) -> Order:
    placed = place_order(
        checkout,
        gateway="cash_on_delivery",
        fingerprint=quote(checkout).fingerprint,
        terms_version=None,
    )
    deliver_due()
    return Order.objects.get(pk=placed.pk)


def test_charges_are_in_the_total_with_their_tax():
    found = quote(wrapped_checkout())
    assert [(one.name, one.total_minor, one.tax_minor) for one in found.charges] == [
        ("Paper", 390, 65),
        ("Card", 250, 42),
    ]
    assert found.total_minor == 5800 + 390 + 250 + found.shipping_minor
    every = [*found.lines, *found.charges, found.shipping]
    assert found.tax_minor == sum(part.tax_minor for part in every)


def test_the_order_keeps_charges_and_words_and_its_books_agree():
    checkout = wrapped_checkout()
    agreed = quote(checkout)
    order = order_of(checkout)

    assert order.total_minor == agreed.total_minor and order.charges_minor == 640
    assert [(one.kind, one.name, one.total_minor) for one in order.charges.all()] == [
        ("wrap", "Paper", 390),
        ("card", "Card", 250),
    ]
    assert (order.gift_message, order.order_note) == (WORDS["message"], WORDS["note"])
    assert list(totals_check()) == []
    assert WORDS["message"] not in str(order.quote)
    order.checkout.cart.refresh_from_db()
    assert (order.checkout.cart.wrap, order.checkout.cart.order_note) == (None, "")


def test_the_check_finds_an_order_whose_charges_do_not_add_up():
    order = order_of(wrapped_checkout())
    order.charges.filter(kind="wrap").update(total_minor=1)
    assert list(totals_check()) == [f"order {order.number} does not add up"]


def test_page_and_receipt_say_it():
    order = order_of(wrapped_checkout())
    assert [row["label"] for row in showing.totals(order)["rows"]] == [
        "Subtotal",
        "Paper",
        "Card",
        "Delivery",
    ]
    assert {"term": "Gift message", "text": WORDS["message"]} in showing.facts(order)
    assert [one["total_minor"] for one in sheets.figures_of(order)["charges"]] == [390, 250]


def test_a_dearer_wrap_is_asked_about_before_the_order():
    checkout = wrapped_checkout()
    seen = quote(checkout).fingerprint
    GiftOption.objects.filter(kind=GiftOption.Kind.WRAP).update(price_minor=400)
    with pytest.raises(PriceChanged):
        place_order(checkout, gateway="cash_on_delivery", fingerprint=seen, terms_version=None)
    assert not Order.objects.exists()


def test_the_delivery_that_can_be_refunded_is_without_the_wraps_tax():
    order = order_of(wrapped_checkout())
    Order.objects.filter(pk=order.pk).update(prices_include_tax=False)
    order.refresh_from_db()
    taxed = order.tax_lines.filter(line=None, charge=None)
    assert refunding.gross_shipping(order) == order.shipping_minor + sum(tax.tax_minor for tax in taxed)
