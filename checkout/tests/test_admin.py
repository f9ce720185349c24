from datetime import date

import pytest
from django.urls import reverse

from checkout.models import ShippingMethod, ShippingZone, TaxRate, TaxZone
from checkout.tests.factories import make_checkout, make_tax, make_zone
from shop.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    client.force_login(User.objects.create_superuser("owner@example.com", "secret"))
    return client


def rate_fields(zone, *rates):
    """The zone's form with its inline rows, as a browser posts it."""
    fields = {"code": zone.code, "name": zone.name, "country": zone.country, "region": zone.region}
    fields |= {"mode": zone.mode, "rounding": zone.rounding, "sourcing": zone.sourcing}
    fields |= {
        "rates-TOTAL_FORMS": len(rates),
        "rates-INITIAL_FORMS": sum(bool(rate.get("id")) for rate in rates),
    }
    for number, rate in enumerate(rates):
        fields |= {f"rates-{number}-{name}": value for name, value in ({"zone": zone.pk} | rate).items()}
    return fields


def row(rate=None, **over):
    known = {}
    if rate:
        known = {
            "id": rate.pk,
            "tax_class": rate.tax_class_id,
            "name": rate.name,
            "percent": rate.percent,
            "valid_from": rate.valid_from,
            "valid_to": rate.valid_to or "",
        }
    return known | over


def save(client, zone, *rates):
    return client.post(reverse("admin:checkout_taxzone_change", args=[zone.pk]), rate_fields(zone, *rates))


def test_a_rate_can_end_and_another_begin(owner):
    rate = make_tax("AT", "20")
    new = row(rate, percent="22", valid_from="2027-01-01") | {"id": ""}
    answer = save(owner, rate.zone, row(rate, valid_to="2026-12-31"), new)
    assert answer.status_code == 302
    assert list(TaxRate.objects.values_list("percent", "valid_to")) == [(20, date(2026, 12, 31)), (22, None)]


def test_a_rate_that_overlaps_a_stored_one_is_a_form_error(owner):
    rate = make_tax("AT", "20")
    new = row(rate, percent="22", valid_from="2027-01-01") | {"id": ""}
    answer = save(owner, rate.zone, new)
    assert answer.status_code == 200 and "hold on the same day" in answer.content.decode()
    assert TaxRate.objects.count() == 1


def test_two_new_rates_that_overlap_each_other_are_a_form_error(owner):
    rate = make_tax("DE", "19")
    kind = rate.tax_class_id
    rate.delete()
    new = {"tax_class": kind, "name": "VAT", "percent": "19", "valid_from": "2020-01-01", "valid_to": ""}
    answer = save(owner, TaxZone.objects.get(), new, new | {"percent": "16", "valid_from": "2020-07-01"})
    assert answer.status_code == 200 and "hold on the same day" in answer.content.decode()
    assert not TaxRate.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"percent": "101"}, "from 0 to 100"),
        ({"percent": "-1"}, "from 0 to 100"),
        ({"valid_to": "1999-01-01"}, "last day is before the first"),
    ],
)
def test_impossible_rates_are_form_errors(owner, wrong, words):
    rate = make_tax("AT", "20")
    answer = save(owner, rate.zone, row(rate, **wrong))
    assert answer.status_code == 200 and words in answer.content.decode()


def method_fields(method, **over):
    fields = {
        "zone": method.zone_id,
        "code": method.code,
        "name": method.name,
        "carrier": "manual",
        "days_min": 1,
        "days_max": 3,
        "cut_off": "14:00",
        "free_from_minor": "60.00",
        "basis": "weight",
        "live_markup_percent": 0,
        "only_countries": "",
        "is_active": "on",
        "position": 0,
        "rates-TOTAL_FORMS": 1,
        "rates-INITIAL_FORMS": 0,
        "rates-0-method": method.pk,
        "rates-0-up_to": 500,
        "rates-0-price_minor": "3,90",
        "rates-0-per_piece_minor": "0",
        "rates-0-currency": "EUR",
        "surcharges-TOTAL_FORMS": 0,
        "surcharges-INITIAL_FORMS": 0,
    }
    return fields | over


def test_prices_are_typed_as_people_write_them(owner):
    method = make_zone().methods.get(code="express")
    url = reverse("admin:checkout_shippingmethod_change", args=[method.pk])
    assert owner.post(url, method_fields(method)).status_code == 302
    method.refresh_from_db()
    assert method.free_from_minor == 6000
    assert method.rates.get(up_to=500).price_minor == 390
    assert 'value="60.00"' in owner.get(url).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rates-0-price_minor": "-1"},
        {"rates-0-price_minor": "a lot"},
        {"rates-0-price_minor": "99999999999999999999"},
        {"rates-0-up_to": "10000"},  # the method has this row already
        {"days_max": "0"},
        {"free_from_minor": "-5"},
        {"carrier": "pigeon"},
        {"only_countries": "AT, XX"},
        {"cut_off": "25:00"},
    ],
)
def test_impossible_methods_are_form_errors(owner, wrong):
    method = make_zone().methods.get(code="express")
    url = reverse("admin:checkout_shippingmethod_change", args=[method.pk])
    assert owner.post(url, method_fields(method, **wrong)).status_code == 200
    assert method.rates.count() == 1


def test_a_country_lies_in_one_zone(owner):
    make_zone("AT", "DE")
    add = reverse("admin:checkout_shippingzone_add")
    fields = {"code": "new", "name": "New", "position": 1}
    assert owner.post(add, fields | {"countries": "de, FR"}).status_code == 200
    assert owner.post(add, fields | {"countries": "fr"}).status_code == 302
    assert ShippingZone.objects.get(code="new").countries == ["FR"]


def test_a_checkout_shows_its_arithmetic_and_cannot_be_typed_over(owner):
    checkout = make_checkout()
    url = reverse("admin:checkout_checkout_change", args=[checkout.pk])
    page = owner.get(url).content.decode()
    assert "prices contain the tax" in page and checkout.token not in page
    assert owner.post(url, {"status": "completed"}).status_code == 403


def test_every_list_and_form_opens(owner):
    make_checkout()
    for name in (
        "taxclass",
        "taxzone",
        "taxexemption",
        "vatcheck",
        "shippingzone",
        "shippingmethod",
        "holiday",
        "checkout",
    ):
        assert owner.get(reverse(f"admin:checkout_{name}_changelist")).status_code == 200
    for name in ("taxclass", "taxzone", "taxexemption", "shippingzone", "shippingmethod", "holiday"):
        assert owner.get(reverse(f"admin:checkout_{name}_add")).status_code == 200
    cart = make_checkout().cart
    page = owner.get(reverse("admin:cart_cart_change", args=[cart.pk])).content.decode()
    assert cart.token not in page
    assert owner.get(reverse("admin:cart_cart_changelist")).status_code == 200
    assert ShippingMethod.objects.exists()


def test_a_seller_tries_what_a_parcel_would_cost(owner, client):
    zone = make_zone()
    zone.methods.get(code="standard").surcharges.create(name="Island", price_minor=1200, postcodes="27498")
    url = reverse("admin:checkout_delivery_preview")
    assert owner.get(url).status_code == 200
    wanted = {"country": "DE", "postcode": "27498", "kg": "1.2", "pieces": "2", "worth": "50"}
    page = owner.get(url, wanted).content.decode()
    assert "2.4 kg: 9.90 EUR" in page and "Island + 12.00 EUR" in page and "€21.90" in page
    heavy = owner.get(url, wanted | {"kg": "99"}).content.decode()
    assert "Not offered" in heavy
    assert "Nothing goes" in owner.get(url, wanted | {"country": "FR"}).content.decode()
    assert owner.get(url, wanted | {"kg": "-1"}).status_code == 200
    client.force_login(User.objects.create_user("ada@example.com", "secret", is_staff=True))
    assert client.get(url).status_code == 403
