"""What a delivery costs: pure, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.models import ShippingMethod, ShippingRate, ShippingSurcharge, ShippingZone, postcode_areas
from checkout.shipping.packing import Piece, parcels
from checkout.shipping.pricing import Destination, Sending, Table, price_of
from checkout.shipping_rates import nearest
from shop.core.money import Money

VIENNA = Destination("AT", postcode="1010")


def table(prices, *, zone=None, each=0, surcharges=(), **over):
    zone = zone or ShippingZone(pk=1, code="near", name="Near", countries=["AT", "DE"])
    method = ShippingMethod(pk=1, code="standard", name="Standard", zone=zone, **over)
    rows = [
        ShippingRate(up_to=up_to, price_minor=price, per_piece_minor=each) for up_to, price in prices.items()
    ]
    added = [ShippingSurcharge(**({"currency": "EUR"} | fields)) for fields in surcharges]
    return Table(method, tuple(rows), tuple(added))


def sending(*pieces, goods=5000, currency="EUR"):
    return Sending(Money(goods, currency), tuple(Piece(*piece) for piece in pieces))


def price(found, what, to=VIENNA):
    priced = price_of(found, what, to)
    return priced and priced.price.minor


BY_WEIGHT = {2000: 490, 10_000: 990}


@pytest.mark.parametrize(
    ("over", "what", "expected"),
    [
        ({}, sending((500, 4)), 490),
        ({}, sending((500, 5)), 990),
        ({}, sending((10_001,)), None),
        ({"basis": "total"}, sending((99_999,), goods=2000), 490),
        ({"basis": "total"}, sending((1,), goods=2001), 990),
        ({"basis": "total"}, sending((1,), goods=10_001), None),
        ({"basis": "pieces"}, sending((1, 1999), (1, 1)), 490),
        ({"basis": "pieces"}, sending((1, 2001)), 990),
        ({"each": 50}, sending((100, 3), (200, 1)), 490 + 4 * 50),
        ({"parcel_max_g": 2000}, sending((1500, 3)), 3 * 490),
        ({"parcel_max_g": 2000}, sending((1500, 1), (500, 1)), 490),
        ({"parcel_max_g": 2000}, sending((2001, 1)), None),
        ({"free_from_minor": 5000, "parcel_max_g": 2000}, sending((1500, 3)), 0),
        ({"not_for": ["bulky"]}, sending((1, 1, "bulky")), None),
        ({"not_for": ["bulky"]}, sending((1, 1, "small")), 490),
    ],
)
def test_the_table_decides(over, what, expected):
    assert price(table(BY_WEIGHT, **over), what) == expected


def test_an_amount_in_another_currency_has_no_price():
    assert price(table(BY_WEIGHT), sending((1,), currency="USD")) is None


ISLAND = {"name": "Island", "price_minor": 1200, "postcodes": "27498, 25980-25999"}
BULKY = {"name": "Bulky", "price_minor": 2500, "shipping_class": "bulky", "is_per_piece": True}


@pytest.mark.parametrize(
    ("postcode", "extra"),
    [("27498", 1200), ("25 980", 1200), ("25999", 1200), ("26000", 0), ("25979", 0), ("2", 0), ("", 0)],
)
def test_an_island_costs_more(postcode, extra):
    found = table(BY_WEIGHT, surcharges=[ISLAND])
    assert price(found, sending((1,)), Destination("DE", postcode=postcode)) == 490 + extra


def test_bulky_pieces_cost_more_each_and_stay_so_where_delivery_is_free():
    found = table(BY_WEIGHT, surcharges=[BULKY, ISLAND], free_from_minor=0)
    priced = price_of(found, sending((1, 2, "bulky"), (1, 5)), VIENNA)
    assert priced.price.minor == 5000
    assert priced.steps == ("free from goods worth 0.00 EUR", "Bulky + 50.00 EUR")
    once = table(BY_WEIGHT, surcharges=[BULKY | {"is_per_piece": False}])
    assert price(once, sending((1, 2, "bulky"))) == 490 + 2500


def test_the_steps_say_how_it_came_about():
    found = table(BY_WEIGHT, each=10, parcel_max_g=2000)
    assert price_of(found, sending((1500, 2)), VIENNA).steps == (
        "1.5 kg: 4.90 EUR",
        "1.5 kg: 4.90 EUR",
        "2 pieces × 0.10 EUR",
    )


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("27498", True),
        ("10-19, HS", True),
        ("", True),
        ("a–c", True),
        ("9-10", False),
        ("2-1", False),
        ("1;2", True),
        ("?", False),
        ("1-", False),
    ],
)
def test_lists_of_postcodes_are_checked(typed, understood):
    assert postcode_areas.are_understood(typed) is understood


def test_the_narrowest_zone_wins():
    usa = ShippingZone(pk=1, countries=["US"], position=0)
    far = ShippingZone(pk=2, countries=["US"], regions=["AK", "HI"], position=5)
    city = ShippingZone(pk=3, countries=["US"], postcodes="967", position=9)
    tables = [table({1: number}, zone=zone) for number, zone in enumerate((usa, far, city))]

    def zone_at(**place):
        return [one.method.zone.pk for one in nearest(tables, Destination("US", **place))]

    assert zone_at() == [1]
    assert zone_at(region="HI", postcode="96701") == [3]
    assert zone_at(region="HI", postcode="96001") == [2]
    assert zone_at(region="TX", postcode="73301") == [1]
    assert nearest(tables, Destination("CA")) == []


pieces = st.lists(st.builds(Piece, st.integers(0, 3000), st.integers(1, 40)), min_size=1, max_size=8)


@given(pieces, st.integers(1, 5000))
def test_parcels_carry_everything_and_none_is_too_heavy(what, most):
    found = parcels(what, max_g=most)
    total = sum(piece.weight_g * piece.quantity for piece in what)
    if any(piece.weight_g > most for piece in what):
        assert found is None
        return
    assert sum(found) == total and all(0 <= weight <= most for weight in found)
    assert len(found) >= max(1, -(-total // most))
    assert parcels(what, max_g=None) == [total]


def test_a_thousand_equal_pieces_are_packed_at_once():
    assert parcels([Piece(400, 10_000)], max_g=2000) == [2000] * 2000
