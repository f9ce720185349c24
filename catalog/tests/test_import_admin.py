"""The sellers' screens of imports and exports, as browsers post them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import ImportRun, Product
from catalog.tests.factories import make_location
from catalog.tests.importing import sample, table
from shop.core.outbox import deliver_due
from shop.tests.people import ada, grace

pytestmark = pytest.mark.django_db
HEAD = "slug,name,status,sku,price,stock"
LIST = "/admin/catalog/importrun/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_location()


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def upload(client, content, **over):
    file = SimpleUploadedFile("products.csv", content, "text/csv")
    return client.post(f"{LIST}add/", {"file": file, "format": "", "location": make_location().pk} | over)


def test_from_upload_to_import(seller):
    answer = upload(seller, table(HEAD, "mug,Mug,active,MUG-1,12.50,3", "jar,Jar,active,JAR-1,-2,1"))
    run = ImportRun.objects.get()
    url = f"{LIST}{run.pk}/change/"
    assert (answer.status_code, answer["Location"]) == (303, url)
    page = seller.get(url).content.decode()
    assert "6 columns are used" in page and "Try it out" in page

    seller.post(f"{LIST}{run.pk}/try_out/")
    page = seller.get(url).content.decode()
    assert 'http-equiv="refresh"' in page and 'data-poll="2"' in page
    deliver_due()
    page = seller.get(url).content.decode()
    assert "A price is 0 or more" in page and not Product.objects.exists()
    assert 'http-equiv="refresh"' not in page

    seller.post(f"{LIST}{run.pk}/start/")
    deliver_due()
    page = seller.get(url).content.decode()
    assert "What happened" in page and Product.objects.get().name == "Mug"
    rows = b"".join(seller.get(f"{LIST}{run.pk}/problems.csv").streaming_content).decode()
    assert rows.splitlines()[1].startswith("3,price,error")
    assert seller.get(f"{url}?outcome=refused&page=9").status_code == 200


def test_what_is_no_table_is_told_beside_the_field(seller):
    for content in (b"\x89PNG\r\n\x00\x00", b"Date,Amount\n1,2\n", b"x" * 10):
        answer = upload(seller, content)
        assert answer.status_code == 200 and b'role="alert"' in answer.content
    assert upload(seller, b"").status_code == 200
    assert not ImportRun.objects.exists()


def test_a_step_that_is_not_possible_is_a_message(seller):
    upload(seller, table(HEAD, "mug,Mug,active,MUG-1,12.50,3"))
    run = ImportRun.objects.get()
    answer = seller.post(f"{LIST}{run.pk}/stop/", follow=True)
    seller.post(f"{LIST}{run.pk}/stop/")
    answer = seller.post(f"{LIST}{run.pk}/try_out/", follow=True)
    assert answer.status_code == 200 and "cannot be done now" in answer.content.decode()


@pytest.mark.parametrize("format", ["till", "shopify", "woocommerce"])
def test_exports_while_it_reads(seller, format):
    upload(seller, sample("shopify_older.csv"))
    run = ImportRun.objects.get()
    seller.post(f"{LIST}{run.pk}/start/")
    deliver_due()
    answer = seller.get(f"{LIST}export/{format}/")
    assert answer.streaming and answer["Content-Disposition"].startswith(
        f'attachment; filename="products-{format}-'
    )
    assert b"FERN-MOSS-S" in b"".join(answer.streaming_content)
    assert "Export for Shopify" in seller.get(LIST).content.decode()


def test_whoever_may_not_import_sees_nothing_of_it(client):
    client.force_login(ada())
    for path in (LIST, f"{LIST}add/", f"{LIST}export/till/", f"{LIST}1/problems.csv"):
        assert client.get(path).status_code in (302, 303, 403, 404)
    assert upload(client, table(HEAD, "mug,Mug,active,MUG-1,1,1")).status_code in (302, 303, 403)
    assert not ImportRun.objects.exists()
