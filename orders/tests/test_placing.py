import pytest

from cart.models import CartLine
from catalog import stock
from catalog.models import Reservation
from checkout.models import Checkout
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from orders.models import JournalEntry, Order, OrderAddress
from orders.placing import CheckoutGone, NotReady, PriceChanged, place_order
from shop.accounts.models import Buyer
from shop.core.models import Event, Page
from shop.tests.walk import COD, make_order, mug, place

pytestmark = pytest.mark.django_db


def send(checkout, *, gateway=COD, fingerprint=None, terms_version=None):
    return place_order(
        checkout,
        gateway=gateway,
        fingerprint=quote(checkout).fingerprint if fingerprint is None else fingerprint,
        terms_version=terms_version,
    )


def test_freezes_what_was_agreed():
    variant = mug(price_minor=2900, cost_minor=1100)
    order = place({variant: 2}, gateway=COD)

    variant.price_minor = 1
    variant.save()
    variant.product.name = "Something else"
    variant.product.save()

    line = order.lines.get()
    assert (line.name, line.sku, line.quantity) == ("Contour mug", variant.sku, 2)
    assert (line.unit_minor, line.total_minor, line.tax_minor, line.cost_minor) == (2900, 5800, 967, 1100)
    assert (order.goods_minor, order.shipping_minor, order.total_minor) == (5800, 490, 6290)
    assert order.tax_minor == 967 + 82
    tax = order.tax_lines.get(line=line)
    assert (tax.name, tax.percent, tax.taxable_minor, tax.tax_minor) == ("VAT", 20, 4833, 967)
    assert order.addresses.get(kind=OrderAddress.Kind.BILLING).street == "Stephansplatz 1"
    assert order.quote["total_minor"] == 6290 and order.quote["steps"]


def test_owes_by_the_journal():
    order = make_order(at="cod")

    entry = order.journal.get()
    assert (entry.kind, entry.owed_minor) == (JournalEntry.Kind.PLACED, order.total_minor)
    assert (order.owed_minor, order.paid_minor, order.due_minor) == (order.total_minor, 0, order.total_minor)


def test_pressing_again_leads_to_the_same_order():
    checkout = make_checkout({mug(): 1})
    first = send(checkout)

    again = send(checkout, fingerprint="something else by now")

    assert again == first and Order.objects.count() == 1
    assert Event.objects.filter(name="order.placed").count() == 1
    assert Buyer.objects.get(email="ada@example.com").orders == 1


def test_the_reservation_becomes_the_orders_and_no_longer_expires():
    variant = mug()
    order = place({variant: 2}, gateway="cash_on_delivery")

    held = Reservation.objects.get()
    assert (held.holder, held.quantity, held.expires_at) == (order.holder, 2, None)
    assert stock.available([variant.pk])[variant.pk] == 3


def test_takes_the_goods_anew_when_the_reservation_ran_out():
    variant = mug()
    checkout = make_checkout({variant: 2})
    stock.release(checkout.holder)

    order = send(checkout)

    assert stock.promised(order.holder) == {variant.pk: 2}


def test_refuses_when_the_goods_went_meanwhile_and_changes_nothing():
    variant = mug()
    checkout = make_checkout({variant: 2})
    stock.release(checkout.holder)
    stock.reserve({variant.pk: 4}, holder="checkout:999", minutes=5)

    with pytest.raises(stock.OutOfStock) as refusal:
        send(checkout)

    assert refusal.value.data["short"] == {variant.pk: 1}
    assert not Order.objects.exists() and not JournalEntry.objects.exists()
    checkout.refresh_from_db()
    assert checkout.status == Checkout.Status.OPEN


def test_a_changed_price_stops_it_and_says_the_new_total():
    variant = mug()
    checkout = make_checkout({variant: 1})
    seen = quote(checkout).fingerprint
    variant.price_minor = 3100
    variant.save()

    with pytest.raises(PriceChanged) as refusal:
        send(checkout, fingerprint=seen)

    assert "€35.90" in refusal.value.message and refusal.value.data["quote"].total_minor == 3590
    assert not Order.objects.exists()
    assert send(checkout).total_minor == 3590


@pytest.mark.parametrize("fingerprint", ["", "0" * 64, "x"])
def test_a_made_up_fingerprint_places_nothing(fingerprint):
    with pytest.raises(PriceChanged):
        send(make_checkout({mug(): 1}), fingerprint=fingerprint)
    assert not Order.objects.exists()


def test_steps_cannot_be_skipped():
    checkout = make_checkout({mug(): 1}, filled=False)
    with pytest.raises(NotReady) as refusal:
        send(checkout)
    assert refusal.value.data["step"] == "details"

    checkout = make_checkout({mug(): 1})
    Checkout.objects.filter(pk=checkout.pk).update(shipping_method=None)
    with pytest.raises(NotReady) as refusal:
        send(checkout)
    assert refusal.value.data["step"] == "delivery"
    assert not Order.objects.exists()


@pytest.mark.parametrize("gateway", ["", "stripe", "nothing_to_pay", "barter"])
def test_only_offered_means_are_taken(gateway):
    """Without a key there are no cards, and an order that costs something is not free."""
    with pytest.raises(NotReady) as refusal:
        send(make_checkout({mug(): 1}), gateway=gateway)
    assert refusal.value.data["step"] == "payment" and not Order.objects.exists()


@pytest.mark.parametrize(("country", "price"), [("FR", 2900), ("AT", 30_001)])
def test_cash_on_delivery_keeps_its_limits(country, price, settings):
    from checkout.tests.factories import make_tax, make_zone

    make_zone("AT", "DE", "FR")
    make_tax("FR", "20")
    settings.SHOP_COD_MAX_MINOR = 30_000
    address = {"country": country, "postcode": "75001" if country == "FR" else "1010"}
    with pytest.raises(NotReady):
        send(make_checkout({mug(price_minor=price): 1}, address=address))


def test_the_terms_in_force_are_accepted():
    Page.objects.create(slug="terms", title="Terms", body="…", version=3)
    checkout = make_checkout({mug(): 1})
    for wrong in (None, 2, 4):
        with pytest.raises(NotReady):
            send(checkout, terms_version=wrong)
    assert send(checkout, terms_version=3).terms_version == 3


def test_an_abandoned_checkout_places_nothing():
    from checkout.starting import abandon

    checkout = make_checkout({mug(): 1})
    seen = quote(checkout).fingerprint
    abandon(checkout)
    with pytest.raises(CheckoutGone):
        send(checkout, fingerprint=seen)


def test_a_promise_confirms_at_once_and_empties_the_cart():
    variant, other = mug(), mug()
    checkout = make_checkout({variant: 2})
    CartLine.objects.create(cart=checkout.cart, variant=other, quantity=1, seen_minor=2900)

    order = Order.objects.get(pk=send(checkout).pk)

    assert order.status == Order.Status.CONFIRMED and order.confirmed_at
    assert order.payment_status == Order.PaymentStatus.UNPAID
    assert order.attempts.get().status == "promised"
    assert [line.variant for line in checkout.cart.lines.all()] == [other]


def test_the_cart_stays_whole_while_a_card_is_unpaid(stripe):
    checkout = make_checkout({mug(): 2})
    order = send(checkout, gateway="stripe")

    assert order.status == Order.Status.PLACED and order.pay_before
    assert checkout.cart.lines.get().quantity == 2


def test_what_costs_nothing_is_paid_by_being_placed():
    from checkout.models import ShippingRate

    checkout = make_checkout({mug(price_minor=0): 1})
    ShippingRate.objects.update(price_minor=0)

    order = send(checkout, gateway="nothing_to_pay")
    order.refresh_from_db()

    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert not order.attempts.exists()
    assert {event.name for event in Event.objects.filter(name__startswith="order.")} == {
        "order.placed",
        "order.confirmed",
        "order.paid",
    }


def test_emptying_twice_leaves_alone_what_was_put_in_since():
    from orders.emptying import empty_cart

    variant = mug()
    checkout = make_checkout({variant: 1})
    order = Order.objects.get(pk=send(checkout).pk)
    CartLine.objects.create(cart=checkout.cart, variant=variant, quantity=1, seen_minor=2900)

    empty_cart(order)

    assert checkout.cart.lines.get().quantity == 1
