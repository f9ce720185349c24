from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from checkout.models import Holiday, ShippingMethod
from checkout.shipping_rates import countries, methods_for
from checkout.tests.factories import make_method, make_zone

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Vienna"))


def offered(country="AT", *, weight_g=500, goods_minor=2900):
    found = methods_for(
        country=country, weight_g=weight_g, goods_minor=goods_minor, currency="EUR", at=MONDAY
    )
    return [(offer.method.code, offer.price.minor) for offer in found]


@pytest.mark.parametrize(
    ("weight_g", "price"), [(0, 490), (2000, 490), (2001, 990), (10_000, 990), (10_001, None)]
)
def test_a_row_holds_up_to_and_including_its_weight(weight_g, price):
    make_zone()
    assert dict(offered(weight_g=weight_g)).get("standard") == price


@pytest.mark.parametrize(("goods_minor", "price"), [(5999, 490), (6000, 0)])
def test_is_free_from_the_threshold_on(goods_minor, price):
    make_zone()
    assert dict(offered(goods_minor=goods_minor))["standard"] == price


def test_the_cheapest_comes_first_and_pick_up_last():
    zone = make_zone()
    make_method(zone, code="pickup", prices={30_000: 0}, is_pickup=True)
    assert [code for code, _price in offered()] == ["standard", "express", "pickup"]


def test_only_what_goes_to_the_country_is_offered():
    zone = make_zone("AT", "DE")
    make_method(zone, code="pickup", prices={30_000: 0}, only_countries=["AT"])
    assert "pickup" in dict(offered("AT")) and "pickup" not in dict(offered("DE"))
    assert offered("FR") == []
    ShippingMethod.objects.filter(code="express").update(is_active=False)
    assert "express" not in dict(offered("AT"))


def test_countries_are_those_of_zones_that_offer_something():
    make_zone("AT", "DE")
    empty = make_zone("FR", code="far")
    empty.methods.update(is_active=False)
    assert countries() == ["AT", "DE"]


def test_days_come_from_the_method_and_the_shops_holidays():
    zone = make_zone()
    ShippingMethod.objects.filter(zone=zone, code="standard").update(days_min=1, days_max=2, cut_off=time(14))
    Holiday.objects.create(day=date(2026, 11, 24), name="Made up")
    (standard, _express) = methods_for(country="AT", weight_g=1, goods_minor=1, currency="EUR", at=MONDAY)
    assert (standard.earliest, standard.latest) == (date(2026, 11, 25), date(2026, 11, 26))


def test_a_table_in_another_currency_does_not_count():
    make_zone()
    assert methods_for(country="AT", weight_g=1, goods_minor=1, currency="USD", at=MONDAY) == []
