"""The files behind photos: stored once for each content, and gone when no photo shows them any more.

A file goes after the change that no longer needs it is sure (on commit), under a lock by its name that whoever stores
the same content takes too: nobody deletes what somebody else is just about to show. What slips through (a program that
died, rows deleted by hand) is found by `sweep`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import Photo
from catalog.models.media import WIDTHS
from catalog.photos.pictures import rendition_path

ROOT = "photos"
EXTENSIONS = ("jpg", "webp", "png", "jpeg")
RENDITION = re.compile(r"-\d+w$")
GRACE = timedelta(days=1)  # a file is written a moment before its row
BATCH = 500


def hold(name: str) -> None:
    """Until the transaction ends, nobody else stores or drops the file called `name`."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def drop_later(names: Iterable[str]) -> None:
    """Once the present transaction is sure, drop those of these files that no photo shows."""
    wanted = sorted({name for name in names if name})
    transaction.on_commit(lambda: [drop(name) for name in wanted], robust=True)


@transaction.atomic
def drop(name: str) -> bool:
    """Delete the original called `name` and its renditions, unless a photo shows it; returns whether it did."""
    hold(name)
    if Photo.objects.filter(file=name).exists():
        return False
    for path in (*(rendition_path(name, width) for width in WIDTHS), name):
        default_storage.delete(path)
    return True


def orphans() -> Iterator[str]:
    """The names of originals that no photo shows, where they or renditions of them still lie; old ones only."""
    for folder in _folders(ROOT):
        names = default_storage.listdir(folder)[1]
        names.sort()
        for start in range(0, len(names), BATCH):
            yield from _orphans_among(folder, names[start : start + BATCH])


def sweep(*, dry_run: bool = False) -> int:
    """Drop what no photo shows; returns how many pictures that was."""
    found = list(orphans())
    return len(found) if dry_run else sum(drop(name) for name in found)


def _orphans_among(folder: str, names: Iterable[str]) -> list[str]:
    by_stem: dict[str, list[PurePosixPath]] = {}
    for name in names:
        path = PurePosixPath(folder, name)
        by_stem.setdefault(str(path.with_name(RENDITION.sub("", path.stem))), []).append(path)
    wanted = {f"{stem}.{extension}": stem for stem in by_stem for extension in EXTENSIONS}
    shown = Photo.objects.filter(file__in=list(wanted)).values_list("file", flat=True)
    for name in shown:
        by_stem.pop(wanted[name], None)
    return [_original(stem, paths) for stem, paths in by_stem.items() if all(map(_is_old, paths))]


def _original(stem: str, paths: Iterable[PurePosixPath]) -> str:
    """What `drop` wants to hear: the original's name, even where only its renditions are left."""
    there = [str(path) for path in paths if str(path.with_suffix("")) == stem]
    return there[0] if there else f"{stem}.{EXTENSIONS[0]}"


def _is_old(path: PurePosixPath) -> bool:
    try:
        return default_storage.get_modified_time(str(path)) < timezone.now() - GRACE
    except FileNotFoundError:
        return False


def _folders(root: str) -> Iterator[str]:
    """`root` and all below it, one at a time."""
    try:
        below = default_storage.listdir(root)[0]
    except FileNotFoundError:
        return
    yield root
    for name in sorted(below):
        yield from _folders(f"{root}/{name}")
