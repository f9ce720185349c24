"""How many products a list has and how many each filter value would leave, in one query.

A filter's own group is left out when its values are counted: they say what else one could choose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from catalog.models import ProductSearch

MOST = 2**62


@dataclass(frozen=True)
class Counts:
    """`everything` is the list before any filter, `total` after all; prices are those of everything.

    `tokens` is {token: (products it would leave now, products that have it at all)}.
    """

    everything: int = 0
    total: int = 0
    price_min: int = 0
    price_max: int = 0
    tokens: Mapping[str, tuple[int, int]] = field(default_factory=dict)


COUNT = """
WITH base AS MATERIALIZED (SELECT *, price_minor BETWEEN %s AND %s AS fits FROM ({base}) listed)
SELECT '', count(*), min(price_minor), max(price_minor) FROM base
UNION ALL SELECT '', count(*), 0, 0 FROM base WHERE fits AND {all}
UNION ALL SELECT token, count(*) FILTER (WHERE fits AND {others}), count(*), 0
    FROM base, unnest(facets) token GROUP BY token
"""


def count(
    base: QuerySet[ProductSearch],
    chosen: Mapping[str, tuple[str, ...]],
    *,
    low: int | None = None,
    high: int | None = None,
) -> Counts:
    """`chosen` is {group: values}; prices from `low` to `high` in minor units."""
    sql, params = base.order_by().values("facets", "price_minor").query.sql_with_params()
    tokens = {group: [f"{group}:{value}" for value in values] for group, values in chosen.items()}
    every = " AND ".join(["facets && %s::varchar[]"] * len(tokens)) or "true"
    others = " AND ".join(["(starts_with(token, %s) OR facets && %s::varchar[])"] * len(tokens)) or "true"
    pairs = [part for group, values in tokens.items() for part in (f"{group}:", values)]
    prices = [0 if low is None else low, MOST if high is None else high]
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT.format(base=sql, all=every, others=others), [*prices, *params, *tokens.values(), *pairs]
        )
        everything, total, *rest = cursor.fetchall()
    return Counts(
        everything[1],
        total[1],
        everything[2] or 0,
        everything[3] or 0,
        {row[0]: (row[1], row[2]) for row in rest},
    )
