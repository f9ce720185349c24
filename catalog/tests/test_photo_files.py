import io
import os
import threading
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection, transaction
from PIL import Image

from catalog import photographing
from catalog.models import Photo
from catalog.photos import files as photo_files
from catalog.photos.pictures import rendition_path
from catalog.tests.factories import make_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def prepared(color="#3366cc"):
    out = io.BytesIO()
    Image.new("RGB", (700, 700), color).save(out, "PNG")
    return photographing.prepare_bytes(out.getvalue())


def shown(**over):
    photo = photographing.keep(prepared(), **over)
    photographing.make_renditions(photo)
    return photo


def files(media):
    return sorted(path.name for path in media.rglob("*.*"))


def age(media, days=2):
    then = time.time() - days * 24 * 3600
    for path in media.rglob("*.*"):
        os.utime(path, (then, then))


def test_files_go_with_the_last_photo_that_shows_them(media):
    product = make_product()
    first, second = shown(product=product), shown(product=make_product())
    assert len(files(media)) == 3  # the original and two widths
    photographing.remove(first)
    assert len(files(media)) == 3 and not product.photos.exists()
    photographing.remove(second)
    assert files(media) == []


def test_files_stay_when_the_change_is_taken_back(media):
    photo = shown()
    with pytest.raises(RuntimeError), transaction.atomic():
        photographing.remove(photo)
        raise RuntimeError
    assert len(files(media)) == 3 and Photo.objects.exists()


def test_a_picture_that_is_replaced_takes_its_files_along(media):
    photo = shown()
    old = photo.file.name
    photographing.replace(photo, prepared("#aa0000"))
    assert photo.file.name != old and files(media) == [photo.file.name.split("/")[-1]]


def test_a_product_shows_the_same_picture_once(media):
    product = make_product()
    first = shown(product=product)
    assert photographing.keep(prepared(), product=product, alt="Blue") == first
    first.refresh_from_db()
    assert (product.photos.count(), first.alt) == (1, "Blue")


def test_sweeping_finds_what_slipped_through_and_nothing_else(media, capsys):
    kept, lost = shown(), photographing.keep(prepared("#aa0000"))
    photographing.make_renditions(lost)
    Photo.objects.filter(pk=lost.pk).delete()  # by hand
    bare = "photos/ab/abcdef-320w.webp"
    default_storage.save(bare, ContentFile(b"x"))
    assert photo_files.sweep() == 0  # too young: a file comes a moment before its row
    age(media)
    call_command("sweep_photos", dry_run=True)
    assert sorted(capsys.readouterr().out.split()) == sorted([lost.file.name, "photos/ab/abcdef.jpg"])
    call_command("sweep_photos")
    assert "2 pictures dropped" in capsys.readouterr().out
    widths = [rendition_path(kept.file.name, width) for width in (320, 640)]
    assert files(media) == sorted(path.split("/")[-1] for path in (kept.file.name, *widths))


def race(monkeypatch, *, guarded):
    """One removes the last photo of a picture while another adds the same; returns whether the file is there at the end."""
    old = photographing.keep(prepared())
    name, entered, go = old.file.name, threading.Event(), threading.Event()
    if not guarded:
        monkeypatch.setattr(photo_files, "hold", lambda name: None)
    delete = FileSystemStorage.delete

    def slow(storage, path):
        entered.set()
        go.wait(1)  # with the guard the other one waits for us, and nobody says go
        delete(storage, path)

    monkeypatch.setattr(FileSystemStorage, "delete", slow)

    def remove():
        try:
            photographing.remove(old)
        finally:
            connection.close()

    thread = threading.Thread(target=remove)
    thread.start()
    assert entered.wait(5)
    monkeypatch.setattr(FileSystemStorage, "delete", delete)
    photographing.keep(prepared())
    go.set()
    thread.join()
    return default_storage.exists(name)


def test_nobody_deletes_what_somebody_else_is_just_about_to_show(monkeypatch):
    assert race(monkeypatch, guarded=True)


def test_without_the_lock_a_photo_would_lose_its_file(monkeypatch):
    assert not race(monkeypatch, guarded=False)
