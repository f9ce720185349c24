"""How often somebody may try. Counted in PostgreSQL, because limits that guard money must outlive the cache."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from shop.core.errors import Refused
from shop.core.models import Hit


class TooMany(Refused):
    """Tried too often; `data["seconds"]` says when to come back."""


def hit(bucket: str, *, limit: int, seconds: int) -> int:
    """Count one try in `bucket`, e.g. "lookup:203.0.113.7"; returns how many this window has. Raises TooMany above `limit`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_hit (bucket, window_start, count)
               VALUES (%s, to_timestamp(floor(extract(epoch from now()) / %s) * %s), 1)
               ON CONFLICT (bucket, window_start) DO UPDATE SET count = core_hit.count + 1 RETURNING count, window_start""",
            [bucket[:150], seconds, seconds],
        )
        row: tuple[int, datetime] = cursor.fetchone()
        count, start = row
    if count > limit:
        wait = max(1, int((start + timedelta(seconds=seconds) - datetime.now(UTC)).total_seconds()))
        raise TooMany(
            _("That was too often. Try again in %(minutes)s min.") % {"minutes": -(-wait // 60)}, seconds=wait
        )
    return count


def forget_old() -> int:
    """Drop windows older than a day."""
    return Hit.objects.filter(window_start__lt=datetime.now(UTC) - timedelta(days=1)).delete()[0]
