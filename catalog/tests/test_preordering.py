"""What is sold before it is there: how many, until when, and who gets it first when it comes."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from catalog import preordering, stock
from catalog.finding import refreshing
from catalog.models import Movement, ProductSearch, Reservation, StockItem, Variant
from catalog.preordering import WrongPreorder
from catalog.products.readying import missing
from catalog.tests.factories import make_location, make_product, make_set, make_variant, put_on_shelf
from shop.core import integrity
from shop.core.models import Event

pytestmark = pytest.mark.django_db
SOON = preordering.today() + timedelta(days=20)


def preorder(*, pieces=10, there=0, **over) -> Variant:
    variant = make_variant(stock=there, **over)
    preordering.take_preorders(variant, ships_by=SOON, pieces=pieces)
    return variant


def hold(variant, pieces, holder, minutes=15):
    stock.reserve({variant.pk: pieces}, holder=holder, minutes=minutes)


def order(variant, pieces, number):
    hold(variant, pieces, f"checkout:{number}")
    stock.commit(f"checkout:{number}", to=f"order:{number}")


def figures(variant) -> tuple[int, int, int, int]:
    return StockItem.objects.values_list("on_hand", "reserved", "expected", "preordered").get(variant=variant)


def clean() -> bool:
    return not any(integrity.run(["N01", "N02", "N03", "N21", "N22", "N23"]).values())


def test_what_lies_there_is_promised_before_what_is_expected():
    print_ = preorder(pieces=10, there=2)
    assert stock.available([print_.pk]) == {print_.pk: 12}
    hold(print_, 5, "checkout:1")
    assert figures(print_) == (2, 2, 10, 3) and stock.awaited("checkout:1") == {print_.pk: 3}
    assert stock.promised("checkout:1") == {print_.pk: 5} and stock.available([print_.pk]) == {print_.pk: 7}
    assert clean()


def test_the_cap_is_the_end_of_it():
    print_ = preorder(pieces=3)
    hold(print_, 3, "checkout:1")
    with pytest.raises(stock.OutOfStock):
        hold(print_, 1, "checkout:2")
    assert figures(print_) == (0, 0, 3, 3)


def test_what_comes_in_goes_to_the_oldest_order_first_and_is_expected_no_longer():
    print_ = preorder(pieces=10)
    hold(print_, 2, "checkout:9")
    order(print_, 3, 1)
    order(print_, 2, 2)
    put_on_shelf(print_, 4)
    assert figures(print_) == (4, 4, 6, 3)
    assert stock.awaited("order:1") == {} and stock.awaited("order:2") == {print_.pk: 1}
    assert stock.awaited("checkout:9") == {print_.pk: 2}  # a checkout waits for all orders
    told = Event.objects.filter(name="variant.preorders_served").get()
    assert told.data["holders"] == ["order:1", "order:2"]
    put_on_shelf(print_, 20)
    assert figures(print_) == (24, 7, 0, 0) and stock.available([print_.pk]) == {print_.pk: 17}
    assert clean()


def test_goods_that_come_in_elsewhere_serve_those_who_wait_here():
    print_, other = preorder(pieces=5), make_location("cellar", preference=9)
    order(print_, 4, 1)
    put_on_shelf(print_, 3, location=other)
    here = StockItem.objects.get(variant=print_, location=other)
    assert (here.on_hand, here.reserved, here.expected, here.preordered) == (3, 3, 2, 1)
    assert stock.promised("order:1") == {print_.pk: 4} and stock.awaited("order:1") == {print_.pk: 1}
    assert clean()


def test_a_piece_that_somebody_gives_back_goes_to_who_waits_and_another_may_be_preordered():
    print_ = preorder(pieces=1, there=1)
    order(print_, 1, 1)
    order(print_, 1, 2)
    stock.release("order:1")
    assert stock.awaited("order:2") == {} and figures(print_) == (1, 1, 1, 0) and clean()
    assert stock.available([print_.pk]) == {print_.pk: 1}


def test_of_a_part_given_back_what_is_not_there_goes_first():
    print_ = preorder(pieces=5, there=1)
    order(print_, 3, 1)
    stock.release_some("order:1", variant=print_.pk, quantity=2)
    assert stock.awaited("order:1") == {} and stock.promised("order:1") == {print_.pk: 1} and clean()


def test_checkouts_that_end_together_never_get_each_others_pieces():
    print_ = preorder(pieces=5, there=2)
    hold(print_, 2, "checkout:1", minutes=0)
    hold(print_, 2, "checkout:2", minutes=0)
    hold(print_, 1, "checkout:3")
    assert stock.release_expired() == 2
    assert figures(print_) == (2, 1, 5, 0) and stock.promised("checkout:3") == {print_.pk: 1} and clean()


def test_returned_goods_serve_who_waits_and_leave_what_is_expected():
    print_ = preorder(pieces=4)
    order(print_, 2, 1)
    stock.restock(print_, location=make_location(), quantity=1, reference="return:1")
    assert figures(print_) == (1, 1, 4, 1) and clean()


def test_nothing_that_waits_can_be_shipped():
    print_ = preorder(pieces=4, there=1)
    order(print_, 2, 1)
    with pytest.raises(stock.OutOfStock):
        stock.ship("order:1", variant=print_.pk, quantity=2)
    stock.ship("order:1", variant=print_.pk, quantity=1)
    assert figures(print_) == (0, 0, 4, 1) and clean()


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"ships_by": SOON - timedelta(days=21)}, "preorder_day"),
        ({"pieces": 1}, "preorder_pieces"),
        ({"pieces": 1_000_000}, "preorder_pieces"),
    ],
)
def test_refuses_a_day_that_has_passed_and_a_cap_below_what_is_promised(over, field):
    print_ = preorder(pieces=4)
    hold(print_, 2, "checkout:1")
    with pytest.raises(WrongPreorder) as refusal:
        preordering.take_preorders(print_, **({"ships_by": SOON, "pieces": 9} | over))
    assert refusal.value.data["field"] == field and figures(print_) == (0, 0, 4, 2)


def test_what_is_not_kept_in_stock_cannot_be_preordered():
    sign = make_variant(product=make_product(kind="made"))
    with pytest.raises(WrongPreorder):
        preordering.take_preorders(sign, ships_by=SOON, pieces=3)
    assert not StockItem.objects.filter(variant=sign, expected__gt=0).exists()


def test_when_the_day_has_passed_no_more_is_promised_and_the_seller_is_asked():
    print_ = preorder(pieces=5)
    order(print_, 2, 1)
    Variant.objects.filter(pk=print_.pk).update(ships_by=preordering.today() - timedelta(days=1))
    assert preordering.stop_overdue() == 1 and preordering.stop_overdue() == 0
    assert figures(print_) == (0, 0, 2, 2) and preordering.overdue() == [print_]
    assert "ships by" not in preordering.in_words(Variant.objects.get(pk=print_.pk).ships_by)
    assert "A day for the preorder" in {point.label for point in missing(print_.product)}
    put_on_shelf(print_, 2)
    assert preordering.overdue() == [] and clean()


def test_stopping_with_nothing_promised_forgets_the_day():
    print_ = preorder(pieces=5)
    preordering.stop_preorders(print_)
    assert Variant.objects.get(pk=print_.pk).ships_by is None and figures(print_) == (0, 0, 0, 0)
    assert Movement.objects.filter(kind="expect").count() == 2 and clean()


def test_page_card_feed_and_search_engines_say_the_same(client):
    print_ = preorder(sku="PRE-1", product=make_product("Silk Equation", slug="silk"))
    refreshing.refresh([print_.product_id])
    page = client.get("/products/silk/").text
    words = f"Preorder: ships by {date_format(SOON, 'MONTH_DAY_FORMAT')}"
    assert preordering.in_words(SOON).startswith(words) and words in page
    assert (
        "https://schema.org/PreOrder" in page
        and f'"availabilityStarts": "{SOON.isoformat()}"' in page.replace('":"', '": "')
    )
    assert ">Preorder<" in page and "Add to cart" not in page
    row = ProductSearch.objects.get(pk=print_.product_id)
    assert row.in_stock and row.card["ships_by"] == SOON.isoformat()
    put_on_shelf(print_, 3)
    refreshing.refresh([print_.product_id])
    assert ProductSearch.objects.get(pk=print_.product_id).card["ships_by"] == ""


def test_a_set_is_a_preorder_where_one_of_its_parts_is(client):
    mug, print_ = make_variant(stock=5), preorder(pieces=4)
    bundle = make_set({mug: 1, print_: 2})
    refreshing.refresh([bundle.product_id])
    assert stock.available([bundle.pk]) == {bundle.pk: 2}
    assert "Preorder: ships by" in client.get(bundle.product.get_absolute_url()).text


def test_reserving_again_keeps_what_is_held():
    print_ = preorder(pieces=2, there=1)
    hold(print_, 3, "checkout:1")
    hold(print_, 3, "checkout:1")
    assert figures(print_) == (1, 1, 2, 2) and Reservation.objects.count() == 1 and clean()
