import pytest

from cart.tests.factories import make_cart
from cart.totals import count_of, totals
from catalog import stock
from catalog.models import StockItem, Variant
from catalog.tests.factories import make_variant

pytestmark = pytest.mark.django_db


def shrink(variant, left):
    item = StockItem.objects.get(variant=variant)
    stock.adjust(item, delta=left - item.on_hand, reason="test")


def test_adds_up():
    cart = make_cart({make_variant(stock=9, price_minor=2900): 2, make_variant(stock=9, price_minor=450): 3})
    found = totals(cart)
    assert (found.goods.minor, found.count, found.notices) == (2 * 2900 + 3 * 450, 5, ())
    assert count_of(cart) == 5


def test_nothing_is_a_cart_too():
    assert totals(None).lines == () and count_of(None) == 0
    assert totals(make_cart({})).goods.minor == 0


@pytest.mark.parametrize(
    ("now", "words"), [(3100, "risen from €29.00 to €31.00"), (2500, "fallen from €29.00 to €25.00")]
)
def test_a_changed_price_counts_and_is_told(now, words):
    teapot = make_variant(stock=9, price_minor=2900)
    cart = make_cart({teapot: 1})
    Variant.objects.filter(pk=teapot.pk).update(price_minor=now)
    (line,) = totals(cart).lines
    assert words in line.notice and line.kind == "info"
    assert line.total.minor == now


def test_of_what_is_scarce_what_is_left_counts():
    teapot = make_variant(stock=5)
    cart = make_cart({teapot: 4})
    shrink(teapot, 1)
    (line,) = totals(cart).lines
    assert (line.wanted, line.quantity, line.kind) == (4, 1, "warn")
    assert line.notice == "You wanted 4, only 1 is left. We count 1."


def test_what_is_sold_out_or_withdrawn_is_shown_but_not_counted():
    gone, hidden = make_variant(stock=5), make_variant(stock=5)
    cart = make_cart({gone: 1, hidden: 1})
    shrink(gone, 0)
    Variant.objects.filter(pk=hidden.pk).update(is_active=False)
    found = totals(cart)
    assert [line.kind for line in found.lines] == ["error", "error"]
    assert found.counted == () and found.goods.minor == 0


@pytest.mark.parametrize("many", [1, 12])
def test_asks_as_often_for_one_line_as_for_many(many, django_assert_max_num_queries):
    cart = make_cart({make_variant(stock=9): 1 for _ in range(many)})
    cart.holder = "checkout:1"
    with django_assert_max_num_queries(6):
        totals(cart)
