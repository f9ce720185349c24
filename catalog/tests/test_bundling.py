"""Sets: what they consist of, how many can be had, and what a sale moves."""

import time

import pytest
from django.db.models import ProtectedError

from catalog import ledger, publishing, stock
from catalog.finding.refreshing import refresh
from catalog.models import BundlePart, Movement, Product, ProductSearch, StockItem
from catalog.products import bundling, changing_kind
from catalog.products.bundling import NotASet, set_parts
from catalog.products.taking import takes_by_id
from catalog.stock import OutOfStock
from catalog.tests.factories import make_product, make_set, make_variant
from catalog.tests.test_stock_races import at_once, without_check, without_condition, without_lock
from shop.core import integrity
from shop.core.models import Event

pytestmark = pytest.mark.django_db


def turned(variant) -> int:
    return Event.objects.filter(name="variant.availability_turned", subject_id=variant.pk).count()


def test_there_are_as_many_sets_as_the_scarcest_part_allows():
    mug, book = make_variant(stock=7), make_variant(stock=5)
    desk = make_set({mug: 2, book: 1})

    assert stock.available([desk.pk, mug.pk]) == {desk.pk: 3, mug.pk: 7}
    stock.reserve({mug.pk: 2}, holder="checkout:1", minutes=15)
    assert stock.available([desk.pk]) == {desk.pk: 2}


def test_without_parts_there_is_none_of_it_and_nothing_can_come_in():
    hollow = make_variant(product=make_product(kind=Product.Kind.BUNDLE))

    assert stock.available([hollow.pk]) == {hollow.pk: 0}
    with pytest.raises(ledger.NotStocked):
        make_variant(product=hollow.product, stock=3)


def test_lists_hear_of_the_set_when_a_part_turns():
    mug, book = make_variant(stock=3), make_variant(stock=90)
    desk = make_set({mug: 2, book: 1})
    refresh([desk.product_id])
    assert ProductSearch.objects.get(product=desk.product).in_stock

    stock.reserve({mug.pk: 1}, holder="checkout:1", minutes=15)
    assert turned(desk) == 0  # two are left: one set
    stock.reserve({mug.pk: 2}, holder="checkout:1", minutes=15)
    assert turned(desk) == 1
    refresh([desk.product_id])
    assert not ProductSearch.objects.get(product=desk.product).in_stock
    stock.release("checkout:1")
    assert turned(desk) == 2


@pytest.mark.parametrize("wrong", ["set", "made", "nothing", "too many"])
def test_refuses_what_cannot_make_up_a_set(wrong):
    mug = make_variant(stock=3)
    desk = make_set({mug: 1})
    parts = {
        "set": {make_set({mug: 1}).pk: 1},
        "made": {make_variant(product=make_product(kind=Product.Kind.MADE)).pk: 1},
        "nothing": {},
        "too many": {mug.pk: 100},
    }[wrong]

    with pytest.raises(NotASet):
        set_parts(desk, parts=parts)

    assert {part.component_id: part.quantity for part in desk.parts.all()} == {mug.pk: 1}


def test_a_part_cannot_be_deleted_under_its_set_nor_change_its_kind():
    mug = make_variant(stock=None)
    make_set({mug: 1})

    with pytest.raises(ProtectedError):
        mug.delete()
    Product.objects.filter(pk=mug.product_id).update(status="draft")
    with pytest.raises(Exception, match="part of one"):
        changing_kind.check_change(Product.objects.get(pk=mug.product_id), Product.Kind.MADE)


def test_the_price_follows_the_parts_less_a_percentage():
    mug, book = make_variant(price_minor=1800), make_variant(price_minor=1995)
    desk = make_set({mug: 1, book: 2}, percent_off_parts=15)
    assert desk.price_minor == 4922  # 57.90 less 15 % is 49.215

    mug.price_minor = 2000
    mug.save()
    assert bundling.reprice_with(mug.product) == [desk.product_id]
    desk.refresh_from_db()
    assert desk.price_minor == 5092


def test_is_not_published_before_it_consists_of_something():
    hollow = make_variant(product=make_product(kind=Product.Kind.BUNDLE, published=False)).product
    with pytest.raises(publishing.NotReady, match="consists of"):
        publishing.publish(hollow)


@pytest.mark.parametrize(
    "kind, price, missing",
    [(Product.Kind.DIGITAL, 900, "Add the file"), (Product.Kind.GIFT_CARD, 0, "worth its price")],
)
def test_what_the_shop_cannot_hand_out_is_not_published(kind, price, missing):
    later = make_variant(product=make_product(kind=kind, published=False), price_minor=price).product
    with pytest.raises(publishing.NotReady, match=missing):
        publishing.publish(later)


def test_a_gift_card_with_a_price_is_published():
    card = make_variant(product=make_product(kind=Product.Kind.GIFT_CARD, published=False), price_minor=2500)
    publishing.publish(card.product)
    assert Product.objects.get(pk=card.product_id).status == Product.Status.ACTIVE


def test_the_check_names_a_set_in_a_set_and_rows_that_are_wrong():
    mug = make_variant(stock=3)
    desk = make_set({mug: 1})
    refresh([desk.product_id, mug.product_id])
    assert integrity.run(["C06", "C01"]) == {"C06-sets": [], "C01-search-rows": []}

    other = make_set({mug: 1})
    BundlePart.objects.create(bundle=other, component=desk)
    ProductSearch.objects.filter(product=desk.product).update(in_stock=False)

    assert len(integrity.run(["C06"])["C06-sets"]) == 1


def buyers(mug, desk) -> list[tuple[dict[int, int], str]]:
    """Six want the last mug alone, six the set with it in."""
    parts = takes_by_id([desk.pk])[desk.pk]
    return [(({mug.pk: 1} if n % 2 else dict(parts)), f"checkout:{n}") for n in range(12)]


def promised(mug, desk) -> int:
    calls = [
        lambda wanted=wanted, holder=holder: stock.reserve(wanted, holder=holder, minutes=15)
        for wanted, holder in buyers(mug, desk)
    ]
    return sum(isinstance(outcome, list) for outcome in at_once(calls))


@pytest.mark.django_db(transaction=True)
def test_the_last_piece_is_promised_once_to_a_buyer_of_the_set_or_of_the_part():
    mug, book = make_variant(stock=1), make_variant(stock=50)
    desk = make_set({mug: 1, book: 1})

    assert promised(mug, desk) == 1
    assert StockItem.objects.get(variant=mug).reserved == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_any_guard_the_last_piece_goes_twice(monkeypatch):
    mug, book = make_variant(stock=1), make_variant(stock=50)
    desk = make_set({mug: 1, book: 1})
    monkeypatch.setattr(stock, "locked", without_lock)
    monkeypatch.setattr(ledger, "_write", without_condition)
    monkeypatch.setattr(ledger, "_tell_sets", lambda *given: time.sleep(0))
    with without_check():
        assert promised(mug, desk) > 1


def test_the_ledger_shows_the_parts():
    mug, book = make_variant(stock=4), make_variant(stock=4)
    desk = make_set({mug: 2, book: 1})
    taken = takes_by_id([desk.pk])[desk.pk]

    stock.reserve(taken, holder="order:7", minutes=15)

    told = Movement.objects.filter(reference="order:7").values_list("stock_item__variant", "reserved_delta")
    assert dict(told) == {mug.pk: 2, book.pk: 1}
    with pytest.raises(OutOfStock):
        stock.reserve({mug.pk: 3}, holder="order:8", minutes=15)
