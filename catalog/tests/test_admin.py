"""The sellers' screens of the catalogue, as browsers post them."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog import photographing, stock
from catalog.finding import refreshing
from catalog.models import Category, Hero, Photo, Product, Question, StockItem, Variant
from catalog.tests.factories import make_category, make_choices, make_location, make_product, make_variant
from shop.accounts import roles
from shop.core.models import Event
from shop.core.outbox import deliver_due
from shop.tests.people import ada, grace

pytestmark = pytest.mark.django_db
PARTS = ["variants", "options", "related", "custom_fields", "documents"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def picture(name="mug.png", size=(400, 300)):
    out = io.BytesIO()
    Image.new("RGB", size, "#336699").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def form_of(product=None, **over):
    """What the product's screen posts when nothing but `over` was touched; rows as variants=[{…}]."""
    data = {"name": "Contour Mug", "slug": "contour-mug", "tax_class": "standard", "position": 0}
    data |= {"made_in_days": 7, "download_limit": 5, "download_days": 365}
    data |= {part: [] for part in PARTS} | over
    posted = {name: value for name, value in data.items() if name not in PARTS}
    for part in PARTS:
        posted |= {
            f"{part}-TOTAL_FORMS": len(data[part]),
            f"{part}-MAX_NUM_FORMS": 1000,
            f"{part}-MIN_NUM_FORMS": 0,
        }
        posted[f"{part}-INITIAL_FORMS"] = sum("id" in row for row in data[part])
        for n, row in enumerate(data[part]):
            posted |= {f"{part}-{n}-{name}": value for name, value in row.items()}
            posted[f"{part}-{n}-product"] = product.pk if product else ""
    return posted


def variant_row(sku="MUG-1", **over):
    row = {
        "sku": sku,
        "price_minor": "29,00",
        "weight_g": 300,
        "min_quantity": 1,
        "quantity_step": 1,
        "low_stock_at": 5,
        "position": 0,
        "is_active": "on",
    }
    return row | over


def test_a_seller_makes_a_product_with_money_as_people_write_it(seller):
    make_location()
    data = form_of(
        variants=[variant_row(price_minor="29,00", compare_at_minor="35.50", cost_minor="8.7")],
        options=[{"name": "Colour", "typed": "Moss #6B7A3F, Berry", "position": 0}],
    )
    answer = seller.post("/admin/catalog/product/add/", data)
    assert answer.status_code == 302, answer.context["errors"]

    variant = Variant.objects.get()
    assert (variant.price_minor, variant.compare_at_minor, variant.cost_minor) == (2900, 3550, 870)
    assert variant.product.status == "draft" and variant.stock_items.count() == 1
    values = variant.product.options.get().values.values_list("name", "color")
    assert list(values) == [("Moss", "#6b7a3f"), ("Berry", "")]
    assert Event.objects.filter(name="product.changed").exists()


def test_variants_are_called_after_their_values(seller):
    variant = make_variant(sku="MUG-1")
    product = variant.product
    make_choices(variant, Size="Large", Colour="Moss")
    values = [value.pk for value in variant.values.all()]
    row = variant_row(id=variant.pk, values=values)
    options = [
        {"id": o.pk, "name": o.name, "typed": o.values.get().name, "position": o.position}
        for o in product.options.all()
    ]
    seller.post(
        f"/admin/catalog/product/{product.pk}/change/", form_of(product, variants=[row], options=options)
    )
    variant.refresh_from_db()
    assert variant.title == "Large / Moss"


def test_publishing_and_taking_off_sale_are_buttons_that_save_first(seller):
    seller.post("/admin/catalog/product/add/", form_of(variants=[variant_row()]))
    product = Product.objects.get()
    assert product.status == "draft"

    page = seller.get(f"/admin/catalog/product/{product.pk}/change/").text
    assert "Save and publish" in page and "take off sale" not in page
    url, row = f"/admin/catalog/product/{product.pk}/change/", variant_row(id=product.variants.get().pk)
    seller.post(url, form_of(product, name="New name", variants=[row], catalog_product_publish="1"))
    product.refresh_from_db()
    assert (product.status, product.name) == ("active", "New name")
    assert Event.objects.get(name="product.published").actor == grace()

    seller.post(url, form_of(product, variants=[row], catalog_product_retire="1"))
    product.refresh_from_db()
    assert product.status == "retired"


def test_what_cannot_be_published_says_why(seller):
    product = make_product(published=False)
    data = form_of(product, name=product.name, slug=product.slug, catalog_product_publish="1")
    page = seller.post(f"/admin/catalog/product/{product.pk}/change/", data, follow=True)
    assert "Add a variant that is on sale" in page.text
    product.refresh_from_db()
    assert product.status == "draft"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("screen", ["hero", "category"])
def test_pictures_are_drawn_anew_while_no_transaction_is_open(seller, monkeypatch, screen):
    """A large one takes seconds; rows would stay locked that long."""
    drawn, draw = [], photographing.prepare

    def watched(upload):
        drawn.append(connection.in_atomic_block)
        return draw(upload)

    monkeypatch.setattr("catalog.forms.prepare", watched)
    data = {
        "hero": lambda: (
            {"heading": "Hi", "link": "/", "link_label": "Go", "free_side": "left", "position": 0}
            | {"upload": picture()}
        ),
        "category": lambda: branch_form("Mugs", tile_upload=picture()),
    }[screen]()
    answer = seller.post(f"/admin/catalog/{screen}/add/", data)
    assert answer.status_code == 302, answer.context["errors"]
    assert drawn == [False] and Photo.objects.count() == 1


def test_who_may_not_change_products_makes_nobody_draw(client, monkeypatch):
    monkeypatch.setattr("catalog.forms.prepare", lambda upload: pytest.fail("looked at"))
    roles.set_up()
    roles.give(ada(), role="orders")
    client.force_login(ada())
    data = branch_form("Mugs", tile_upload=picture())
    assert client.post("/admin/catalog/category/add/", data).status_code == 403


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"price_minor": "-5"}, "A price is 0 or more."),
        ({"price_minor": "abc"}, "Enter a number."),
        ({"price_minor": "1e400"}, "digits"),
        ({"compare_at_minor": "10"}, "The former price must be above the price."),
        ({"sku": ""}, "This field is required."),
        ({"weight_g": "-1"}, "greater than or equal to 0"),
    ],
)
def test_wrong_figures_are_errors_on_the_form(seller, over, words):
    page = seller.post("/admin/catalog/product/add/", form_of(variants=[variant_row(**over)]))
    assert page.status_code == 200 and words in page.text
    assert not Product.objects.exists()


def test_rows_that_contradict_themselves_are_errors_on_the_form(seller):
    product = make_product()
    url = f"/admin/catalog/product/{product.pk}/change/"
    same = {"name": product.name, "slug": product.slug}
    page = seller.post(url, form_of(product, related=[{"other": product.pk, "position": 0}], **same))
    assert "A product is not related to itself." in page.text


def test_two_variants_cannot_look_the_same(seller):
    first = make_variant(sku="A")
    second = make_variant(product=first.product, sku="B")
    make_choices(first, Size="L")
    value = first.values.get()
    rows = [
        variant_row("A", id=first.pk, values=[value.pk]),
        variant_row("B", id=second.pk, values=[value.pk]),
    ]
    option = {"id": value.option_id, "name": "Size", "typed": "L", "position": 0}
    product = first.product
    page = seller.post(
        f"/admin/catalog/product/{product.pk}/change/", form_of(product, variants=rows, options=[option])
    )
    assert "Two variants have the same values." in page.text


def test_a_value_that_variants_have_cannot_be_taken_away(seller):
    variant = make_variant(sku="MUG-L")
    make_choices(variant, Size="L")
    value, product = variant.values.get(), variant.product
    data = form_of(
        product,
        variants=[variant_row("MUG-L", id=variant.pk, values=[value.pk])],
        options=[{"id": value.option_id, "name": "Size", "typed": "S", "position": 0}],
    )
    page = seller.post(f"/admin/catalog/product/{product.pk}/change/", data, follow=True)
    assert "take the value from MUG-L first" in page.text and variant.values.get() == value


def test_a_variant_with_a_past_is_not_deleted(seller):
    variant = make_variant(sku="MUG-1", stock=3)
    row = variant_row(id=variant.pk, DELETE="on")
    data = form_of(variant.product, variants=[row])
    page = seller.post(f"/admin/catalog/product/{variant.product_id}/change/", data)
    assert page.status_code == 200 and Variant.objects.filter(pk=variant.pk).exists()
    page = seller.post(f"/admin/catalog/product/{variant.product_id}/delete/", {"post": "yes"})
    assert page.status_code in (200, 403) and Product.objects.filter(pk=variant.product_id).exists()


def test_lists_ask_as_often_for_one_product_as_for_many(seller):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert seller.get("/admin/catalog/product/").status_code == 200
            assert seller.get("/admin/catalog/stockitem/").status_code == 200
            assert seller.get("/admin/catalog/category/").status_code == 200
        return len(queries)

    def fill(many):
        ids = [
            make_variant(product=make_product(categories=[make_category()]), stock=2).product_id
            for _ in range(many)
        ]
        refreshing.refresh(ids)

    fill(1)
    few = asked()
    fill(9)
    assert asked() == few


# --- Stock ---------------------------------------------------------------------------------------------------


def test_stock_changes_by_operations_and_every_change_stands_in_the_ledger(seller):
    item = StockItem.objects.get(variant=make_variant(stock=5))
    url = f"/admin/catalog/stockitem/{item.pk}"
    seller.post(f"{url}/receive/", {"once": uuid4(), "quantity": 4, "reason": "delivery 12"})
    seller.post(f"{url}/adjust/", {"once": uuid4(), "delta": -1, "reason": "broken"})
    seller.post(f"{url}/count/", {"once": uuid4(), "counted": 10})
    item.refresh_from_db()
    assert item.on_hand == 10
    kinds = item.movements.order_by("pk").values_list("kind", "on_hand_delta", "actor__email")
    assert list(kinds)[1:] == [
        (kind, delta, "grace@example.com") for kind, delta in (("receive", 4), ("adjust", -1), ("count", 2))
    ]
    page = seller.get(f"{url}/change/").text
    assert "broken" in page and "delivery 12" in page


@pytest.mark.parametrize(
    ("step", "data", "words", "then"),
    [
        ("receive", {"quantity": 4}, "4 received.", 9),
        ("adjust", {"delta": -2, "reason": "broken"}, "On hand is 3 now.", 3),
        ("count", {"counted": 8}, "On hand is 8 now.", 8),
    ],
)
def test_a_stock_form_sent_twice_is_booked_once(seller, step, data, words, then):
    item = StockItem.objects.get(variant=make_variant(stock=5))
    url = f"/admin/catalog/stockitem/{item.pk}"
    page = seller.get(f"{url}/change/")
    shown = {name: form["once"].value() for name, _title, _label, form in page.context["forms"]}
    assert len(set(shown.values())) == 3 and page.text.count('name="once"') == 3
    for _press in range(2):
        answer = seller.post(f"{url}/{step}/", data | {"once": shown[step]}, follow=True)
        assert words in answer.text
    item.refresh_from_db()
    assert item.on_hand == then and item.movements.filter(kind=step, once=shown[step]).count() == 1

    assert "This field is required" in seller.post(f"{url}/{step}/", data, follow=True).text
    item.refresh_from_db()
    assert item.on_hand == then


def test_a_count_reloaded_after_a_sale_does_not_bring_back_what_was_sold(seller):
    """Also not when the count had found nothing to change."""
    variant = make_variant(stock=5)
    item, form = StockItem.objects.get(), {"once": uuid4(), "counted": 5}
    seller.post(f"/admin/catalog/stockitem/{item.pk}/count/", form)
    stock.reserve({variant.pk: 2}, holder="order:1", minutes=15)
    stock.ship("order:1", variant=variant.pk, quantity=2)
    seller.post(f"/admin/catalog/stockitem/{item.pk}/count/", form)
    item.refresh_from_db()
    assert item.on_hand == 3


def test_the_same_key_on_another_shelf_is_another_form(seller):
    once, shelves = uuid4(), [StockItem.objects.get(variant=make_variant(stock=5)) for _ in range(2)]
    for item in shelves:
        seller.post(f"/admin/catalog/stockitem/{item.pk}/receive/", {"once": once, "quantity": 1})
        item.refresh_from_db()
    assert [item.on_hand for item in shelves] == [6, 6]


@pytest.mark.parametrize(
    ("step", "data", "words"),
    [
        ("adjust", {"delta": -3, "reason": "lost"}, "3 pieces are promised to customers"),
        ("count", {"counted": 2}, "3 pieces are promised to customers"),
        ("adjust", {"delta": 0, "reason": "x"}, "Enter a number other than 0."),
        ("adjust", {"delta": 1}, "This field is required."),
        ("receive", {"quantity": -4}, "greater than or equal to 1"),
        ("receive", {"quantity": "9" * 30}, "less than or equal to"),
        ("count", {"counted": "x"}, "Enter a whole number."),
    ],
)
def test_stock_that_is_promised_or_nonsense_is_refused(seller, step, data, words):
    variant = make_variant(stock=5)
    stock.reserve({variant.pk: 3}, holder="order:1", minutes=15)
    item = StockItem.objects.get()
    page = seller.post(f"/admin/catalog/stockitem/{item.pk}/{step}/", data | {"once": uuid4()}, follow=True)
    item.refresh_from_db()
    assert words in page.text and (item.on_hand, item.reserved) == (5, 3)


# --- Categories, reviews, questions, home --------------------------------------------------------------------


def branch_form(name, *, parent="", **over):
    return {
        "name": name,
        "slug": name.lower(),
        "treebeard_position": "first-child",
        "treebeard_ref_node": parent,
    } | over


def test_a_branch_is_made_moved_and_its_products_follow(seller):
    prints, objects = make_category("Prints"), make_category("Objects")
    answer = seller.post(
        "/admin/catalog/category/add/", branch_form("Mugs", parent=prints.pk, is_published="on")
    )
    assert answer.status_code == 302, answer.context["errors"]
    mugs = Category.objects.get(slug="mugs")
    product = make_variant(product=make_product(categories=[mugs])).product
    deliver_due()

    seller.post(
        f"/admin/catalog/category/{mugs.pk}/change/",
        branch_form("Mugs", parent=objects.pk, is_published="on"),
    )
    deliver_due()
    mugs.refresh_from_db()
    product.search.refresh_from_db()
    assert mugs.path.startswith(objects.path) and prints.pk not in product.search.category_ids
    assert objects.pk in product.search.category_ids


def test_a_category_gets_its_tile(seller):
    category = make_category("Mugs")
    url = f"/admin/catalog/category/{category.pk}/change/"
    seller.post(url, branch_form("Mugs", tile_upload=picture(size=(400, 500)), tile_alt="Two mugs"))
    category.refresh_from_db()
    assert (category.tile.width, category.tile.alt) == (400, "Two mugs")
    seller.post(url, branch_form("Mugs", tile_alt="Three mugs"))
    category.tile.refresh_from_db()
    assert category.tile.alt == "Three mugs"


def test_only_an_empty_leaf_is_deleted(seller):
    prints = make_category("Prints")
    terrain = make_category("Terrain", parent=prints)
    make_product(categories=[terrain])
    prints.refresh_from_db()
    for category in (prints, terrain):
        assert (
            seller.post(f"/admin/catalog/category/{category.pk}/delete/", {"post": "yes"}).status_code == 403
        )
    assert Category.objects.count() == 2


def test_an_answered_question_shows_on_the_page(seller, client):
    product = make_variant(stock=1).product
    question = Question.objects.create(product=product, text="Is it heavy?")
    seller.post(f"/admin/catalog/question/{question.pk}/change/", {"answer": "No.", "answered_by": ""})
    deliver_due()
    question.refresh_from_db()
    assert question.answered_by == "Grace Hopper" and question.answered_at
    assert "Is it heavy?" in client.get(product.get_absolute_url()).text


def test_a_home_picture_leads_only_into_the_shop(seller):
    data = {
        "heading": "Hello",
        "link": "https://evil.example/",
        "link_label": "Go",
        "free_side": "left",
        "position": 0,
    }
    page = seller.post("/admin/catalog/hero/add/", data | {"upload": picture(size=(2000, 900))})
    assert "Enter a path of this shop" in page.text and not Hero.objects.exists()
    seller.post(
        "/admin/catalog/hero/add/",
        data | {"link": "/c/prints/", "upload": picture(size=(2000, 900)), "alt": "Sofa"},
    )
    assert Hero.objects.get().photo.alt == "Sofa"


# --- Who may -------------------------------------------------------------------------------------------------


def test_who_looks_after_orders_sees_stock_but_changes_neither_it_nor_prices(client):
    roles.set_up()
    person = ada()
    roles.give(person, role="orders")
    client.force_login(person)
    variant = make_variant(stock=5)
    item = StockItem.objects.get()
    assert client.get(f"/admin/catalog/stockitem/{item.pk}/change/").status_code == 200
    assert "Goods came in" not in client.get(f"/admin/catalog/stockitem/{item.pk}/change/").text
    assert client.post(f"/admin/catalog/stockitem/{item.pk}/receive/", {"quantity": 5}).status_code == 403
    client.post(f"/admin/catalog/product/{variant.product_id}/change/", form_of(variant.product))
    assert client.get("/admin/catalog/category/").status_code == 403
    item.refresh_from_db()
    variant.product.refresh_from_db()
    assert item.on_hand == 5 and variant.product.name != "Contour Mug"


def test_who_looks_after_the_catalogue_may_do_all_of_this(client):
    roles.set_up()
    person = ada()
    roles.give(person, role="catalogue")
    client.force_login(person)
    for screen in ("product", "category", "stockitem", "review", "question", "attribute", "hero"):
        assert client.get(f"/admin/catalog/{screen}/").status_code == 200, screen
    assert client.post("/admin/catalog/product/add/", form_of(variants=[variant_row()])).status_code == 302


def test_a_set_is_made_of_the_skus_that_are_typed(seller):
    for sku in ("MUG-1", "BOOK-1"):
        make_variant(sku=sku, stock=4)
    product = make_variant(sku="SET-1", product=make_product(kind="bundle")).product
    variant = product.variants.get()
    url = f"/admin/catalog/product/{product.pk}/change/"

    def send(typed):
        row = variant_row("SET-1", id=variant.pk) | {"typed_parts": typed, "percent_off_parts": "10"}
        return seller.post(url, form_of(product, variants=[row]) | {"kind": "bundle"}, follow=True).text

    assert "no variant with the SKU NONE-1" in send("2 × NONE-1")
    assert "write a SKU, once" in send("MUG-1, MUG-1")
    send("2 × MUG-1, BOOK-1")

    assert {part.component.sku: part.quantity for part in variant.parts.all()} == {"MUG-1": 2, "BOOK-1": 1}
    variant.refresh_from_db()
    assert variant.price_minor == 7830  # three times 29.00 less 10 %
    assert "2 × MUG-1, 1 × BOOK-1" in seller.get(url).text
