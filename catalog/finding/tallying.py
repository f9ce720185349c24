"""What people search for, counted by day and words, never by person.

A page adds one to a number in Redis and goes on; every few minutes a worker writes the sums to the database. A lost Redis
loses some statistics and nothing else. Words that look like an address or a number of a person's are not counted at all.
"""

import json
import re
from datetime import timedelta
from itertools import islice

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import get_language

from catalog.models import SearchedTerm
from catalog.models.synonym import plain

KEY = "searched"
OFTEN_KEY = "searched-often"
KEPT_DAYS = 400
OFTEN = 3  # searches that make a word worth offering
OFTEN_DAYS, MOST_OFTEN, OFTEN_SECONDS = 90, 1000, 600
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


def often(beginning: str, *, limit: int = 3) -> list[str]:
    """What many have searched for in the page's language, and found, that begins so; the most frequent first."""
    wanted = plain(beginning)
    found = (term for term in _often(get_language() or "") if term.startswith(wanted) and term != wanted)
    return list(islice(found, limit)) if wanted else []


def _often(language: str) -> list[str]:
    """Kept for some minutes, so that typing asks the database for none of it."""
    kept: list[str] | None = cache.get(f"{OFTEN_KEY}:{language}")
    if kept is None:
        since = timezone.localdate() - timedelta(days=OFTEN_DAYS)
        lately = SearchedTerm.objects.filter(language=language, day__gt=since)
        sums = lately.order_by().values("term").annotate(total=Sum("searches"), found=Max("hits"))
        often = sums.filter(total__gte=OFTEN, found__gt=0).order_by("-total", "term")
        kept = list(often.values_list("term", flat=True)[:MOST_OFTEN])
        cache.set(f"{OFTEN_KEY}:{language}", kept, OFTEN_SECONDS)
    return kept


def forget_old() -> int:
    old = SearchedTerm.objects.filter(day__lt=timezone.localdate() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def _is_personal(query: str, hits: int | None) -> bool:
    """Mail addresses; and long numbers that are no SKU or EAN of ours, such as telephones and cards."""
    return "@" in query or (not hits and sum(sign.isdigit() for sign in query) > 5)
