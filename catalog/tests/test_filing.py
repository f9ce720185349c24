"""Files of downloads and documents of products: what is taken, what is shown, and what is on sale without one."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.forms import modelform_factory
from django.urls import reverse

from catalog import publishing
from catalog.admin.documents import DocumentForm
from catalog.finding import refreshing
from catalog.models import Product, ProductDocument
from catalog.products import documenting, filing
from catalog.products.documenting import NotADocument
from catalog.products.filing import LastFile, WrongFile
from catalog.tests.factories import make_product, make_variant
from shop.core.storage import private
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def make_download(**over):
    return make_variant(product=make_product(kind=Product.Kind.DIGITAL, published=False), **over)


def put(product, content=b"first", name="wallpaper.jpg", **over):
    return filing.add_file(product, upload=ContentFile(content, name=name), title="Wallpaper", **over)


def pdf(content=PDF, name="sheet.pdf"):
    return ContentFile(content, name=name)


def test_a_download_is_published_once_each_of_its_variants_has_a_file():
    small = make_download()
    large = make_variant(product=small.product)
    put(small.product, variant=small)
    with pytest.raises(publishing.NotReady, match=large.sku):
        publishing.publish(small.product)
    put(small.product, variant=large)
    publishing.publish(small.product)
    assert small.product.status == Product.Status.ACTIVE


def test_buyers_get_the_newest_version_and_it_lies_where_nobody_can_guess():
    variant = make_download()
    file = put(variant.product)
    newest = filing.add_version(
        file, upload=ContentFile(b"second!", name="../../etc/pass\nwd.jpg"), label="2"
    )
    assert filing.files_of(variant) == [file] and file.latest == newest
    assert newest.name == "passwd.jpg" and newest.size == 7 and "passwd" not in newest.content.name
    assert private().open(newest.content.name).read() == b"second!"
    assert not default_storage.exists(newest.content.name)
    assert filing.in_words(newest) == "JPEG, 7\xa0bytes, version 2"


def test_the_last_file_of_what_is_on_sale_stays():
    variant = make_download()
    file = put(variant.product)
    publishing.publish(variant.product)
    with pytest.raises(LastFile):
        filing.remove(file)
    other = put(variant.product)
    filing.remove(file)
    assert filing.files_of(variant) == [other]


@pytest.mark.parametrize("content", [b"", b"x" * (2**20 + 1)])
def test_refuses_empty_and_huge_files(settings, content):
    settings.SHOP_STAFF_BODY_MAX_MB = 1
    variant = make_download()
    with pytest.raises(WrongFile):
        put(variant.product, content)
    assert not variant.product.digital_files.exists()


def test_goods_have_no_files_to_download():
    with pytest.raises(WrongFile):
        put(make_variant().product)


@pytest.mark.parametrize(
    "content", [b"", b"<html>%PDF-", PDF[:20], PDF.replace(b"<<>>", b"<</JavaScript 1>>", 1), b"PK\x03\x04"]
)
def test_a_document_is_what_it_contains_not_what_it_is_called(content):
    with pytest.raises(NotADocument):
        documenting.check(pdf(content))
    data = {"title": "Sheet", "kind": "data", "position": 0}
    fields = ["title", "kind", "language", "file", "position"]
    form = modelform_factory(ProductDocument, form=DocumentForm, fields=fields)(data, {"file": pdf(content)})
    assert "file" in form.errors


def test_the_page_lists_documents_in_the_sellers_order_with_type_and_size(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    variant = make_variant(stock=3)
    for position, title in enumerate(["Second", "First"]):
        ProductDocument.objects.create(
            product=variant.product, title=title, file=pdf(), size=340_000, position=9 - position
        )
    refreshing.refresh([variant.product_id])
    page = client.get(variant.product.get_absolute_url()).text
    assert page.index(">First<") < page.index(">Second<") and "Data sheet, PDF, 332.0\xa0KB" in page


def test_files_that_no_document_names_are_swept_a_day_later(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    product = make_variant().product
    kept, gone = (ProductDocument.objects.create(product=product, title="A", file=pdf()) for _ in range(2))
    name = gone.file.name
    gone.delete()
    assert documenting.sweep() == 0
    monkeypatch.setattr(documenting, "GRACE", documenting.timedelta(0))
    assert documenting.sweep() == 1
    assert default_storage.exists(kept.file.name) and not default_storage.exists(name)


def test_a_seller_adds_the_file_on_its_screen(client):
    variant = make_download()
    client.force_login(grace())
    page = f"{reverse('admin:catalog_digitalfile_add')}?product={variant.product_id}"
    typed = {"product": variant.product_id, "title": "Dusk", "position": 0, "label": "1"}
    assert "Choose the file." in client.post(page, typed).text
    answer = client.post(page, typed | {"upload": ContentFile(b"pixels", name="dusk.png")})
    assert answer.status_code == 302
    [file] = filing.files_of(variant)
    assert filing.in_words(file.latest).startswith("PNG, 6")
