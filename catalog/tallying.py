"""What people search for, counted by day and words, never by person.

A page adds one to a number in Redis and goes on; every few minutes a worker writes the sums to the database. A lost Redis
loses some statistics and nothing else. Words that look like an address or a number of a person's are not counted at all.
"""

import json
import re
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from catalog.models import SearchedTerm
from catalog.models.synonym import plain

KEY = "searched"
KEPT_DAYS = 400
ROBOT = re.compile(r"bot|crawl|spider|slurp|preview|curl|wget|python", re.IGNORECASE)
WRITE = """
INSERT INTO catalog_searchedterm (day, language, term, searches, hits)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::int[], %s::int[])
ON CONFLICT (day, language, term) DO UPDATE
SET searches = catalog_searchedterm.searches + excluded.searches, hits = coalesce(excluded.hits, catalog_searchedterm.hits)
"""


def note_search(query: str, *, hits: int | None, agent: str = "") -> None:
    """Somebody looked at the first page of what `query` finds."""
    term = plain(query)[:100]
    if not term or ROBOT.search(agent) or _is_personal(query, hits):
        return
    name = json.dumps([timezone.localdate().isoformat(), get_language() or "", term])
    cache.tally(KEY, name, last=hits)  # type: ignore[attr-defined]  # FailOpenRedisCache


def write_down() -> int:
    """Move what was counted into the database; returns how many rows were written."""
    rows = [(*json.loads(name), number, hits) for name, number, hits in cache.take_tallies(KEY)]  # type: ignore[attr-defined]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*sorted(rows), strict=True)])
    return len(rows)


def forget_old() -> int:
    old = SearchedTerm.objects.filter(day__lt=timezone.localdate() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def _is_personal(query: str, hits: int | None) -> bool:
    """Mail addresses; and long numbers that are no SKU or EAN of ours, such as telephones and cards."""
    return "@" in query or (not hits and sum(sign.isdigit() for sign in query) > 5)
