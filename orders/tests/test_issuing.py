"""Gift cards as products: asked for, bought without delivery, issued once a piece, mailed on their day, taken back unused."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from cart import adding
from cart.tests.factories import make_cart
from cart.totals import totals
from catalog import publishing
from catalog.models import GiftCardTerms, Product
from catalog.products.customizing import NotAnswered
from catalog.tests.factories import make_product, make_variant
from checkout import filling, gift_cards, purses, store_credit, tendering
from checkout.gateways import offered
from checkout.purchasing import purchase_of
from checkout.quoting import quote
from checkout.tests.factories import make_card, make_checkout
from orders import cancelling, issuing, refunding, sending_cards
from orders.models import BoughtCard, Order
from orders.placing import place_order
from orders.settling import settle
from orders.tasks import issue_gift_cards
from shop.core import integrity
from shop.core.models import Message
from shop.core.outbox import deliver_due
from shop.tests.people import ada, grace
from shop.tests.walk import CARD, COD, fresh, mug, pay

pytestmark = pytest.mark.django_db
TO_BOB = {"custom-to_name": "Bob", "custom-to_email": "bob@example.com", "custom-message": "Enjoy <this>"}


def gift_card(*, price_minor=2500, own=(1000, 50_000)):
    """Sold for 25.00 and, in the shop's currency, for any amount from 10.00 to 500.00; valid for three years."""
    product = make_product(f"Isoline gift card {price_minor} {own}", kind=Product.Kind.GIFT_CARD)
    if own:
        GiftCardTerms.objects.create(product=product, lowest_minor=own[0], highest_minor=own[1])
    return make_variant(product=product, price_minor=price_minor)


def cart_with(variant, *, quantity=1, **given):
    cart = make_cart({})
    adding.add_line(cart, variant=variant, quantity=quantity, given=TO_BOB | given)
    return cart


def begun(*, quantity=1, variant=None, more=(), **given):
    """A checkout of Ada, who has store credit, with a gift card for Bob."""
    cart = cart_with(variant or gift_card(), quantity=quantity, **given)
    for other in more:
        adding.add_line(cart, variant=other, quantity=1)
    return make_checkout(cart=cart, user=ada(), method="standard" if more else "")


def ordered(checkout, *, gateway) -> Order:
    seen = quote(checkout).fingerprint
    return place_order(checkout, gateway=gateway, fingerprint=seen, terms_version=None)


def paid(**over) -> Order:
    checkout = begun(**over)
    store_credit.grant(ada(), amount_minor=100_000, currency="EUR", reason="Sorry", by=grace())
    tendering.use_credit(checkout, wanted=True)
    checkout.refresh_from_db()
    return fresh(ordered(checkout, gateway="nothing_to_pay"))


def healthy():
    return not any(integrity.run(["N05", "N06", "N07", "N08", "N09", "N10", "N16", "P01"]).values())


def test_asks_for_whom_it_is_and_refuses_what_does_not_fit():
    variant = gift_card()
    wrong = {
        "custom-to_name": "",
        "custom-to_email": "not an address",
        "custom-amount": "9.99",
        "custom-send_on": (timezone.localdate() - timedelta(days=1)).isoformat(),
    }
    with pytest.raises(NotAnswered) as refusal:
        adding.add_line(make_cart({}), variant=variant, quantity=1, given=wrong)
    assert set(refusal.value.data["form"].errors) == {"to_name", "to_email", "amount", "send_on"}
    late = {"custom-send_on": (timezone.localdate() + timedelta(days=400)).isoformat()}
    with pytest.raises(NotAnswered):
        cart_with(variant, **late)


def test_an_amount_of_ones_own_replaces_the_price():
    variant = gift_card()
    card = totals(cart_with(variant, **{"custom-amount": "80.50"})).lines[0]
    assert (card.unit.minor, card.card.details[0]) == (8050, "Another amount: €80.50")
    fixed = gift_card(own=None)
    assert totals(cart_with(fixed, **{"custom-amount": "80.50"})).lines[0].unit.minor == 2500


def test_two_people_are_two_lines():
    variant, cart = gift_card(), make_cart({})
    for name in ("Bob", "Carol", "Bob"):
        adding.add_line(cart, variant=variant, quantity=1, given={"custom-to_name": name})
    assert sorted(line.quantity for line in cart.lines.all()) == [1, 2]


def test_is_published_only_with_a_worth():
    variant = gift_card(price_minor=0)
    Product.objects.update(status="draft")
    variant.product.refresh_from_db()
    with pytest.raises(publishing.NotReady):
        publishing.publish(variant.product, by=grace())


def test_a_cart_of_gift_cards_needs_no_delivery_and_no_tax():
    checkout = make_checkout(cart=cart_with(gift_card()), filled=False)
    filling.set_contact(checkout, email="ada@example.com")
    checkout = filling.set_address(
        checkout,
        address={"name": "Ada", "street": "Weg 1", "postcode": "1010", "city": "Wien", "country": "AT"},
    )
    found = quote(checkout)
    assert filling.missing_step(checkout, found) is None and found.shipping is None
    assert (found.total_minor, found.tax_minor) == (2500, 0)
    assert COD not in [one.code for one in offered(purchase_of(checkout, found))]


def test_with_goods_beside_it_only_the_goods_travel():
    cart = cart_with(gift_card())
    adding.add_line(cart, variant=mug(), quantity=1)
    found = quote(make_checkout(cart=cart))
    assert found.shipping and found.total_minor == 2500 + 2900 + 490


def test_a_gift_card_does_not_pay_for_a_gift_card():
    _card, code = make_card(amount_minor=50_000)
    cart = cart_with(gift_card())
    adding.add_line(cart, variant=mug(), quantity=1)
    checkout = make_checkout(cart=cart)
    tendering.add_card(checkout, code=code)
    assert quote(checkout).due_minor == 2500

    alone = make_checkout(cart=cart_with(gift_card(price_minor=5000)), method="")
    with pytest.raises(tendering.CardNotAccepted):
        tendering.add_card(alone, code=code)


def test_is_issued_when_paid_once_a_piece_and_sent_with_its_code():
    order = paid(quantity=2)
    issue_gift_cards(order.pk)
    issuing.issue(order)

    cards = list(BoughtCard.objects.select_related("card"))
    assert [(one.piece, one.card.initial_minor, one.to_email) for one in cards] == [
        (1, 2500, "bob@example.com"),
        (2, 2500, "bob@example.com"),
    ]
    assert cards[0].card.expires_at > timezone.now() + timedelta(days=1000)
    assert all(one.sent_at for one in cards) and order.status == "completed"
    assert Message.objects.filter(name="gift_card").count() == 2
    assert Message.objects.filter(name="gift_card_sent", to=order.email).count() == 2
    assert healthy()


def test_is_not_issued_before_it_is_paid(stripe):
    order = ordered(begun(), gateway=CARD)
    assert issuing.issue(order) == []

    settle(pay(order))
    assert BoughtCard.objects.filter(line__order=fresh(order)).count() == 1 and healthy()


def test_the_stored_mail_hides_the_code_and_the_sent_one_tells_it(mailoutbox):
    paid()
    stored = Message.objects.get(name="gift_card")
    sent = next(one for one in mailoutbox if one.to == ["bob@example.com"])
    card = BoughtCard.objects.get().card
    code = next(line for line in sent.body.splitlines() if line.endswith(card.last_four))
    assert gift_cards.found_by(code) == card
    assert code not in stored.text + stored.html + stored.subject and stored.sealed is None
    assert "Ada Lovelace" in sent.subject and "Enjoy <this>" in sent.body
    assert "Enjoy &lt;this&gt;" in sent.alternatives[0][0]


def test_waits_for_its_day():
    day = timezone.localdate() + timedelta(days=3)
    paid(**{"custom-send_on": day.isoformat()})
    one = BoughtCard.objects.get()
    assert timezone.localdate(one.send_at) == day and not one.card.code_hash
    assert sending_cards.send_due() == 0

    BoughtCard.objects.update(send_at=Now())
    assert sending_cards.send_due() == 1 and sending_cards.send_due() == 0
    assert Message.objects.filter(name="gift_card").count() == 1


def test_sent_again_it_has_another_code(mailoutbox):
    paid()
    one = BoughtCard.objects.select_related("card").get()
    before = one.card.code_hash
    sending_cards.send_again(one, by=grace())
    one.refresh_from_db()
    one.card.refresh_from_db()
    assert one.sendings == 2 and one.card.code_hash != before


def test_the_link_in_the_mail_shows_the_card_to_be_printed(client, mailoutbox):
    paid()
    deliver_due()
    sent = next(one for one in mailoutbox if one.to == ["bob@example.com"])
    path = next(line for line in sent.body.splitlines() if "/gift-cards/" in line).split("//", 1)[1]
    page = client.get("/" + path.split("/", 1)[1])
    assert page.status_code == 200 and "For Bob" in page.text and "Enjoy &lt;this&gt;" in page.text
    assert page["Cache-Control"].startswith("private") and page["Referrer-Policy"] == "no-referrer"
    assert client.get("/gift-cards/made-up/").status_code == 404


def test_paying_an_unused_card_back_voids_it():
    order = paid(quantity=2)
    line = order.lines.get()
    refunding.refund(order, lines={line.pk: 1}, reason="Changed his mind", by=grace())
    worth = sorted(one.card.balance_minor for one in BoughtCard.objects.select_related("card"))
    assert worth == [0, 2500] and issuing.issue(order) == []
    assert healthy()


def test_a_used_card_cannot_be_paid_back():
    order = paid()
    card = BoughtCard.objects.get().card
    purses.adjust(card, amount_minor=-1, reason="Spent", by=grace())
    with pytest.raises(issuing.CardUsed):
        refunding.refund(order, reason="All of it", by=grace())
    with pytest.raises(issuing.CardUsed):
        refunding.refund(order, lines={order.lines.get().pk: 1}, reason="It", by=grace())
    assert not order.refunds.exists() and fresh(order).payment_status == "paid"


def test_cancelling_a_mixed_order_voids_its_cards():
    order = paid(more=[mug()])
    assert order.status == "confirmed" and order.fulfillment_status == "unfulfilled"
    assert order.fulfillment_orders.get().lines.count() == 1 and healthy()
    cancelling.cancel_order(order, reason="Not wanted", by=grace())
    card = BoughtCard.objects.get().card
    assert card.is_blocked and card.balance_minor == 0 and healthy()
