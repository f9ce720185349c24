from datetime import date
from decimal import Decimal

import pytest

from cart.tests.factories import make_cart
from catalog.tests.factories import make_variant
from checkout import addresses, filling
from checkout.models import ShippingMethod, TaxRate
from checkout.quoting import quote
from checkout.shipping_rates import countries
from checkout.starting import start_checkout
from checkout.taxing import taxation_for
from shop.demo import checkout as demo

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
PLACES = {
    "AT": {"postcode": "1010"},
    "FR": {"postcode": "75001"},
    "GB": {"postcode": "SW1A 1AA"},
    "US": {"postcode": "95014", "region": "CA"},
    "CA": {"postcode": "H3Z 2Y7", "region": "QC"},
}


@pytest.fixture(autouse=True)
def loaded(db):
    demo.load()


def quoted(country, *, price_minor=12000, weight_g=400):
    checkout = start_checkout(
        make_cart({make_variant(stock=9, price_minor=price_minor, weight_g=weight_g): 1})
    )
    there = {"name": "Ada Lovelace", "street": "1 Some Street", "city": "Town", "country": country} | PLACES[
        country
    ]
    checkout = filling.set_address(checkout, address=there)
    method = ShippingMethod.objects.offered_in(country).get(code="express")
    return quote(filling.set_method(checkout, method=method))


def test_loading_twice_is_loading_once():
    before = TaxRate.objects.count(), ShippingMethod.objects.count()
    demo.load()
    assert (TaxRate.objects.count(), ShippingMethod.objects.count()) == before


def test_the_reduced_rate_falls_back_to_the_standard_one():
    assert taxation_for("DE", on=TODAY).there.percent("reduced") == 7
    assert taxation_for("IT", on=TODAY).there.percent("reduced") == 22
    assert taxation_for("FI", on=TODAY).there.percent("digital") == Decimal("25.5")


@pytest.mark.parametrize(
    ("country", "goods", "delivery", "tax", "total"),
    [
        ("AT", 12000, 1290, 2000 + 215, 13290),
        ("FR", 12000, 1890, 2000 + 315, 13890),
        ("GB", 12000, 2690, 2000 + 448, 14690),
        ("US", 10000, 3325, 966, 14291),
        ("CA", 10000, 3742, 0, 13742),
    ],
)
def test_each_kind_of_destination(country, goods, delivery, tax, total):
    found = quoted(country)
    assert (found.goods_minor, found.shipping_minor, found.tax_minor, found.total_minor) == (
        goods,
        delivery,
        tax,
        total,
    )


def test_every_country_that_is_served_has_a_form_and_a_standard_delivery():
    assert len(countries()) == 52
    for country in countries():
        assert addresses.fields_for(country)
        assert ShippingMethod.objects.offered_in(country).filter(code="standard").exists()


def test_states_whose_tax_is_not_known_are_not_served():
    states = next(field for field in addresses.fields_for("US") if field.name == "region")
    codes = {code for code, _name in states.choices}
    assert len(codes) == 48 and not codes & {"DC", "UT", "VA", "PR"}


def test_only_austrians_collect():
    assert ShippingMethod.objects.offered_in("AT").filter(is_pickup=True).count() == 1
    assert not ShippingMethod.objects.offered_in("DE").filter(is_pickup=True).exists()
