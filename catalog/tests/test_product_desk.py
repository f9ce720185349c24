"""A product's screen: what is missing, the table of variants, combinations, copies, and what happened."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Option, OptionValue, Photo, Product, Variant
from catalog.products import combining, duplicating, readying
from catalog.tests.factories import (
    make_attribute,
    make_category,
    make_choices,
    make_location,
    make_product,
    make_type,
    make_variant,
)
from catalog.tests.test_admin import form_of, variant_row
from shop.accounts import roles
from shop.accounts.models import User
from shop.core.models import Event
from shop.tests.people import PASSWORD, grace

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def page_of(product):
    return f"/admin/catalog/product/{product.pk}/change/"


def lacking(product):
    return [point.label for point in readying.missing(product)]


def offer(product, **options):
    """Choices with their values: offer(mug, Size=["S", "L"])."""
    for place, (name, values) in enumerate(options.items()):
        option = Option.objects.create(product=product, name=name, position=place)
        for n, value in enumerate(values):
            OptionValue.objects.create(option=option, name=value, position=n)


def as_posted(product, *, button="", **over):
    """Its form as the browser sends it, with nothing touched but `over`."""
    rows = [
        variant_row(
            v.sku,
            id=v.pk,
            price_minor=str(v.price_minor / 100),
            weight_g=v.weight_g,
            position=v.position,
            cost_minor="" if v.cost_minor is None else str(v.cost_minor / 100),
            values=[value.pk for value in v.values.all()],
        )
        for v in product.variants.all()
    ]
    options = [
        {
            "id": o.pk,
            "name": o.name,
            "typed": ", ".join(v.name for v in o.values.all()),
            "position": o.position,
        }
        for o in product.options.all()
    ]
    posted = form_of(product, name=product.name, slug=product.slug, variants=rows, options=options)
    return posted | over | ({button: "1"} if button else {})


def test_what_is_missing_is_named_and_goes_when_it_is_there(seller):
    kind = make_type("Cups", make_attribute("Volume", "number", unit="ml"))
    mug = make_product("Mug", published=False, type=kind)
    assert lacking(mug) == [
        "A variant on sale", "A price", "A photo", "Photos in words", "In one sentence", "A description", "A category",
        "Volume", "A weight", "Stock",
    ]  # fmt: skip
    make_variant(product=mug, sku="MUG", stock=4, weight_g=300)
    photo = Photo.objects.create(product=mug, file="photos/aa/a.jpg", width=10, height=10)
    mug.categories.add(make_category("Cups"))
    mug.short_description, mug.description = "A mug.", "Thrown by hand in Vienna. " * 5
    assert lacking(mug) == ["Photos in words", "Volume"]

    page = seller.get(page_of(mug)).text
    assert "1 photo without words" in page and f'href="/admin/catalog/product/{mug.pk}/photos/"' in page
    Photo.objects.filter(pk=photo.pk).update(alt="A mug")
    mug.attributes.create(attribute=kind.attributes.get(), number=350)
    assert lacking(mug) == []


def test_what_needs_no_shelf_is_not_asked_for_stock():
    book = make_product("Book", kind=Product.Kind.DIGITAL)
    assert not {"A weight", "Stock"} & set(lacking(book))


def test_the_page_shows_the_search_result_and_counts_its_letters(seller):
    mug = make_product("Mug", seo_title="M" * 70, seo_description="d" * 40)
    page = seller.get(page_of(mug)).text
    assert "Title: 70 of 60 characters" in page and "Description: 40 of 160 characters" in page
    assert "is cut off" in page and "/products/mug/" in page


def test_filling_down_changes_all_rows_or_those_of_one_value(seller):
    first = make_variant(sku="L", price_minor=1000)
    product = first.product
    second = make_variant(product=product, sku="S", price_minor=2000)
    offer(product, Size=["Large", "Small"])
    large, small = OptionValue.objects.order_by("position")
    first.values.set([large]), second.values.set([small])

    answer = seller.post(page_of(product), as_posted(product, button="_fill", **{"fill-weight_g": "450"}))
    assert answer.status_code == 303 and answer["Location"].endswith("#variants-group")
    assert list(product.variants.values_list("weight_g", flat=True)) == [450, 450]

    bar = {"fill-which": str(small.pk), "fill-price_minor": "7,50", "fill-is_active": "off"}
    seller.post(page_of(product), as_posted(product, button="_fill", **bar))
    assert list(product.variants.order_by("sku").values_list("sku", "price_minor", "is_active")) == [
        ("L", 1000, True),
        ("S", 750, False),
    ]


def test_a_wrong_figure_is_told_in_the_rows_and_changes_nothing(seller):
    variant = make_variant(sku="MUG", price_minor=1000)
    bar = {"fill-price_minor": "cheap"}
    page = seller.post(page_of(variant.product), as_posted(variant.product, button="_fill", **bar))
    assert page.status_code == 200 and "Enter a number." in page.text
    variant.refresh_from_db()
    assert variant.price_minor == 1000


def test_all_combinations_are_made_and_what_is_there_stays(seller):
    make_location()
    plain = make_variant(sku="MUG", price_minor=1900, weight_g=300, cost_minor=700)
    product = plain.product
    offer(product, Size=["S", "L"], Colour=["Moss", "Berry"])
    seller.post(page_of(product), as_posted(product, button="_combine"))

    titles = list(product.variants.values_list("title", flat=True))
    assert titles == ["S / Moss", "S / Berry", "L / Moss", "L / Berry"]
    plain.refresh_from_db()
    assert plain.title == "S / Moss" and plain.sku == "MUG"
    assert set(product.variants.values_list("price_minor", "weight_g", "cost_minor")) == {(1900, 300, 700)}
    assert all(variant.stock_items.exists() for variant in product.variants.all())
    Variant.objects.filter(sku="MUG").update(price_minor=2500)
    assert combining.combine(product) == 0 and product.variants.get(sku="MUG").price_minor == 2500


def test_a_hundred_combinations_are_the_most():
    variant = make_variant(sku="MUG")
    offer(variant.product, A=[str(n) for n in range(10)], B=[str(n) for n in range(10)])
    assert combining.combine(variant.product) == 99 and variant.product.variants.count() == 100
    offer(variant.product, C=["x", "y"])
    with pytest.raises(combining.TooMany, match="200 combinations"):
        combining.combine(variant.product)
    with pytest.raises(combining.NothingToCombine):
        combining.combine(make_variant().product)


def test_a_copy_is_a_draft_with_everything_but_stock_and_reviews(seller):
    make_location()
    variant = make_variant(sku="MUG-L", stock=5, ean13="9120000000000")
    mug = variant.product
    make_choices(variant, Size="L")
    mug.categories.add(make_category("Cups"))
    mug.attributes.create(attribute=make_attribute("Clay"), text="white")
    mug.related.create(other=make_product("Saucer"))
    mug.custom_fields.create(code="name", label="Whose name?", options=[])
    photo = Photo.objects.create(product=mug, file="photos/aa/a.jpg", width=10, height=10, alt="A mug")
    photo.variants.add(variant)

    answer = seller.post(f"/admin/catalog/product/{mug.pk}/duplicate/")
    copy = Product.objects.latest("pk")
    assert answer["Location"] == page_of(copy)
    assert (copy.status, copy.slug, copy.published_at) == ("draft", f"{mug.slug}-copy", None)
    twin = copy.variants.get()
    assert (twin.sku, twin.ean13, twin.price_minor) == ("MUG-L-COPY", "", variant.price_minor)
    assert twin.values.get().option.product == copy and twin.stock_items.get().on_hand == 0
    assert copy.photos.get().file == photo.file and list(copy.photos.get().variants.all()) == [twin]
    assert copy.attributes.get().text == "white" and copy.related.get().other.name == "Saucer"
    assert copy.custom_fields.get().label == "Whose name?"
    assert list(copy.categories.all()) == list(mug.categories.all())
    assert Event.objects.filter(name="product.changed", subject_id=copy.pk).exists()
    assert duplicating.duplicate(mug).variants.get().sku == "MUG-L-COPY-2"


def test_who_may_only_look_copies_nothing(client):
    roles.set_up()
    person = User.objects.create_user("s@example.com", PASSWORD, is_staff=True)
    roles.give(person, role="support")
    client.force_login(person)
    mug = make_product()
    assert client.post(f"/admin/catalog/product/{mug.pk}/duplicate/").status_code == 403
    page = client.get(page_of(mug)).text
    assert "Duplicate" not in page and "Save and publish" not in page and "Fill down" not in page


def test_the_page_asks_as_often_for_one_variant_as_for_many(seller):
    def asked(product):
        with CaptureQueriesContext(connection) as queries:
            assert seller.get(page_of(product)).status_code == 200
        return len(queries)

    one = make_variant(sku="ONE").product
    many = make_variant(sku="MANY").product
    offer(many, Size=["S", "M", "L"])
    combining.combine(many)
    offer(one, Size=["S"])
    combining.combine(one)
    seller.get(page_of(one))
    assert asked(one) == asked(many)
