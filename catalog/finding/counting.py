"""How many products a list has and how many each filter value would leave, in one query that reads at most MOST + 1 rows a set.

A filter's own group is left out when its values are counted: they say what else one could choose. Up to MOST hits every
number is exact. Beyond that the work is capped, not only what is shown: the numbers are those of the first MOST hits,
and say so ("at least").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from catalog.models import ProductSearch

MOST = 5_000
DEAREST = 2**62


@dataclass(frozen=True)
class Tally:
    """`now`: products that the value would leave; `usual`: those that have it before any filter. More of them: at least."""

    now: int = 0
    usual: int = 0
    is_least: bool = False


@dataclass(frozen=True)
class Counts:
    """`everything` is the list before any filter, `total` after all; both end at MOST + 1. Prices are those of everything."""

    everything: int = 0
    total: int = 0
    price_min: int = 0
    price_max: int = 0
    tokens: Mapping[str, Tally] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        return self.total > MOST


# Filtered sets come from the hits that were read already; only if those were cut, the list is asked anew with its filters.
# Whether it was is known before either part runs, so PostgreSQL runs only one of the two.
BASE = """
WITH base AS MATERIALIZED (SELECT facets, price_minor FROM ({base}) listed LIMIT {most}),
cut AS MATERIALIZED (SELECT count(*) > {cap} AS yes FROM base)"""
SET = """,
set_{n} AS MATERIALIZED (
    SELECT facets FROM base WHERE NOT (SELECT yes FROM cut) AND {filters}
    UNION ALL (SELECT facets FROM ({base}) listed WHERE (SELECT yes FROM cut) AND {filters} LIMIT {most}))"""
TOTAL = """
SELECT -1 AS which, '' AS token, count(*) AS n, min(price_minor) AS low, max(price_minor) AS high FROM base
UNION ALL SELECT -1, token, count(*), 0, 0 FROM base, unnest(facets) token GROUP BY token"""
PART = """
UNION ALL SELECT {n}, '', count(*), 0, 0 FROM set_{n}
UNION ALL SELECT {n}, token, count(*), 0, 0 FROM set_{n}, unnest(facets) token GROUP BY token"""


def count(
    base: QuerySet[ProductSearch],
    chosen: Mapping[str, tuple[str, ...]],
    *,
    low: int | None = None,
    high: int | None = None,
) -> Counts:
    """`chosen` is {group: values}; prices from `low` to `high` in minor units."""
    tokens = {group: [f"{group}:{value}" for value in values] for group, values in chosen.items()}
    prices = None if low is None and high is None else [low or 0, DEAREST if high is None else high]
    # Set 0 wears all filters, each further one leaves out the group of its own.
    sets: list[tuple[str | None, dict[str, list[str]]]] = [(None, tokens)] if tokens or prices else []
    sets += [(group, {g: t for g, t in tokens.items() if g != group}) for group in tokens]
    found = _asked(base, [without for _group, without in sets], prices)
    everything, cheapest, dearest = found.pop((-1, ""))
    totals = {which: found.pop((which, ""))[0] for which in range(len(sets))}
    of_group = {group: number for number, (group, _without) in enumerate(sets)}
    usual = {token: n for (which, token), (n, *_prices) in found.items() if which == -1}
    names = usual.keys() | {token for _which, token in found}
    tallies = {}
    for token in sorted(names):
        which = of_group.get(token.partition(":")[0], 0 if sets else -1)
        now = found.get((which, token), (0,))[0]
        least = totals.get(which, everything) > MOST
        tallies[token] = Tally(now, usual.get(token, now), least)
    return Counts(everything, totals.get(0, everything), cheapest or 0, dearest or 0, tallies)


def _asked(base: QuerySet, sets: list[dict[str, list[str]]], prices: list[int] | None) -> dict:
    """{(number of the set, -1 for the whole list; token, "" for all rows): (rows, cheapest, dearest)}"""
    sql, params = base.order_by().values("facets", "price_minor").query.sql_with_params()
    limits = {"most": MOST + 1, "cap": MOST, "base": sql}
    query, given = BASE.format(**limits), [*params]
    for number, tokens in enumerate(sets):
        parts = ["facets && %s::varchar[]"] * len(tokens) + ["price_minor BETWEEN %s AND %s"] * bool(prices)
        filters = [*tokens.values(), *(prices or [])]
        query += SET.format(n=number, filters=" AND ".join(parts) or "true", **limits)
        given += [*filters, *params, *filters]
    query += TOTAL + "".join(PART.format(n=number) for number in range(len(sets)))
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return {(which, token): (n, low, high) for which, token, n, low, high in cursor.fetchall()}
