"""Counting for lists of any length: exactly as far as people count, beyond that as the database estimates.

`COUNT(*)` reads every row of a table; a list that shows a hundred of a million need not.
"""

import json

from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import cached_property

EXACT_UP_TO = 5000


class EstimatingPaginator(Paginator):
    """For querysets; of anything else it counts as usual. `is_estimated`: the number is to be shown with "about"."""

    is_estimated = False

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return super().count
        counted: int = rows.order_by()[: EXACT_UP_TO + 1].count()
        self.is_estimated = counted > EXACT_UP_TO
        return max(counted, estimated(rows)) if self.is_estimated else counted


def estimated(rows: QuerySet) -> int:
    """How many rows PostgreSQL expects, to two digits: what is not exact should not look as if it were."""
    plain = rows.order_by()
    with connections[plain.db].cursor() as cursor:
        sql, params = plain.query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    number = int(plan[0]["Plan"]["Plan Rows"])
    digits = max(0, len(str(number)) - 2)
    return round(number, -digits)
