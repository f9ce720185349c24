import io
import re
import resource
import struct
import time
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image, ImageCms

from catalog import photographing
from catalog.models import Photo, ProductSearch
from catalog.photographing import NotAPhoto, keep, prepare
from catalog.photos.pictures import rendition_path
from catalog.tests.factories import make_product, make_variant
from shop.core.models import Event
from shop.core.outbox import deliver_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(image, *, format="JPEG", name="Summer Photo.JPG", **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return SimpleUploadedFile(name, out.getvalue())


def picture(width=1000, height=800, color="#3366cc", mode="RGB"):
    return Image.new(mode, (width, height), color)


def stored(photo):
    with default_storage.open(photo.file.name) as file:
        return Image.open(io.BytesIO(file.read()))


def add_photo(upload, **over):
    return keep(prepare(upload), **over)


def test_keeps_a_photo_with_its_size_and_colour_named_after_what_is_in_it():
    product = make_product()
    photo = add_photo(upload(picture()), product=product, alt="A blue sheet")
    assert (photo.width, photo.height, photo.widths) == (1000, 800, [])
    assert photo.color in ("#3366cc", "#3266cc")  # to a rounding
    assert re.fullmatch(r"photos/([0-9a-f]{2})/\1[0-9a-f]{30}\.jpg", photo.file.name)
    assert Event.objects.get(name="photo.added").subject_id == photo.pk


def test_forgets_where_and_by_whom_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 30.0)}
    source = upload(picture(), exif=exif)
    assert b"Camera of Ada" in source.read()

    photo = add_photo(source)

    assert not stored(photo).getexif()
    with default_storage.open(photo.file.name) as file:
        assert b"Camera of Ada" not in file.read()


def test_turns_a_photo_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    photo = add_photo(upload(picture(900, 600), exif=exif))
    assert (photo.width, photo.height) == stored(photo).size == (600, 900)


def test_makes_very_large_pictures_smaller():
    photo = add_photo(upload(picture(3000, 1500)))
    assert (photo.width, photo.height) == (2400, 1200)


def test_keeps_what_is_transparent_and_makes_the_rest_jpeg():
    clear = add_photo(upload(picture(mode="RGBA", color=(255, 0, 0, 90)), format="PNG", name="a.png"))
    solid = add_photo(upload(picture(mode="RGBA", color=(255, 0, 0, 255)), format="PNG", name="b.png"))
    assert clear.file.name.endswith(".webp") and stored(clear).mode == "RGBA"
    assert solid.file.name.endswith(".jpg")


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "I;16", "1"])
def test_reads_pictures_of_other_kinds(mode):
    format = "JPEG" if mode in ("L", "CMYK") else "PNG"
    photo = add_photo(upload(Image.new(mode, (400, 400)), format=format))
    assert stored(photo).mode == "RGB"


def test_a_broken_colour_profile_is_no_reason_to_refuse():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert add_photo(upload(picture(), icc_profile=profile)).width == 1000
    assert add_photo(upload(picture(color="#ff0000"), icc_profile=b"nonsense")).width == 1000


def test_sixteen_bits_keep_their_shades():
    """Pillow alone would make everything but the darkest shades white."""
    deep = Image.new("I;16", (400, 400), 30_000)
    assert stored(add_photo(upload(deep, format="PNG"))).getpixel((9, 9))[0] in range(115, 120)


def test_a_telephones_jpeg_with_a_spare_view_is_read_and_only_its_first_kept():
    photo = add_photo(upload(picture(), format="MPO", save_all=True, append_images=[picture(color="red")]))
    assert stored(photo).format == "JPEG" and not getattr(stored(photo), "is_animated", False)


@pytest.mark.parametrize("format", ["WEBP", "PNG"])
def test_what_moves_is_refused_however_long_it_is(format):
    frames = [picture(300, 300, color=(n, 0, 0)) for n in range(60)]
    with pytest.raises(NotAPhoto, match="moves"):
        add_photo(upload(frames[0], format=format, save_all=True, append_images=frames[1:]))


def test_what_hides_behind_a_picture_does_not_get_through():
    """A polyglot: a JPEG to us, a page with a script or an archive to others."""
    source = upload(picture(), comment=b"<script>alert(1)</script>").read()
    hidden = source + b"<html><script>alert(2)</script>PK\x03\x04<?php system('id') ?>"
    photo = add_photo(SimpleUploadedFile("x.php.jpg", hidden, "text/html"))
    with default_storage.open(photo.file.name) as file:
        kept = file.read()
    assert b"script" not in kept and b"php" not in kept and photo.file.name.endswith(".jpg")


def test_the_same_picture_twice_is_one_file(media):
    first = add_photo(upload(picture()))
    second = add_photo(upload(picture(), name="another name.jpeg"))
    assert first.file.name == second.file.name and first.pk != second.pk
    assert len(list(media.rglob("*.jpg"))) == 1


def bomb(width, height):
    """A PNG of a few bytes that says it is `width` × `height`."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bomb(60_000, 60_000), "more than 50 million pixels"),
        (bomb(9_000, 9_000), "more than 50 million pixels"),
        (bomb(800, 800), "damaged or cut short"),
        (SVG, "SVG files can contain programs"),
        (b"", "is empty"),
        (b"GIF89a" + b"\0" * 50, "a GIF file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "an? EPS file"),
        (b"%PDF-1.7", "a PDF file"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"<html><script>alert(1)</script>", "not a picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "damaged or cut short"),
    ],
)
def test_refuses_what_is_no_picture_or_a_bomb_fast_and_small_and_keeps_nothing(content, words, media):
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotAPhoto, match=words):
        add_photo(SimpleUploadedFile("photo.jpg", content))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kB
    assert time.monotonic() - began < 2 and grown < 100_000
    assert not Photo.objects.exists() and not list(media.iterdir())


def test_a_picture_that_was_cut_short_says_so():
    whole = upload(picture()).read()
    with pytest.raises(NotAPhoto, match="cut short"):
        add_photo(SimpleUploadedFile("photo.jpg", whole[: len(whole) // 2]))


def test_refuses_a_file_that_is_too_large_or_a_picture_that_is_too_small(monkeypatch):
    with pytest.raises(NotAPhoto, match="smaller than 200"):
        add_photo(upload(picture(150, 900)))
    monkeypatch.setattr(photographing, "MAX_BYTES", 1024)
    with pytest.raises(NotAPhoto, match="larger than"):
        add_photo(upload(picture()))


def test_the_worker_makes_webp_of_every_smaller_width_and_the_card_names_them():
    variant = make_variant()
    photo = add_photo(upload(picture()), product=variant.product)
    deliver_due()
    photo.refresh_from_db()
    assert photo.widths == [320, 640, 960]
    stem = photo.file.name.removesuffix(".jpg")
    for width in photo.widths:
        with default_storage.open(f"{stem}-{width}w.webp") as file, Image.open(file) as small:
            assert (small.format, small.size) == ("WEBP", (width, round(800 * width / 1000)))
    assert ProductSearch.objects.get().card["photo"]["widths"] == [320, 640, 960]


def test_making_renditions_twice_is_harmless_and_a_small_picture_needs_none():
    photo = add_photo(upload(picture(300, 300)))
    assert photographing.make_renditions(photo) == photographing.make_renditions(photo) == []


def test_renditions_of_a_picture_that_was_replaced_meanwhile_are_not_claimed():
    photo = add_photo(upload(picture()))
    Photo.objects.filter(pk=photo.pk).update(file="photos/other.jpg")
    photographing.make_renditions(photo)
    assert Photo.objects.get(pk=photo.pk).widths == []


def test_the_command_makes_what_is_missing_and_only_that(media, capsys):
    whole = add_photo(upload(picture()), product=make_variant().product)
    bare = add_photo(upload(picture(color="#aa0000")))
    photographing.make_renditions(whole)
    call_command("make_renditions", dry_run=True)
    assert "1 photos lack some" in capsys.readouterr().out
    call_command("make_renditions")
    bare.refresh_from_db()
    assert bare.widths == [320, 640, 960] and "1 photos done" in capsys.readouterr().out

    lost = rendition_path(whole.file.name, 640)
    default_storage.delete(lost)
    call_command("make_renditions")
    assert default_storage.exists(lost) and "1 photos done" in capsys.readouterr().out
    default_storage.delete(bare.file.name)
    call_command("make_renditions", again=True)
    told = capsys.readouterr()
    assert "1 photos done" in told.out and f"photo {bare.pk}" in told.err
