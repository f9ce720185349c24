import pytest

from cart import adding, gifting
from cart.models import Cart, GiftOption
from cart.tests.factories import make_cart
from cart.totals import totals
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


def make_option(name="Contour paper", *, kind=GiftOption.Kind.WRAP, price_minor=390, **over) -> GiftOption:
    return GiftOption.objects.create(name=name, kind=kind, price_minor=price_minor, **over)


def present(cart, **over):
    wanted = {"wrap": None, "greeting_card": None, "message": "", "note": ""} | over
    return gifting.present(cart, **wanted)


def cart_with_cookie(client):
    variant = make_variant(stock=5)
    client.post("/cart/lines/", {"variant": variant.pk, "quantity": 1}, headers=OURS)
    return Cart.objects.get()


def test_wrap_and_card_are_charges_beside_the_goods():
    wrap, card = make_option(), make_option("Card", kind=GiftOption.Kind.CARD, price_minor=250)
    cart = present(make_cart(), wrap=wrap.pk, greeting_card=card.pk)
    found = totals(cart)
    assert [(extra.kind, extra.price_minor) for extra in found.extras] == [("wrap", 390), ("card", 250)]
    assert found.goods == totals(make_cart()).goods


@pytest.mark.parametrize("over", [{"is_active": False}, {"currency": "CHF"}, {"kind": GiftOption.Kind.CARD}])
def test_what_is_not_offered_as_a_wrap_is_refused_and_changes_nothing(over):
    option, cart = make_option(**over), make_cart()
    with pytest.raises(gifting.NotOffered):
        present(cart, wrap=option.pk, note="hello")
    cart.refresh_from_db()
    assert (cart.wrap, cart.order_note) == (None, "")


def test_one_that_is_withdrawn_later_does_not_count():
    option = make_option()
    cart = present(make_cart(), wrap=option.pk)
    GiftOption.objects.update(is_active=False)
    assert totals(cart).extras == ()


def test_another_currency_has_its_own_price_or_none():
    here, there = make_option(), make_option(currency="CHF", price_minor=420)
    lone = make_option("Card", kind=GiftOption.Kind.CARD)
    cart = present(make_cart(), wrap=here.pk, greeting_card=lone.pk)
    adding.change_currency(cart, currency="CHF")
    cart.refresh_from_db()
    assert (cart.wrap, cart.greeting_card) == (there, None)
    assert [(extra.price_minor, extra.currency) for extra in totals(cart).extras] == [(420, "CHF")]


def test_the_page_asks_and_keeps_what_was_said(client):
    option = make_option()
    cart = cart_with_cookie(client)
    said = {"wrap": option.pk, "greeting_card": "", "message": "For Ada\n<b>!", "note": "Ring twice"}
    answer = client.post("/cart/gift/", said)
    assert answer.status_code == 303
    cart.refresh_from_db()
    assert (cart.wrap, cart.gift_message, cart.order_note) == (option, "For Ada\n<b>!", "Ring twice")
    page = client.get("/cart/").content.decode()
    assert "For Ada\n&lt;b&gt;!</textarea>" in page and "Contour paper" in page


@pytest.mark.parametrize(
    "bad", [{"wrap": "999999"}, {"wrap": "x"}, {"message": "x" * 501}, {"note": "a\x00b"}, {"wrap": "-1"}]
)
def test_nonsense_is_answered_beside_the_field(client, bad):
    make_option()
    cart = cart_with_cookie(client)
    answer = client.post("/cart/gift/", {"wrap": "", "message": "kept words", "note": ""} | bad)
    text = answer.content.decode()
    assert answer.status_code == 422 and 'class="error"' in text and "<title>Error: " in text
    cart.refresh_from_db()
    assert (cart.wrap, cart.gift_message, cart.order_note) == (None, "", "")


def test_without_a_cart_there_is_nothing_to_present(client):
    assert client.post("/cart/gift/", {}).status_code == 404
