from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog import describing
from catalog.checks import attribute_kinds
from catalog.finding import refreshing
from catalog.finding.counting import Tally
from catalog.finding.facets import groups_for_page, tokens_of, value_label
from catalog.finding.gathering import gather
from catalog.models import Attribute, Product, ProductAttribute, ProductSearch
from catalog.products import guides, kinds
from catalog.tests.factories import make_attribute, make_product, make_type, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_guides():
    guides.forget()


def said(product):
    return [row.plain for row in product.attributes.select_related("choice")]


def test_values_lie_in_the_column_of_their_kind():
    product = make_product()
    volume = make_attribute("Volume", "number", unit="ml")
    fit = make_attribute("Fit", "choice", choices=["Slim", "Wide"])
    safe = make_attribute("Dishwasher safe", "boolean")
    drawn = make_attribute("Drawn", "date")
    seed = make_attribute("Seed")

    values = {volume: ["350,5 ml"], fit: ["wide"], safe: [True], drawn: [date(2026, 5, 31)], seed: ["11"]}
    assert describing.describe(product, values=values)

    rows = ProductAttribute.objects.filter(product=product)
    assert rows.get(attribute=volume).number == Decimal("350.5")
    assert rows.get(attribute=fit).choice.name == "Wide"
    assert rows.get(attribute=safe).is_true is True
    assert rows.get(attribute=drawn).date == date(2026, 5, 31)
    assert rows.get(attribute=seed).text == "11"
    assert rows.filter(number__gt=300, number__lt=400).count() == 1
    assert not describing.describe(product, values=values)  # the same again changes nothing
    assert not list(attribute_kinds())


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        ("number", "big", "“big” is no number"),
        ("number", "1e5", "is no number"),
        ("number", "1.23456", "is no number"),
        ("number", "٣", "is no number"),
        ("choice", "Tight", "none of its choices (Slim, Wide)"),
        ("boolean", "perhaps", "neither yes nor no"),
        ("date", "31.5.2026", "is no date"),
        ("date", "2026-02-30", "is no date"),
        ("text", "x" * 251, "1 to 250 characters"),
        ("text", "a\0b", "1 to 250 characters"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_nothing_changes(kind, raw, words):
    product = make_product()
    attribute = make_attribute("Fit", kind, choices=["Slim", "Wide"])
    with pytest.raises(kinds.WrongKind) as refusal:
        describing.describe(product, values={attribute: [raw]})
    assert words in refusal.value.message and not said(product)


def test_only_what_may_have_several_values_does():
    product = make_product()
    colours = make_attribute("Colour", "swatch", choices=["Blue", "Red"], is_multiple=True)
    paper = make_attribute("Paper")
    describing.describe(product, values={colours: ["blue", "Red", "Blue"]})
    assert said(product) == ["Blue", "Red"]
    with pytest.raises(kinds.WrongKind):
        describing.describe(product, values={paper: ["Rag", "Silk"]})


def test_the_database_keeps_one_value_in_one_row():
    product, volume = make_product(), make_attribute("Volume", "number")
    for values in ({}, {"text": "350", "number": 350}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductAttribute.objects.create(product=product, attribute=volume, **values)
    ProductAttribute.objects.create(product=product, attribute=volume, number=350)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductAttribute.objects.create(product=product, attribute=volume, number=350)


def test_another_type_hides_values_and_the_old_one_brings_them_back():
    volume, fit = make_attribute("Volume", "number", is_filter=True), make_attribute("Fit")
    mug, shirt = make_type("Mug", volume), make_type("T-shirt", fit)
    product = make_variant(product=make_product(type=mug)).product
    describing.describe(product, values={volume: ["350"]})
    assert [row["value"] for row in gather([product.pk])[0].attributes] == ["350"]

    Product.objects.filter(pk=product.pk).update(type=shirt)
    assert not gather([product.pk])[0].attributes and said(product) == ["350"]

    Product.objects.filter(pk=product.pk).update(type=None)
    assert [row["value"] for row in gather([product.pk])[0].attributes] == ["350"]


def test_a_product_without_a_type_says_each_thing_once_however_many_types_have_it():
    material = make_attribute("Material")
    make_type("Mug", material), make_type("Bowl", material)
    product = make_variant(product=make_product(type=None)).product
    describing.describe(product, values={material: ["Stoneware"]})
    assert [row["value"] for row in gather([product.pk])[0].attributes] == ["Stoneware"]


def test_pages_say_values_in_their_own_language():
    assert kinds.shown("boolean", "yes") == "Yes" and kinds.shown("boolean", "no") == "No"
    assert kinds.shown("number", "1350.5", "ml") == "1,350.5 ml"
    with translation.override("de"):
        assert kinds.shown("number", "1350.5", "ml") == "1.350,5 ml"


def test_lists_filter_by_every_kind_in_the_order_that_makes_sense():
    volume = make_attribute("Volume", "number", unit="ml", is_filter=True, position=1)
    colour = make_attribute("Colour", "swatch", choices={"Moss": "#6b7a3f"}, is_filter=True, position=0)
    safe = make_attribute("Dishwasher safe", "boolean", is_filter=True, position=2)
    for pieces in ("1000", "350", "90"):
        product = make_variant().product
        describing.describe(product, values={volume: [pieces], colour: ["Moss"], safe: ["no"]})
    tokens = tokens_of(gather([product.pk])[0])
    assert tokens == ["colour:Moss", "volume:90 ml", "dishwasher-safe:no"]

    counts = {f"volume:{n} ml": Tally(1, 2) for n in (1000, 90, 350)} | {"colour:Moss": Tally(3, 3)}
    shown = groups_for_page(counts, {"colour": ["Moss"]})
    assert [group["label"] for group in shown] == ["Colour", "Volume"]
    assert [value["label"] for value in shown[1]["values"]] == ["90 ml", "350 ml", "1,000 ml"]
    assert shown[0]["values"][0]["colour"] == "#6b7a3f"
    assert value_label("dishwasher-safe", "no", guides.guides()) == "No"
    assert value_label("volume", "nonsense", guides.guides()) == "nonsense"


def test_a_yes_is_found_by_what_it_says_yes_to():
    safe = make_attribute("Dishwasher safe", "boolean")
    products = [make_variant().product for _ in range(2)]
    for product, answer in zip(products, ("yes", "no"), strict=True):
        describing.describe(product, values={safe: [answer]})
    refreshing.refresh([product.pk for product in products])
    found = ProductSearch.objects.extra(where=["document @@ to_tsquery('shop_en', 'dishwasher')"])
    assert [row.product_id for row in found] == [products[0].pk]


def test_changing_a_kind_carries_all_values_over():
    volume = make_attribute("Volume")
    products = [make_product() for _ in range(3)]
    for product, text in zip(products, ("350", "250", "350"), strict=True):
        describing.describe(product, values={volume: [text]})

    describing.change_kind(volume, kind="number")
    assert [row.number for row in volume.values.order_by("product")] == [350, 250, 350]
    describing.change_kind(volume, kind="choice")
    assert sorted(choice.name for choice in volume.choices.all()) == ["250", "350"]
    describing.change_kind(volume, kind="text")
    assert [said(product) for product in products] == [["350"], ["250"], ["350"]]
    assert not list(attribute_kinds())


def test_a_kind_that_a_value_does_not_fit_is_refused():
    volume = make_attribute("Volume", is_multiple=True)
    product, other = make_product("Teapot"), make_product()
    describing.describe(product, values={volume: ["350"]})
    describing.describe(other, values={volume: ["large"]})
    with pytest.raises(kinds.WrongKind):
        describing.change_kind(volume, kind="number")
    assert Attribute.objects.get().kind == "text" and said(product) == ["350"]
    describing.describe(other, values={volume: []})
    describing.describe(product, values={volume: ["350", "400"]})
    with pytest.raises(kinds.WrongKind) as refusal:
        describing.change_kind(volume, kind="number")
    assert "Teapot has several values" in refusal.value.message


def test_two_spellings_of_a_choice_become_one():
    colour = make_attribute("Colour", is_multiple=True)
    product = make_product()
    describing.describe(product, values={colour: ["blue", "Blue", "Red"]})
    describing.change_kind(colour, kind="swatch")
    assert sorted(name.lower() for name in said(product)) == ["blue", "red"]


def test_the_check_finds_a_value_that_is_not_of_its_kind():
    product, volume = make_product("Teapot"), make_attribute("Volume", "number")
    ProductAttribute.objects.create(product=product, attribute=volume, text="350")
    assert list(attribute_kinds()) == ["teapot has a value of volume that is not of its kind"]


def test_gathering_asks_as_often_for_one_product_as_for_many():
    volume = make_attribute("Volume", "number")
    fit = make_attribute("Fit", "choice", choices=["Slim"])

    def asked(many):
        products = [make_product() for _ in range(many)]
        for product in products:
            describing.describe(product, values={volume: ["1"], fit: ["Slim"]})
        with CaptureQueriesContext(connection) as queries:
            gather([product.pk for product in products])
        return len(queries)

    assert asked(1) == asked(6)
