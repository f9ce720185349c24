import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.db.models.functions import Now

from catalog import stock
from catalog.models import Movement, Reservation, StockItem
from catalog.stock import OutOfStock
from catalog.tests.factories import make_location, make_variant, put_on_shelf
from shop.core.models import Event

pytestmark = pytest.mark.django_db


def figures(variant) -> tuple[int, int]:
    row = StockItem.objects.filter(variant=variant).aggregate(
        on_hand=Sum("on_hand"), reserved=Sum("reserved")
    )
    return row["on_hand"], row["reserved"]


def expire(holder):
    Reservation.objects.filter(holder=holder).update(expires_at="2000-01-01T00:00Z")


def test_a_promise_lowers_what_others_can_have():
    mug = make_variant(stock=5)
    stock.reserve({mug.pk: 3}, holder="checkout:1", minutes=15)
    assert figures(mug) == (5, 3) and stock.available([mug.pk]) == {mug.pk: 2}


def test_refuses_a_line_that_cannot_be_promised_whole_and_changes_nothing():
    mug, print_, tee = make_variant(stock=1), make_variant(stock=9), make_variant()

    with pytest.raises(OutOfStock) as refusal:
        stock.reserve({mug.pk: 2, print_.pk: 4, tee.pk: 1}, holder="checkout:1", minutes=15)

    assert refusal.value.data["short"] == {mug.pk: 1, tee.pk: 0}
    assert figures(print_) == (9, 0) and not Reservation.objects.exists()
    assert Movement.objects.exclude(kind="receive").count() == 0


def test_reserving_again_replaces_the_old_promise_and_books_only_the_difference():
    mug, tee = make_variant(stock=5), make_variant(stock=5)
    stock.reserve({mug.pk: 3, tee.pk: 1}, holder="checkout:1", minutes=15)
    stock.reserve({mug.pk: 5}, holder="checkout:1", minutes=15)

    assert figures(mug) == (5, 5) and figures(tee) == (5, 0)
    booked = Movement.objects.filter(kind__in=["reserve", "release"]).order_by("pk")
    assert [(m.stock_item.variant, m.kind, m.reserved_delta) for m in booked] == [
        (mug, "reserve", 3),
        (tee, "reserve", 1),
        (mug, "reserve", 2),
        (tee, "release", -1),
    ]


def test_reserving_the_same_again_books_nothing_and_renews_the_time():
    mug = make_variant(stock=2)
    stock.reserve({mug.pk: 2}, holder="checkout:1", minutes=15)
    expire("checkout:1")
    stock.reserve({mug.pk: 2}, holder="checkout:1", minutes=15)
    assert Movement.objects.filter(kind="reserve").count() == 1
    assert not Reservation.objects.expired().exists()


def test_one_variant_may_come_from_two_places_the_preferred_first():
    near, far = make_location("near", preference=1), make_location("far", preference=2)
    closed = make_location("closed", preference=0, is_active=False)
    mug = make_variant()
    for location, pieces in ((far, 5), (near, 2), (closed, 9)):
        put_on_shelf(mug, pieces, location=location)

    held = stock.reserve({mug.pk: 4}, holder="checkout:1", minutes=15)

    assert {row.stock_item.location.code: row.quantity for row in held} == {"near": 2, "far": 2}
    assert stock.available([mug.pk]) == {mug.pk: 3}


def test_the_sweeper_gives_back_what_ran_out_and_leaves_the_rest():
    mug = make_variant(stock=9)
    for holder, pieces in (("checkout:1", 2), ("checkout:2", 3)):
        stock.reserve({mug.pk: pieces}, holder=holder, minutes=15)
    expire("checkout:1")
    assert stock.release_expired() == 1
    assert figures(mug) == (9, 3) and stock.release_expired() == 0


def test_a_renewed_or_committed_promise_does_not_run_out():
    mug = make_variant(stock=9)
    for holder in ("checkout:1", "checkout:2"):
        stock.reserve({mug.pk: 2}, holder=holder, minutes=15)
        expire(holder)
    assert stock.renew("checkout:1", minutes=5) == 1
    [held] = stock.commit("checkout:2", to="order:7")
    assert (held.holder, held.expires_at, held.quantity) == ("order:7", None, 2)
    assert stock.release_expired() == 0 and figures(mug) == (9, 4)


def test_committing_what_was_swept_away_promises_nothing():
    mug = make_variant(stock=1)
    stock.reserve({mug.pk: 1}, holder="checkout:1", minutes=15)
    expire("checkout:1")
    stock.release_expired()
    assert stock.commit("checkout:1", to="order:7") == []


def test_an_order_keeps_its_promise_when_it_is_committed_twice():
    mug = make_variant(stock=3)
    stock.reserve({mug.pk: 2}, holder="checkout:1", minutes=15)
    stock.commit("checkout:1", to="order:7")
    [held] = stock.commit("checkout:1", to="order:7")
    assert held.quantity == 2 and stock.renew("order:7", minutes=1) == 0


def test_shipping_lowers_on_hand_and_reserved_together():
    mug = make_variant(stock=5)
    stock.reserve({mug.pk: 3}, holder="order:7", minutes=15)
    stock.ship("order:7", variant=mug.pk, quantity=2, reference="shipment:4")
    assert figures(mug) == (3, 1)
    shipped = Movement.objects.get(kind="ship")
    assert (shipped.on_hand_delta, shipped.reserved_delta, shipped.reference) == (-2, -2, "shipment:4")
    stock.ship("order:7", variant=mug.pk, quantity=1)
    assert figures(mug) == (2, 0) and not Reservation.objects.exists()


@pytest.mark.parametrize("quantity", [2, 0, -1])
def test_refuses_to_ship_or_release_what_is_not_promised(quantity):
    mug = make_variant(stock=5)
    stock.reserve({mug.pk: 1}, holder="order:7", minutes=15)
    for move in (stock.ship, stock.release_some):
        with pytest.raises(OutOfStock):
            move("order:7", variant=mug.pk, quantity=quantity)
    assert figures(mug) == (5, 1)


def test_ships_from_the_named_place_only():
    near, far = make_location("near", preference=1), make_location("far", preference=2)
    mug = make_variant()
    put_on_shelf(mug, 1, location=near)
    put_on_shelf(mug, 4, location=far)
    stock.reserve({mug.pk: 3}, holder="order:7", minutes=15)
    with pytest.raises(OutOfStock):
        stock.ship("order:7", variant=mug.pk, quantity=2, location=near.pk)
    stock.ship("order:7", variant=mug.pk, quantity=2, location=far.pk)
    assert StockItem.objects.get(location=far).on_hand == 2


def test_releasing_gives_back_some_or_all():
    mug, tee = make_variant(stock=5), make_variant(stock=5)
    stock.reserve({mug.pk: 3, tee.pk: 2}, holder="order:7", minutes=15)
    stock.release_some("order:7", variant=mug.pk, quantity=1, reason="line changed")
    assert figures(mug) == (5, 2)
    assert stock.release("order:7", reason="cancelled") == 4
    assert stock.release("order:7") == 0
    assert figures(mug) == figures(tee) == (5, 0)


def test_goods_come_in_and_come_back():
    mug, place = make_variant(stock=1), make_location()
    stock.receive(mug, location=place, quantity=4, reference="receipt:1")
    assert stock.restock(mug, location=place, quantity=2, reference="return:3").on_hand == 7
    for quantity in (0, -1):
        with pytest.raises(ValueError):
            stock.receive(mug, location=place, quantity=quantity)


def test_a_shelf_is_adjusted_or_counted_but_not_below_what_is_promised():
    mug = make_variant(stock=5)
    stock.reserve({mug.pk: 3}, holder="order:7", minutes=15)
    shelf = StockItem.objects.get(variant=mug)
    stock.adjust(shelf, delta=-1, reason="broken")
    stock.count(shelf, counted=3)
    assert figures(mug) == (3, 3) and shelf.on_hand == 3
    with pytest.raises(OutOfStock) as refusal:
        stock.count(shelf, counted=2)
    assert "3 pieces are promised" in refusal.value.message
    stock.count(shelf, counted=3)
    assert list(Movement.objects.order_by("pk").values_list("kind", "on_hand_delta"))[-2:] == [
        ("adjust", -1),
        ("count", -1),
    ]


def test_lists_are_told_only_when_what_they_show_turns():
    mug = make_variant(stock=10, low_stock_at=3)
    told = lambda: Event.objects.filter(name="variant.availability_turned", subject_id=mug.pk).count()  # noqa: E731
    before = told()
    for pieces, turns in ((6, 0), (8, 1), (10, 2), (9, 3)):
        stock.reserve({mug.pk: pieces}, holder="checkout:1", minutes=15)
        assert told() - before == turns


def test_the_ledger_and_the_table_defend_themselves():
    mug = make_variant(stock=2)
    for attack in (
        lambda: Movement.objects.update(on_hand_delta=9),
        lambda: Movement.objects.all()._raw_delete("default"),
        lambda: StockItem.objects.update(reserved=3),
        lambda: StockItem.objects.update(reserved=-1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    assert figures(mug) == (2, 0)


def test_refuses_to_promise_fewer_than_none():
    mug = make_variant(stock=2)
    with pytest.raises(ValueError):
        stock.reserve({mug.pk: -1}, holder="checkout:1", minutes=15)
    assert stock.reserve({mug.pk: 0}, holder="checkout:1", minutes=15) == []


def test_expiry_goes_by_the_databases_clock(time_machine):
    mug = make_variant(stock=2)
    stock.reserve({mug.pk: 1}, holder="checkout:1", minutes=15)
    time_machine.move_to("2099-01-01")
    assert stock.release_expired() == 0
    assert Reservation.objects.filter(expires_at__gt=Now()).exists()


@pytest.mark.parametrize("many", [2, 9])
def test_a_promise_asks_as_often_for_one_line_as_for_many(many, django_assert_max_num_queries):
    wanted = {make_variant(stock=20).pk: 2 for _ in range(many)}
    with django_assert_max_num_queries(10):
        stock.reserve(wanted, holder="checkout:1", minutes=15)
