import pytest

from cart import telling, wishing
from cart.models import Cart, Wishlist
from cart.tests.factories import make_cart
from catalog.models import StockItem, Variant
from catalog.tests.factories import make_variant
from shop.accounts.models import User
from shop.core.models import Event, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return User.objects.create_user("ada@example.com", name="Ada Lovelace", language="de")


def wished(cart, **over) -> Variant:
    variant = make_variant(**({"stock": 5} | over))
    wishing.wish(cart, variant=variant)
    return variant


def priced(variant, minor):
    Variant.objects.filter(pk=variant.pk).update(price_minor=minor)


def test_a_drop_is_told_once_and_again_only_when_it_falls_further(ada):
    cart = make_cart({}, user=ada)
    teapot = wished(cart)
    telling.allow(cart.wishlists.get(), by=ada)
    assert telling.tell_all() == 0
    for minor, mails in ((2400, 1), (2400, 1), (2600, 1), (2300, 2)):
        priced(teapot, minor)
        telling.tell_all()
        assert Message.objects.count() == mails, minor
    first = Message.objects.order_by("pk")[0]
    assert (first.to, first.language) == ("ada@example.com", "de")
    for body in (first.text, first.html):
        assert teapot.full_name in body and "24" in body and "29" in body


def test_back_in_stock_is_told_once_and_all_news_come_in_one_mail(ada):
    cart = make_cart({}, user=ada)
    gone, dear = wished(cart, stock=0), wished(cart)
    telling.allow(cart.wishlists.get(), by=ada)
    StockItem.objects.filter(variant=gone).update(on_hand=5)
    priced(dear, 2000)
    assert telling.tell_all() == 1 and telling.tell_all() == 0
    message = Message.objects.get()
    assert gone.full_name in message.text and dear.full_name in message.text


def test_without_consent_nobody_is_written_to(ada):
    teapot = wished(make_cart({}, user=ada))
    guest = make_cart({})
    wishing.wish(guest, variant=teapot)
    telling.allow(guest.wishlists.get(), by=None)
    priced(teapot, 1000)
    assert telling.tell_all() == 0 and not Message.objects.exists()


def test_consent_is_given_kept_and_taken_back_by_the_link_in_the_mail(client, ada):
    cart = make_cart({}, user=ada)
    teapot, wishlist = wished(cart), cart.wishlists.get()
    client.force_login(ada)
    client.post(f"/wishlists/{wishlist.pk}/news/", {"wanted": "yes"})
    assert Wishlist.objects.get().news_since and Event.objects.filter(name="wishlist.news_allowed").exists()
    client.logout()
    link = f"/alerts/wishlists/{telling.stop_token(wishlist)}/"
    assert client.get(link).status_code == 200 and Wishlist.objects.get().news_since
    assert client.post(link).status_code == 303
    assert Wishlist.objects.get().news_since is None
    assert Event.objects.filter(name="wishlist.news_stopped").exists()
    priced(teapot, 1000)
    assert telling.tell_all() == 0


def test_another_currency_is_not_compared(ada):
    cart = make_cart({}, user=ada)
    teapot = wished(cart)
    telling.allow(cart.wishlists.get(), by=ada)
    Cart.objects.update(currency="CHF")
    priced(teapot, 100)
    assert telling.tell_all() == 0
