"""What a customer sees of promotions in the cart."""

import pytest

from cart.merging import merge
from cart.models import Cart
from cart.tests.factories import make_cart, make_promotion
from catalog.tests.factories import make_variant
from checkout.tests.factories import make_zone
from shop.tests.people import ada

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper(client):
    make_zone()
    variant = make_variant(stock=9, price_minor=2700)
    client.post(
        "/cart/lines/", {"variant": variant.pk, "quantity": 2}, headers={"sec-fetch-site": "same-origin"}
    )
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_code_is_entered_shown_by_name_and_removed(shopper):
    make_promotion(codes={"WELCOME10": {}})
    assert "Have a code?" in text(shopper.get("/cart/"))
    shown = text(shopper.post("/cart/codes/", {"code": "welcome 10"}, follow=True))
    assert "The code WELCOME10 is in your cart." in shown
    assert "Autumn sale" in shown and "-€5.40" in shown and "€53.50" in shown  # 48.60 and 4.90 of delivery
    shown = text(shopper.post("/cart/codes/removal/", {"code": "WELCOME10"}, follow=True))
    assert "Autumn sale" not in shown and "€58.90" in shown


def test_what_was_typed_stays_with_the_reason_beside_it(shopper):
    answer = shopper.post("/cart/codes/", {"code": "nosuch"})
    assert answer.status_code == 422
    assert 'value="nosuch"' in text(answer) and 'href="#code"' in text(answer)
    assert "We do not know this code." in text(answer)


def test_a_code_that_needs_more_stays_and_says_what(shopper):
    make_promotion(codes={"MORE": {}}, min_total_minor=6000)
    shown = text(shopper.post("/cart/codes/", {"code": "more"}, follow=True))
    assert "It needs €6.00 more." in shown
    assert "€6.00 more and you save 10 %." in shown
    assert "€58.90" in shown


def test_offers_within_reach_are_told(shopper):
    make_promotion("free_delivery", name="Delivery on us", min_total_minor=6000)
    assert "€6.00 more and delivery is free." in text(shopper.get("/cart/"))


def test_a_gift_is_offered_until_it_lies_in_the_cart(shopper):
    gift = make_variant(stock=3, price_minor=500)
    make_promotion("gift", name="A present", gifts=[gift.product], min_total_minor=5000)
    shown = text(shopper.get("/cart/"))
    assert "Put your gift into the cart and it costs nothing." in shown
    assert gift.product.get_absolute_url() in shown
    shopper.post(
        "/cart/lines/", {"variant": gift.pk, "quantity": 1}, headers={"sec-fetch-site": "same-origin"}
    )
    shown = text(shopper.get("/cart/"))
    assert "A present" in shown and "-€5.00" in shown and "Put your gift" not in shown


def test_a_visitor_without_a_cart_is_sent_to_it(client):
    for path in ("/cart/codes/", "/cart/codes/removal/"):
        assert client.post(path, {"code": "X"}).status_code == 303
    assert not Cart.objects.exists()


def test_codes_come_along_when_carts_are_merged():
    person = ada()
    guest, own = make_cart({}), make_cart({}, user=person)
    Cart.objects.filter(pk=guest.pk).update(codes=["A", "B"])
    Cart.objects.filter(pk=own.pk).update(codes=["B", "C"])
    guest.refresh_from_db()
    assert merge(guest, into=person).codes == ["A", "B", "C"]
