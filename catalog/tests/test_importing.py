"""A run from its upload to its end: what it finds, what it writes, what it leaves alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import stock
from catalog.importing import reporting, running
from catalog.importing.running import NotNow
from catalog.models import Category, ImportItem, ImportRun, Movement, PhotoImport, Product, StockItem, Variant
from catalog.tests.factories import make_choices, make_location, make_product, make_variant
from catalog.tests.importing import counts, errors, exported, imported, table, tried_out, uploaded
from shop.core import integrity
from shop.core.csvio import NotCsv
from shop.core.models import Event
from shop.core.outbox import deliver_due

pytestmark = pytest.mark.django_db
HEAD = "slug,name,status,sku,price,compare_at_price,stock"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_location()


def test_makes_products_that_can_be_bought_at_once(client):
    run = imported(table(HEAD, "mug,Mug,active,MUG-1,12.50,15.00,7", "jar,Jar,draft,JAR-1,8.00,,0"))
    assert counts(run) == {"created": 2} and run.status == "done"
    mug = Variant.objects.get(sku="MUG-1")
    assert (mug.price_minor, mug.compare_at_minor, stock.available([mug.pk])[mug.pk]) == (1250, 1500, 7)
    assert "Mug" in client.get("/products/mug/").content.decode()
    assert client.get("/products/jar/").status_code == 404
    assert not any(integrity.run().values())


def test_the_second_time_nothing_changes():
    lines = table(HEAD, "mug,Mug,active,MUG-1,12.50,15.00,7")
    imported(lines)
    before = Movement.objects.count(), Event.objects.filter(name="product.imported").count()
    assert counts(imported(lines)) == {"unchanged": 1}
    assert before == (Movement.objects.count(), Event.objects.filter(name="product.imported").count())


def test_a_dry_run_tells_everything_and_writes_nothing():
    make_variant(product=make_product("Mug"), sku="MUG-1", price_minor=1000, stock=3)
    run = tried_out(
        table(
            HEAD, "mug,Cup,active,MUG-1,12.50,,7", "jar,Jar,active,JAR-1,8.00,,", "pot,Pot,active,POT-1,-1,,"
        )
    )
    assert counts(run) == {"changed": 1, "created": 1, "refused": 1} and run.status == "checked"
    (item,) = reporting.items(run, "changed")
    assert item.changes == [
        ["name", "Mug", "Cup"],
        ["MUG-1: price", "10.00", "12.50"],
        ["MUG-1: stock at studio", "3", "7"],
    ]
    assert Product.objects.count() == 1 and Variant.objects.get().price_minor == 1000
    assert errors(run) == [(4, "A price is 0 or more, not -1.")]


def test_what_was_tried_out_is_then_imported_and_the_changes_are_kept():
    make_variant(product=make_product("Mug"), sku="MUG-1", price_minor=1000)
    run = tried_out(table(HEAD, "mug,Cup,active,MUG-1,10.00,,"))
    running.start(run)
    running.work(run)
    assert Product.objects.get().name == "Cup"
    assert run.items.get().outcome == "changed" and run.items.get().changes == [["name", "Mug", "Cup"]]


def test_errors_stop_their_product_whole_and_no_other():
    run = imported(
        table(
            "slug,name,sku,price,option1_name,option1_value",
            "mug,Mug,MUG-1,12.50,Size,S",
            "mug,,MUG-2,1.234,,L",
            "jar,Jar,JAR-1,8.00,,",
            "jar,Jar",
            "Bad Slug!,Pot,POT-1,8.00,,",
            "lid,,LID-1,8.00,,",
        )
    )
    assert counts(run) == {"refused": 4}
    assert not Product.objects.exists()
    assert {line for line, _message in errors(run)} == {3, 5, 6, 7}


def test_a_sku_belongs_to_one_product():
    make_variant(product=make_product("Lamp"), sku="LAMP-1")
    run = imported(
        table(
            HEAD,
            "mug,Mug,active,MUG-1,1,,",
            "jar,Jar,active,MUG-1,2,,",
            "pot,Pot,active,LAMP-1,3,,",
            "cup,Cup,active,CUP-1,1,,",
        )
    )
    assert counts(run) == {"created": 2, "refused": 2}
    assert errors(run) == [
        (3, "The SKU MUG-1 stands on line 2 already."),
        (4, "The SKU LAMP-1 belongs to “Lamp” already."),
    ]
    assert Variant.objects.get(sku="LAMP-1").product.name == "Lamp"


def test_columns_that_are_missing_leave_everything_as_it_is():
    product = make_product("Mug", description="Blue.", brand="Isoline")
    mug = make_variant(product=product, sku="MUG-1", weight_g=310, stock=4)
    make_variant(product=product, sku="MUG-2")
    make_choices(mug, Size="S")
    imported(table("slug,sku,price", "mug,MUG-1,9.00"))
    product.refresh_from_db()
    mug.refresh_from_db()
    assert (product.description, product.brand, product.variants.count()) == ("Blue.", "Isoline", 2)
    assert (mug.price_minor, mug.weight_g, stock.available([mug.pk])[mug.pk]) == (900, 310, 4)
    assert [value.name for value in mug.values.all()] == ["S"]


def test_an_empty_cell_of_ours_empties():
    make_variant(product=make_product("Mug", brand="Isoline"), sku="MUG-1", compare_at_minor=9900)
    imported(table("slug,brand,sku,compare_at_price", "mug,,MUG-1,"))
    assert Product.objects.get().brand == "" and Variant.objects.get().compare_at_minor is None


def test_stock_is_booked_as_a_count_with_a_reason():
    mug = make_variant(product=make_product("Mug"), sku="MUG-1", stock=5)
    stock.reserve({mug.pk: 2}, holder="checkout:1", minutes=15)
    run = imported(table("slug,sku,stock:studio", "mug,MUG-1,9"))
    last = Movement.objects.first()
    assert (last.kind, last.on_hand_delta, last.reason) == ("count", 4, f"import {run.pk}")
    assert StockItem.objects.get().reserved == 2
    assert not any(integrity.run(["N01", "N02", "N03"]).values())


def test_stock_never_falls_below_what_is_promised():
    mug = make_variant(product=make_product("Mug"), sku="MUG-1", stock=5, price_minor=1000)
    stock.reserve({mug.pk: 3}, holder="checkout:1", minutes=15)
    run = imported(table("slug,sku,price,stock", "mug,MUG-1,20.00,2"))
    assert counts(run) == {"refused": 1} and "promised" in errors(run)[0][1]
    assert StockItem.objects.get().on_hand == 5 and Variant.objects.get().price_minor == 1000


def test_a_place_of_stock_that_is_not_there_is_an_error():
    assert "no place" in errors(imported(table("slug,name,sku,price,stock:moon", "mug,Mug,MUG-1,9,3")))[0][1]


def test_branches_are_made_once_and_taken_over():
    lines = [
        "slug,name,categories,sku,price",
        'mug,Mug,"Home > Kitchen, Gifts",M-1,9',
        "jar,Jar,Home > Kitchen,J-1,9",
    ]
    imported(table(*lines))
    assert Category.objects.count() == 3
    kitchen = Category.objects.get(slug="kitchen")
    assert Category.objects.get_parent(kitchen).name == "Home" and kitchen.products.count() == 2
    imported(table("slug,categories,sku", "mug,Gifts,M-1"))
    assert [place.name for place in Product.objects.get(slug="mug").categories.all()] == ["Gifts"]
    assert not any(integrity.run(["C03"]).values())


def test_what_goes_on_sale_needs_something_to_sell():
    run = imported(table("slug,name,status,sku,price,on_sale", "mug,Mug,active,MUG-1,9,0"))
    assert Product.objects.get().status == "draft" and counts(run) == {"created": 1}
    assert "stays a draft" in next(reporting.problems(run)).message


def test_pictures_are_asked_for_once_and_shown_by_their_variants():
    lines = table(
        "slug,name,photos,photo_texts,sku,price,variant_photos",
        'mug,Mug,"https://cdn.test/1.jpg, https://cdn.test/2.jpg, ftp://no",A mug,M-1,9,https://cdn.test/2.jpg',
    )
    run = imported(lines)
    assert [(row.url, row.alt) for row in PhotoImport.objects.all()] == [
        ("https://cdn.test/1.jpg", "A mug"),
        ("https://cdn.test/2.jpg", ""),
    ]
    assert PhotoImport.objects.last().variants.get().sku == "M-1"
    assert Event.objects.filter(name="photo_import.requested").count() == 2
    assert "no address" in next(reporting.problems(run)).message
    assert counts(imported(lines)) == {"unchanged": 1} and PhotoImport.objects.count() == 2


def test_a_change_of_availability_is_told_and_lists_show_it():
    mug = make_variant(product=make_product("Mug"), sku="MUG-1", stock=0)
    imported(table("slug,sku,stock", "mug,MUG-1,9"))
    assert Event.objects.filter(name="variant.availability_turned", subject_id=mug.pk).exists()
    mug.product.refresh_from_db()
    assert mug.product.search.in_stock


def test_a_product_that_the_database_refuses_does_not_stop_the_others(monkeypatch):
    from catalog.importing import writing

    open_shelves = stock.open_shelves

    def broken(counted, **options):
        if Variant.objects.filter(sku="BAD", pk__in=[variant for variant, _place in counted]).exists():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
        open_shelves(counted, **options)

    monkeypatch.setattr(writing.stock, "open_shelves", broken)
    run = imported(
        table(HEAD, "mug,Mug,active,MUG-1,1,,3", "bad,Bad,active,BAD,2,,3", "jar,Jar,active,JAR-1,1,,3")
    )
    assert counts(run) == {"created": 2, "refused": 1}
    assert sorted(Product.objects.values_list("slug", flat=True)) == ["jar", "mug"]


def test_a_file_without_products_fails_with_words():
    run = uploaded(table(HEAD))
    running.start(run)
    assert running.work(run)
    run.refresh_from_db()
    assert run.status == "failed" and "nothing below" in run.failure


def test_a_table_of_something_else_is_refused_at_the_door():
    with pytest.raises(NotCsv, match="neither ours"):
        uploaded(b"Date,Amount\n2026-01-01,5\n")
    with pytest.raises(NotCsv, match="not those of Shopify"):
        uploaded(table(HEAD), format="shopify")
    assert not ImportRun.objects.exists()


def test_can_be_stopped_and_gone_on_with():
    lines = [f"mug-{n},Mug {n},active,MUG-{n},1,,3" for n in range(running.CHUNK + 20)]
    run = uploaded(table(HEAD, *lines))
    running.start(run)
    assert not running.work(run, seconds=0.0001)
    running.stop(run)
    assert running.work(run) and Product.objects.count() == running.CHUNK
    with pytest.raises(NotNow):
        running.check(run)
    running.start(run)
    assert running.work(run) and counts(run) == {"created": running.CHUNK + 20}


def test_workers_go_on_until_the_end(monkeypatch):
    monkeypatch.setattr(running, "SHARE", 0.0001)
    lines = [f"mug-{n},Mug {n},active,MUG-{n},1,,3" for n in range(2 * running.CHUNK)]
    run = uploaded(table(HEAD, *lines))
    running.check(run)
    deliver_due()
    run.refresh_from_db()
    assert run.status == "checked"
    running.start(run)
    deliver_due()
    run.refresh_from_db()
    assert run.status == "done" and Product.objects.count() == 2 * running.CHUNK


def test_a_chunk_costs_the_same_number_of_queries_whatever_its_size():
    def cost(prefix, n):
        run = uploaded(table(HEAD, *(f"{prefix}-{i},Mug,active,{prefix.upper()}-{i},1,,3" for i in range(n))))
        running.start(run)
        running.lay_out_now(run)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            running.work(run)
        return len(queries)

    cost("first", 60)  # reads the shop's settings, which are kept then
    assert cost("few", 60) == cost("many", 130)


def test_more_lines_than_a_product_may_have_are_refused(monkeypatch):
    from catalog.importing import staging

    monkeypatch.setattr(staging, "MOST_LINES", 3)
    run = imported(table(HEAD, *(f"mug,Mug,active,MUG-{n},1,,3" for n in range(4)), "jar,Jar,active,JAR,1,,"))
    assert counts(run) == {"refused": 1, "created": 1}


def test_errors_come_as_a_table(client):
    run = tried_out(table(HEAD, "mug,Mug,active,MUG-1,=1+1,,"))
    content = b"".join(reporting.problems_csv(run)).decode()
    assert content.splitlines()[0] == "line,column,kind,message" and content.splitlines()[1].startswith(
        "2,price,error"
    )


def test_ours_survives_a_round_trip_with_formulas_and_line_breaks():
    product = make_product("=cmd|calc", slug="calc", description="+1\n\n'=2\r\nend", brand="@home")
    make_variant(product=product, sku="-5", stock=2, compare_at_minor=4000)
    first = exported()
    assert b"'=cmd" in first and b",'-5," in first
    assert counts(imported(first)) == {"unchanged": 1}
    assert exported() == first
    assert ImportItem.objects.get().name == "=cmd|calc"
