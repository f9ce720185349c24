"""The sellers' screens of prices, as browsers post them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog.models import ListPrice, PriceList, ProductSearch
from catalog.prices.explaining import explain
from catalog.prices.margins import margin_of
from catalog.tests.factories import make_group, make_price_list, make_variant
from shop.accounts import roles
from shop.accounts.models import CustomerGroup
from shop.core.models import Event, Shop
from shop.core.money import Money
from shop.core.outbox import deliver_due
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db
LISTS = "/admin/catalog/pricelist/"


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def header(**over):
    return {"name": "Trade", "currency": "EUR", "method": "fixed", "priority": 0, "is_active": "on"} | over


def test_a_seller_makes_a_list_looks_at_a_sheet_and_takes_it_over(seller):
    make_variant(sku="MUG", price_minor=2900)
    seller.post(f"{LISTS}add/", header())
    made = PriceList.objects.get()
    url = f"{LISTS}{made.pk}/sheet/"

    shown = seller.post(url, {"text": "MUG;10;24,90"}).text
    assert "€24.90" in shown and "Take it over" in shown and not ListPrice.objects.exists()

    done = seller.post(url, {"text": "MUG;10;24,90", "apply": "1"}, follow=True)
    assert "1 prices changed." in done.text and ListPrice.objects.get().price_minor == 2490
    assert Event.objects.filter(name="price_list.changed", actor=grace()).count() == 2


def test_a_sheet_may_be_a_file_and_its_faults_are_named(seller):
    make_variant(sku="MUG")
    prices = make_price_list()
    upload = SimpleUploadedFile("prices.csv", b"\xef\xbb\xbfSKU;from;price\nMUG;1;5\nCUP;1;5\n")
    page = seller.post(f"{LISTS}{prices.pk}/sheet/", {"upload": upload, "apply": "1"}).text
    assert "Line 3: there is no SKU CUP." in page and not ListPrice.objects.exists()
    upload = SimpleUploadedFile("prices.csv", b"\xff\xfe\x00")
    assert (
        "Save the file as CSV in UTF-8." in seller.post(f"{LISTS}{prices.pk}/sheet/", {"upload": upload}).text
    )


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"method": "percent"}, "A percentage needs a number above 0"),
        ({"percent": "80"}, "A percentage needs a number above 0"),
        ({"method": "percent", "percent": "80", "ending_minor": "100"}, "two digits at most"),
        (
            {
                "starts_at_0": "2026-12-02",
                "starts_at_1": "10:00",
                "ends_at_0": "2026-12-01",
                "ends_at_1": "10:00",
            },
            "It must end after it starts.",
        ),
    ],
)
def test_a_list_that_makes_no_sense_is_refused_with_words(seller, over, words):
    page = seller.post(f"{LISTS}add/", header(**over))
    assert page.status_code == 200 and words in page.text and not PriceList.objects.exists()


def test_a_sale_is_for_everybody(seller):
    page = seller.post(f"{LISTS}add/", header(is_sale="on", group=make_group().pk))
    assert "A sale is for everybody" in page.text


def test_a_list_taken_out_of_use_gives_its_products_back(seller):
    mug = make_variant(price_minor=2900, stock=1)
    sale = make_price_list("Sale", is_sale=True, prices={mug: 2000})
    seller.post(f"{LISTS}{sale.pk}/change/", header(name="Sale", is_sale="on"))
    deliver_due()
    assert ProductSearch.objects.get().price_minor == 2000
    seller.post(f"{LISTS}{sale.pk}/change/", header(name="Sale", is_sale="on", is_active=""))
    deliver_due()
    assert ProductSearch.objects.get().price_minor == 2900


def test_lists_say_what_runs_and_what_comes(seller):
    now = timezone.now()
    make_price_list("Autumn", ends_at=now - timedelta(days=1))
    make_price_list("Winter", starts_at=now - timedelta(days=1))
    make_price_list("Spring", starts_at=now + timedelta(days=1))
    for when, name in (("running", "Winter"), ("coming", "Spring"), ("over", "Autumn")):
        rows = seller.get(f"{LISTS}?when={when}").context["cl"].result_list
        assert [row.name for row in rows] == [name]


def test_every_rule_says_why_it_gave_the_price_or_not(seller):
    mug, person, now = make_variant(sku="MUG", price_minor=2900), ada(), timezone.now()
    trade = make_group("trade customers", person)
    make_price_list("Trade", group=trade, prices={mug: {10: 2500, 50: 2000}})
    make_price_list("Sale", is_sale=True, prices={mug: 2700})
    make_price_list("Later", starts_at=now + timedelta(days=1), prices={mug: 1})
    make_price_list("Earlier", ends_at=now - timedelta(days=1), prices={mug: 1})
    make_price_list("Swiss", currency="CHF", prices={mug: 1})
    make_price_list("Off", is_active=False, prices={mug: 1})
    make_price_list("Others", group=make_group("friends"), prices={mug: 1})
    make_price_list("Small", prices={})

    found = explain(mug, customer=person, quantity=10)
    told = {reason.name: reason.words for reason in found.reasons}
    assert found.price.amount == Money(2500, "EUR") and found.reasons[0].name == "Trade"
    assert found.price.words == "Price for trade customers, from 10 pieces"
    assert told["Sale"] == told["The variant's own price"] == "Another price of the same priority is lower."
    assert told["Later"].startswith("Starts on") and told["Earlier"].startswith("Ended on")
    assert told["Swiss"] == "The list is in CHF." and told["Off"] == "The list is not in use."
    assert told["Others"] == "Only for friends." and told["Small"] == "The list does not name this variant."

    page = seller.get(
        f"{LISTS}explanation/",
        {"sku": "MUG", "customer": "ada@example.com", "quantity": 10, "currency": "EUR"},
    )
    assert "Price for trade customers, from 10 pieces" in page.text and "Only for friends." in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"sku": "NONE"}, "There is no variant with this SKU."),
        ({"customer": "nobody@example.com"}, "Nobody has an account with this address."),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"at": "soon"}, "Enter a valid date/time."),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_beside_the_field(seller, query, words):
    make_variant(sku="MUG")
    asked = {"sku": "MUG", "quantity": "1", "currency": "EUR"} | query
    assert words in seller.get(f"{LISTS}explanation/", asked).text


def test_who_may_not_see_prices_sees_none_of_these_pages(client):
    prices, helper = make_price_list(), eve()
    roles.set_up()
    roles.give(helper, role="support")
    client.force_login(helper)
    for url in (LISTS, f"{LISTS}explanation/", f"{LISTS}{prices.pk}/sheet/"):
        assert client.get(url).status_code == 403


def test_a_group_is_made_with_its_members(seller):
    seller.post("/admin/accounts/customergroup/add/", {"name": "trade customers", "members": [ada().pk]})
    assert list(CustomerGroup.objects.get().members.all()) == [ada()]


@pytest.mark.parametrize(
    ("price", "cost", "tax", "left"),
    [(2400, 1000, 20, (1000, 50)), (2000, 1000, 0, (1000, 50)), (1200, 1500, 20, (-500, -50))],
)
def test_the_margin_is_of_the_price_without_its_tax(price, cost, tax, left):
    Shop.objects.create(pk=1)
    margin = margin_of(Money(price, "EUR"), cost_minor=cost, tax_percent=tax)
    assert (margin.amount.minor, margin.percent) == left
    assert margin_of(Money(price, "EUR"), cost_minor=None, tax_percent=tax) is None
