import io

import pytest
from PIL import Image

from catalog.models import Photo, PhotoImport, ProductSearch
from catalog.photos import collecting
from catalog.tests.factories import make_variant
from shop.core.models import Delivery
from shop.core.outbox import deliver_due
from shop.core.tests.test_fetching import server  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def supplier(server, settings):  # noqa: F811
    """A supplier's server with one picture on every path it does not know."""
    out = io.BytesIO()
    Image.new("RGB", (500, 400), "#3366cc").save(out, "PNG")
    handler = server.RequestHandlerClass
    server.RequestHandlerClass = type(
        "Supplier",
        (handler,),
        {"_file": lambda self: handler._file(self, out.getvalue()), "_text": handler._file},
    )
    settings.SHOP_FETCH_ALLOWED = [f"127.0.0.1:{server.port}"]
    server.url = f"http://127.0.0.1:{server.port}"
    return server


def work():
    """Until nothing is left, however long a worker would wait before it comes again."""
    for _round in range(5):
        Delivery.objects.filter(done_at=None).update(due_at="2020-01-01T00:00Z")
        deliver_due()


def test_a_worker_brings_the_picture_and_lists_show_it(supplier):
    variant = make_variant()
    row = collecting.ask(
        variant.product, url=f"{supplier.url}/mug.jpg", alt="A mug", position=3, variants=[variant]
    )
    assert (row.status, Photo.objects.count()) == ("waiting", 0)
    work()
    row.refresh_from_db()
    photo = Photo.objects.get()
    assert (row.status, row.photo, row.error) == ("done", photo, "")
    assert (photo.product, photo.alt, photo.position) == (variant.product, "A mug", 3)
    assert list(photo.variants.all()) == [variant]
    assert ProductSearch.objects.get().card["photo"]["path"] == photo.file.name


def test_an_address_is_fetched_once_however_often_it_is_named(supplier):
    product = make_variant().product
    for _time in range(3):
        collecting.ask(product, url=f"{supplier.url}/mug.jpg")
        work()
    assert Photo.objects.count() == PhotoImport.objects.count() == 1 and len(supplier.asked) == 1
    Photo.objects.all().delete()
    collecting.ask(product, url=f"{supplier.url}/mug.jpg")
    work()
    assert Photo.objects.count() == 1


def test_two_workers_with_the_same_row_bring_one_picture(supplier):
    row = collecting.ask(make_variant().product, url=f"{supplier.url}/mug.jpg")
    stale = PhotoImport.objects.get()
    assert collecting.collect(row) and collecting.collect(stale) is None
    assert Photo.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "words", "asked"), [("gone", "404", 1), ("text", "not a picture", 1), ("broken", "503", 3)]
)
def test_what_fails_says_why_and_is_tried_again_only_where_that_may_help(supplier, path, words, asked):
    row = collecting.ask(make_variant().product, url=f"{supplier.url}/{path}")
    work()
    row.refresh_from_db()
    assert row.status == "failed" and words in row.error and len(supplier.asked) == asked
    assert not Photo.objects.exists() and not Delivery.objects.filter(done_at=None).exists()
    collecting.again(row)
    row.refresh_from_db()
    assert (row.status, row.error) == ("waiting", "")


def test_a_private_place_is_not_fetched_from(supplier, settings):
    settings.SHOP_FETCH_ALLOWED = []
    row = collecting.ask(make_variant().product, url=f"{supplier.url}/mug.jpg")
    work()
    row.refresh_from_db()
    assert row.status == "failed" and "private network" in row.error and supplier.asked == []


@pytest.mark.parametrize("url", ["", "mug.jpg", "file:///etc/passwd", "https://a.example/" + "x" * 1000])
def test_what_is_no_address_is_refused_at_once(url):
    with pytest.raises(collecting.NoAddress):
        collecting.ask(make_variant().product, url=url)
    assert not PhotoImport.objects.exists()
