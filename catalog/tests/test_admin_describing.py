"""What sellers do with types, attributes and the properties of products."""

import pytest

from catalog import describing
from catalog.models import Attribute, AttributeChoice, Product
from catalog.tests.factories import make_attribute, make_product, make_type
from catalog.tests.test_admin import form_of
from shop.tests.people import grace

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def described(product, type_, **over):
    return form_of(product, name=product.name, slug=product.slug, type=type_.pk, **over)


def field(attribute):
    return f"property_{attribute.pk}"


def test_the_form_asks_exactly_for_what_the_type_has(seller):
    volume = make_attribute("Volume", "number", unit="ml")
    colours = make_attribute("Colours", "swatch", choices=["Blue", "Red"], is_multiple=True)
    safe, fit = make_attribute("Dishwasher safe", "boolean"), make_attribute("Fit")
    mug, shirt = make_type("Mug", volume, colours, safe), make_type("T-shirt", fit)
    product = make_product(type=mug)
    url = f"/admin/catalog/product/{product.pk}/change/"

    page = seller.get(url).text
    assert "Volume (ml)" in page and field(colours) in page and field(fit) not in page

    posted = {field(volume): "350", field(colours): ["Blue", "Red"], field(safe): "yes", field(fit): "Slim"}
    assert seller.post(url, described(product, mug, **posted)).status_code == 302
    values = {row.attribute.name: row.plain for row in product.attributes.all()}
    assert values == {"Volume": "350", "Colours": "Red", "Dishwasher safe": "yes"}
    assert 'value="350"' in seller.get(url).text

    kept = posted | {field(volume): "400"}
    assert seller.post(url, described(product, shirt, **kept)).status_code == 302
    page = seller.get(url).text
    assert field(fit) in page and field(volume) not in page
    assert "Kept, not shown" in page and "Volume: 400 ml" in page
    assert product.attributes.count() == 4


def test_a_value_of_the_wrong_kind_is_an_error_beside_its_field(seller):
    volume = make_attribute("Volume", "number", unit="ml")
    mug = make_type("Mug", volume)
    product = make_product(type=mug)
    url = f"/admin/catalog/product/{product.pk}/change/"
    page = seller.post(url, described(product, mug, **{field(volume): "big"}))
    assert page.status_code == 200 and "“big” is no number" in page.text
    assert not product.attributes.exists()


def attribute_form(attribute, choices=(), **over):
    fields = {"name": attribute.name, "code": attribute.code, "kind": attribute.kind, "position": 0}
    rows = {"choices-TOTAL_FORMS": len(choices), "choices-INITIAL_FORMS": sum("id" in c for c in choices)}
    for n, row in enumerate(choices):
        rows |= {f"choices-{n}-{name}": value for name, value in row.items()}
        rows[f"choices-{n}-attribute"] = attribute.pk
    return fields | rows | over


def test_an_attribute_has_its_choices_beside_it_and_those_in_use_stay(seller):
    fit = make_attribute("Fit", "choice")
    url = f"/admin/catalog/attribute/{fit.pk}/change/"
    rows = [{"name": "Slim", "color": "#1F5F5B", "position": 0}, {"name": "Wide", "color": "", "position": 1}]
    assert seller.post(url, attribute_form(fit, rows)).status_code == 302
    assert [c.name for c in fit.choices.all()] == ["Slim", "Wide"]
    assert fit.choices.first().color == "#1f5f5b"

    product = make_product()
    describing.describe(product, values={fit: ["Slim"]})
    slim = AttributeChoice.objects.get(name="Slim")
    gone = [{"id": slim.pk, "name": "Slim", "color": "", "position": 0, "DELETE": "on"}]
    page = seller.post(url, attribute_form(fit, gone))
    assert page.status_code == 200 and "protected related objects: property Slim" in page.text
    page = seller.post(url, attribute_form(fit, [{"name": "Tight", "color": "blue", "position": 3}]))
    assert "Enter a colour like #1f5f5b." in page.text


def test_a_kind_changes_only_if_every_value_fits(seller):
    volume = make_attribute("Volume")
    url = f"/admin/catalog/attribute/{volume.pk}/change/"
    product = make_product()
    describing.describe(product, values={volume: ["large"]})
    page = seller.post(url, attribute_form(volume, kind="number", unit="ml"))
    assert page.status_code == 200 and "“large” is no number" in page.text
    describing.describe(product, values={volume: ["350"]})
    assert seller.post(url, attribute_form(volume, kind="number", unit="ml")).status_code == 302
    volume.refresh_from_db()
    assert (volume.kind, volume.unit, volume.values.get().number) == ("number", "ml", 350)
    page = seller.post(url, attribute_form(volume, kind="text", unit="ml"))
    assert "Only numbers have a unit." in page.text and Attribute.objects.get().kind == "number"


def test_types_say_what_they_ask_for(seller):
    volume = make_attribute("Volume", "number")
    posted = {"name": "Mug", "position": 0, "attributes": [volume.pk]}
    assert seller.post("/admin/catalog/producttype/add/", posted).status_code == 302
    make_product(type=volume.types.get())
    page = seller.get("/admin/catalog/producttype/").text
    assert "Volume" in page and Product.objects.filter(type__name="Mug").count() == 1
