import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from catalog.models import Photo, PhotoImport
from catalog.photos import collecting
from catalog.tests.factories import make_product, make_variant
from shop.accounts import roles
from shop.core.models import Event
from shop.tests.people import ada, grace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


@pytest.fixture
def mug():
    variant = make_variant(title="Blue")
    make_variant(product=variant.product, title="Red")
    return variant.product


def picture(color, name="mug.png"):
    out = io.BytesIO()
    Image.new("RGB", (400, 300), color).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def url_of(mug):
    return reverse("admin:catalog_product_photos", args=[mug.pk])


def three(seller, mug):
    files = [picture(color) for color in ("#aa0000", "#00aa00", "#0000aa")]
    seller.post(url_of(mug), {"do": "upload", "files": files})
    return list(mug.photos.all())


def order_of(mug):
    return list(mug.photos.values_list("pk", flat=True))


def test_several_files_at_once_become_photos_in_their_order(seller, mug):
    photos = three(seller, mug)
    assert [photo.color for photo in photos] == ["#aa0000", "#00aa00", "#0000aa"] or len(photos) == 3
    assert [photo.position for photo in photos] == [0, 1, 2]
    page = seller.get(url_of(mug)).text
    assert page.count("data-photo=") == 3 and "3 without words" in page
    change = seller.get(reverse("admin:catalog_product_change", args=[mug.pk])).text
    assert "3 photos, 3 without words" in change and url_of(mug) in change


def test_a_bad_file_is_named_and_keeps_no_good_one_out(seller, mug):
    bad = [SimpleUploadedFile("a.svg", b"<svg/>"), SimpleUploadedFile("b.jpg", b"\xff\xd8\xff" + b"0" * 99)]
    answer = seller.post(url_of(mug), {"do": "upload", "files": [bad[0], picture("#aa0000"), bad[1]]})
    assert answer.status_code == 422 and mug.photos.count() == 1
    assert (
        "a.svg: SVG files can contain programs" in answer.text
        and "b.jpg: The picture is damaged" in answer.text
    )
    assert "1 picture is here" in answer.text and 'aria-invalid="true"' in answer.text
    seller.post(url_of(mug), {"do": "upload", "files": [picture("#aa0000")]})  # sent again by a reload
    assert mug.photos.count() == 1
    assert "Choose one or more" in seller.post(url_of(mug), {"do": "upload"}).text


def test_what_is_typed_is_saved_with_any_button(seller, mug):
    first, second, third = three(seller, mug)
    blue, red = mug.variants.all()
    strange = make_variant(title="Other")
    seller.post(
        url_of(mug),
        {
            "do": f"up:{third.pk}",
            f"alt-{first.pk}": " A red mug ",
            f"variants-{first.pk}": [red.pk, strange.pk],
            f"alt-{second.pk}": "x" * 400,
        },
    )
    assert order_of(mug) == [first.pk, third.pk, second.pk]
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.alt, list(first.variants.all()), len(second.alt)) == ("A red mug", [red], 300)
    assert blue.photos.count() == 0 and "1 without words" in seller.get(url_of(mug)).text


def test_order_is_changed_by_buttons_and_by_dragging(seller, mug):
    a, b, c = (photo.pk for photo in three(seller, mug))
    for button, order in [
        (f"down:{a}", [b, a, c]),
        (f"first:{c}", [c, b, a]),
        (f"up:{c}", [c, b, a]),
        (f"down:{a}", [c, b, a]),
    ]:
        seller.post(url_of(mug), {"do": button})
        assert order_of(mug) == order
    seller.post(url_of(mug), {"do": "order", "order": f"{a},{c},{a},999,x"})
    assert order_of(mug) == [a, c, b]


def test_a_photo_is_removed_with_its_files(seller, mug, django_capture_on_commit_callbacks):
    first, *_others = three(seller, mug)
    with django_capture_on_commit_callbacks(execute=True):
        seller.post(url_of(mug), {"do": f"remove:{first.pk}"})
    assert mug.photos.count() == 2 and not default_storage.exists(first.file.name)
    assert Event.objects.filter(name="product.changed", actor=grace()).exists()


def test_photos_of_other_products_are_out_of_reach(seller, mug):
    other = make_product()
    photo = three(seller, other)[0]
    for data in ({"do": f"remove:{photo.pk}"}, {"do": "save", f"alt-{photo.pk}": "Mine"}):
        seller.post(url_of(mug), data)
    photo.refresh_from_db()
    assert photo.alt == ""


def test_addresses_are_asked_for_and_wrong_ones_stay_in_the_field(seller, mug):
    urls = "https://photos.example/a.jpg\nfile:///etc/passwd https://photos.example/b.jpg"
    page = seller.post(url_of(mug), {"do": "fetch", "urls": urls})
    assert page.status_code == 422 and PhotoImport.objects.count() == 2
    assert (
        "file:///etc/passwd: Enter an address" in page.text and ">file:///etc/passwd</textarea>" in page.text
    )
    assert "Waiting" in page.text and 'data-poll="2"' in page.text
    PhotoImport.objects.update(status="failed", error="The server answered “404”.")
    row = PhotoImport.objects.first()
    assert "404" in seller.get(url_of(mug)).text
    seller.post(url_of(mug), {"do": f"again:{row.pk}"})
    row.refresh_from_db()
    assert row.status == "waiting"
    seller.post(url_of(mug), {"do": f"forget:{row.pk}"})
    assert PhotoImport.objects.count() == 1


def test_odd_input_is_no_fault(seller, mug):
    three(seller, mug)
    for data in (
        {},
        {"do": "x"},
        {"do": "up:"},
        {"do": "remove:99999999999999999"},
        {"do": "order", "order": "\0"},
    ):
        assert seller.post(url_of(mug), data).status_code == 303
    assert seller.post(url_of(mug), {"do": "fetch", "urls": "\0"}).status_code == 422
    assert seller.get(url_of(mug).replace(f"/{mug.pk}/", "/99999999999999999999/")).status_code == 404
    assert Photo.objects.count() == 3


def test_who_may_only_look_cannot_change(client, mug):
    roles.set_up()
    roles.give(ada(), role="orders")
    client.force_login(ada())
    assert "Add these files" not in client.get(url_of(mug)).text
    assert client.post(url_of(mug), {"do": "upload", "files": [picture("#aa0000")]}).status_code == 403
    assert not Photo.objects.exists()


def test_many_photos_cost_no_more_queries(seller, mug):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            seller.get(url_of(mug))
        return len(caught)

    seller.post(url_of(mug), {"do": "upload", "files": [picture("#aa0000")]})
    queries()
    one = queries()
    three(seller, mug)
    collecting.ask(mug, url="https://photos.example/a.jpg")
    assert queries() == one
