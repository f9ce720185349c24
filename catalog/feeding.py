"""Feeds for merchants' accounts elsewhere: built from time to time, served as files.

There is one of each kind for each language of the shop, "google-en.xml", "meta-de.csv", with prices in the shop's own
currency for everybody: what a visitor sees who comes from there. Which countries a feed is for is said where it is
registered. A build writes a file of its own and then names it in the feed's row; until then, and if it fails, the old file
is served. Two builds at once do no harm: the later one stays.
"""

import hashlib
import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from types import ModuleType
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import override

from catalog.feeds import google, meta
from catalog.feeds.items import items
from catalog.models import Feed
from shop.core import clock
from shop.core.models import Shop
from shop.core.storage import private

KINDS: dict[str, ModuleType] = {"google-{}.xml": google, "meta-{}.csv": meta}
REPLACE = """
WITH before AS (SELECT file FROM catalog_feed WHERE name = %(name)s)
INSERT INTO catalog_feed (name, file, etag, entries, without_picture, without_price, built_at)
VALUES (%(name)s, %(file)s, %(etag)s, %(entries)s, %(without_picture)s, %(without_price)s, %(built_at)s)
ON CONFLICT (name) DO UPDATE SET file = excluded.file, etag = excluded.etag, entries = excluded.entries,
    without_picture = excluded.without_picture, without_price = excluded.without_price, built_at = excluded.built_at
RETURNING (SELECT file FROM before)
"""


def names() -> list[str]:
    """Of all feeds that the shop has."""
    return [pattern.format(code) for code, _name in settings.LANGUAGES for pattern in KINDS]


def content_type(name: str) -> str:
    kinds = {pattern.rpartition(".")[2]: kind.CONTENT_TYPE for pattern, kind in KINDS.items()}
    return kinds[name.rpartition(".")[2]]


def build(language: str, *, told: Callable[[int], None] = lambda entries: None) -> list[Feed]:
    """All feeds of a language, from one reading of the catalogue; `told` hears how many variants each portion had."""
    left_out: Counter[str] = Counter()
    entries = 0
    with ExitStack() as stack, override(language):
        files = {pattern: stack.enter_context(_open()) for pattern in KINDS}
        for pattern, file in files.items():
            file.write(KINDS[pattern].head(Shop.current()))
        for portion in items(left_out):
            for pattern, file in files.items():
                file.writelines(KINDS[pattern].entry(item) for item in portion)
            entries += len(portion)
            told(len(portion))
        for pattern, file in files.items():
            file.write(KINDS[pattern].TAIL)
            file.flush()
        return [
            _keep(pattern.format(language), file.name, entries=entries, left_out=left_out)
            for pattern, file in files.items()
        ]


def drop_old() -> int:
    """Feeds of languages that the shop no longer speaks, with their files."""
    gone = Feed.objects.exclude(name__in=names())
    for feed in gone:
        feed.delete()
        private().delete(feed.file)
    return len(gone)


def _open() -> IO[str]:
    return tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".feed")


def _keep(name: str, path: str, *, entries: int, left_out: Counter[str]) -> Feed:
    """Into the storage first, then into the row, in one statement; then the file before goes."""
    with open(path, "rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()[:32]
        stem, ending = os.path.splitext(name)
        kept = private().save(f"feeds/{stem}-{secrets.token_hex(8)}{ending}", File(written))
    row: dict[str, Any] = {
        "name": name,
        "file": kept,
        "etag": digest,
        "entries": entries,
        "without_picture": left_out["without_picture"],
        "without_price": left_out["without_price"],
        "built_at": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLACE, row)
        before = cursor.fetchone()[0]
    if before:
        transaction.on_commit(lambda: private().delete(before), robust=True)
    return Feed(**row)
