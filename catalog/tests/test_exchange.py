"""Our own table says everything of a product: what surrounds it, too, and what it has to do with others."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.importing import joining, reporting, running, till
from catalog.models import (
    BundlePart,
    CustomField,
    ImportItem,
    PriceList,
    Product,
    Related,
    StockItem,
    Variant,
)
from catalog.pricing import price_for
from catalog.products import bundling
from catalog.tests.factories import make_location, make_product, make_set, make_type, make_variant
from catalog.tests.importing import counts, errors, exported, imported, table, tried_out, uploaded
from catalog.tests.test_exporting import empty
from shop.accounts.models import Seller
from shop.core import clock, integrity

pytestmark = pytest.mark.django_db
SOON = clock.now() + dt.timedelta(days=9)


def notes(run) -> list[str]:
    return [problem.message for problem in reporting.problems(run) if not problem.is_error]


def fill() -> None:
    """One product of each sort; the first ones point to later ones."""
    seller = Seller.objects.get_or_create(
        slug="halm", defaults={"name": "Halm", "imprint": "Halm KG", "email": "h@example.com"}
    )[0]
    bundle = make_set(
        {make_variant(sku="PART-1", stock=9): 2, make_variant(sku="PART-2", stock=4): 1}, sku="SET"
    )
    bundle.percent_off_parts = 10
    bundle.save()
    bundling.reprice([bundle.pk])
    made = make_product(
        "Ex libris, “best”",
        type=make_type("Stamp"),
        kind=Product.Kind.MADE,
        made_in_days=7,
        is_personal=True,
        texts={"de": {"name": "Exlibris", "description": "=Stempel,\nzwei"}},
        seller=seller,
        retire_at=SOON,
    )
    make_variant(
        product=made, sku="EX-1", min_quantity=2, max_quantity=20, quantity_step=2,
        content_amount=Decimal("0.5"), content_unit="kg", shipping_class="bulky", floor_minor=2450,
    )  # fmt: skip
    CustomField.objects.create(product=made, code="name", label="Which name?", max_length=30, position=0)
    CustomField.objects.create(
        product=made, code="ink", label="Ink", kind="choice", options=[["Black", 0], ["Red", 150]], position=1
    )
    number = CustomField.objects.create(product=made, code="year", label="Year", kind="number", position=2)
    number.lowest = Decimal("1900")
    number.save()
    draft = make_product("Later", published=False, publish_at=SOON)
    make_variant(product=draft, sku="LATER-1", stock=0)
    Related.objects.create(product=bundle.product, other=made, position=0)
    Related.objects.create(product=bundle.product, other=draft, position=1)
    Related.objects.create(product=made, other=draft, kind="instead")


@pytest.mark.django_db(transaction=True)
def test_all_of_a_product_comes_back_as_it_was(monkeypatch):
    make_location()
    fill()
    first = exported()
    assert counts(imported(first)) == {"unchanged": 5}, "what the file says is what there is"
    empty()
    assert not Variant.objects.exists()
    run = imported(first)
    assert counts(run) == {"created": 5} and not errors(run) and notes(run) == []
    assert exported() == first
    assert Product.objects.filter(status="active").count() == 4, "the set went on sale with its parts"
    assert list(BundlePart.objects.values_list("component__sku", "quantity")) == [
        ("PART-1", 2),
        ("PART-2", 1),
    ]
    assert Variant.objects.get(sku="SET").price_minor == Decimal(3 * 2900 * 90) / 100
    assert set(StockItem.objects.values_list("variant__sku", flat=True)) == {"PART-1", "PART-2", "LATER-1"}
    made = Product.objects.get(variants__sku="EX-1")
    assert (
        made.type.name == "Stamp"
        and made.seller.slug == "halm"
        and made.in_language("name", "de") == "Exlibris"
    )
    assert made.variants.get().floor_minor == 2450
    assert counts(imported(first)) == {"unchanged": 5}
    assert not any(integrity.run(["C06", "C08", "N0"]).values())


@pytest.mark.django_db(transaction=True)
def test_whoever_goes_on_with_an_interrupted_import_joins_the_rest(monkeypatch):
    make_location()
    fill()
    first = exported()
    empty()
    run = uploaded(first)
    running.start(run)
    monkeypatch.setattr(joining, "CHUNK", 1)
    join, left = joining.join_some, [1]

    def killed(run):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return join(run)

    monkeypatch.setattr(joining, "join_some", killed)
    with pytest.raises(KeyboardInterrupt):
        running.work(run)
    run.refresh_from_db()
    assert run.status == "importing" and joining.waiting(run).count() == 1
    monkeypatch.setattr(joining, "join_some", join)
    assert running.work(run)
    run.refresh_from_db()
    assert run.status == "done" and exported() == first
    assert not ImportItem.objects.exclude(later={}).exists()


HEAD = "slug,name,status,kind,sku,price"


def test_what_cannot_be_joined_is_told_and_the_product_stays():
    make_variant(product=make_product("Card", kind=Product.Kind.MADE), sku="CARD")
    run = imported(
        table(
            f"{HEAD},parts,related_goes_with",
            "box,Box,active,bundle,BOX,9,2 × NOTHING,",
            "case,Case,active,bundle,CASE,9,CARD,",
            'jar,Jar,active,goods,JAR,9,,"lid,box"',
        )
    )
    assert counts(run) == {"created": 3}
    told = " ".join(notes(run))
    assert "no variant NOTHING" in told and "only goods that are kept in stock" in told and "“lid”" in told
    assert dict(Product.objects.values_list("slug", "status")) == {
        "card": "active", "box": "draft", "case": "draft", "jar": "active",
    }  # fmt: skip
    assert [row.other.slug for row in Product.objects.get(slug="jar").related.all()] == ["box"]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("kind", "thing", "none of goods"),
        ("min_quantity", "0", "1 or more"),
        ("content_amount", "1.2345", "not an amount"),
        ("content_unit", "stone", "none of"),
        ("content_amount", "0.5", "and a unit"),
        ("percent_off_parts", "95", "from 0 to 90"),
        ("floor_price", "-1", "0 or more"),
        ("publish_at", "soon", "not a moment"),
        ("publish_at", "2020-01-01T08:00", "lies ahead"),
        ("seller", "nobody", "no seller"),
        ("parts", "0 × MUG", "1 or more"),
        ("questions", "[1]", "no questions"),
        ("questions", '"[{""code"": ""a b"", ""label"": ""x""}]"', "slug"),
        ("questions", '"[{""code"": ""a"", ""label"": ""x"", ""lowest"": ""many""}]"', "no questions"),
        ("type", "x" * 61, "61 characters"),
        ("name:de", "x" * 151, "151 characters"),
    ],
)
def test_a_cell_of_no_use_is_named(column, cell, said):
    head = (
        "slug,name,status,sku,price,content_unit"
        if column == "content_amount"
        else "slug,name,status,sku,price"
    )
    unit = "," if column == "content_amount" else ""
    run = tried_out(table(f"{head},{column}", f"mug,Mug,draft,MUG,9{unit},{cell}"))
    assert said in " ".join(message for _line, message in errors(run))


def test_columns_that_nobody_knows_are_named():
    run = uploaded(table("slug,name,sku,price,name:xx,colour,name:de", "mug,Mug,MUG,9,a,b,c"))
    assert [header for header, field in run.columns if not field] == ["name:xx", "colour"]


def test_a_kind_and_a_seller_stay_while_goods_are_there():
    Seller.objects.create(slug="halm", name="Halm", imprint="Halm KG", email="h@example.com")
    make_variant(product=make_product("Mug", published=False), sku="MUG", stock=3)
    kind = imported(table(HEAD, "mug,Mug,draft,made,MUG,9"))
    assert "There is stock of it" in errors(kind)[0][1]
    seller = imported(table("slug,name,sku,price,seller", "mug,Mug,MUG,9,halm"))
    assert "There is stock of it" in errors(seller)[0][1]
    assert Product.objects.get().kind == "goods" and Product.objects.get().seller is None


def test_no_column_is_forgotten():
    """A new column of a product or a variant? Carry it, or say here why a table is no place for it."""
    elsewhere = {
        "id", "texts",  # the latter as name:de and so on
        "published_at", "created_at", "updated_at",  # what happened, here
        "product", "title", "ships_by",  # follow from the choices; from what is expected in stock
    }  # fmt: skip
    known = {
        "sku",
        "ean13",
        "position",
        "price_minor",
        "compare_at_minor",
        "cost_minor",
        "floor_minor",
        "is_active",
        "currency",
    }
    carried = {column for column, *_rest in till.READERS.values()} | set(till.COLUMNS) | known
    fields = {field.name for model in (Product, Variant) for field in model._meta.concrete_fields}
    assert fields - carried == elsewhere


WOO = "ID,Type,SKU,Name,Published,Stock,Sale price,Regular price,Date sale price starts,Date sale price ends"


def woo(*rows) -> bytes:
    return table(WOO, *(f"{n},simple,WC-{n},Mug {n},1,5,{row}" for n, row in enumerate(rows, start=1)))


def test_sales_of_woocommerce_begin_and_end_by_themselves():
    make_location()
    today = timezone.localdate()
    first, last = today + dt.timedelta(days=5), today + dt.timedelta(days=9)
    file = woo(
        f"8,10,{first},{last}",
        f"7,10,,{last}",
        f"6,10,{today - dt.timedelta(days=9)},{today - dt.timedelta(days=2)}",
        "5,10,,",
        f"4,10,{last},{first}",
    )
    run = imported(file)
    assert counts(run) == {"created": 5} and "ends before it begins" in " ".join(notes(run))
    own = dict(Variant.objects.values_list("sku", "price_minor"))
    assert own == {"WC-1": 1000, "WC-2": 1000, "WC-3": 1000, "WC-4": 500, "WC-5": 1000}
    assert set(PriceList.objects.values_list("name", "is_sale")) == {
        (f"Sale {first} to {last}", True), (f"Sale … to {last}", True),
    }  # fmt: skip
    sale = PriceList.objects.get(name=f"Sale {first} to {last}")
    assert (timezone.localtime(sale.starts_at).date(), sale.ends_at - sale.starts_at) == (
        first,
        dt.timedelta(days=5),
    )
    mugs = {one.sku: one for one in Variant.objects.select_related("product__search")}
    during = sale.starts_at + dt.timedelta(hours=1)
    assert price_for(mugs["WC-1"]).amount.minor == 1000
    at_last = price_for(mugs["WC-1"], at=during)
    assert (at_last.amount.minor, at_last.compare_at.minor) == (800, 1000)
    assert price_for(mugs["WC-1"], at=sale.ends_at + dt.timedelta(hours=1)).amount.minor == 1000
    assert mugs["WC-2"].product.search.price_minor == 700 and mugs["WC-2"].product.search.is_reduced
    assert counts(imported(file)) == {"unchanged": 5}
    again = imported(woo(f"9,10,{first},{last}"))
    assert counts(again) == {"changed": 1}
    assert price_for(mugs["WC-1"], at=during).amount.minor == 900
    assert PriceList.objects.count() == 2 and not any(integrity.run(["C04", "C05"]).values())
