"""Lists as Stripe gives them: newest first, ten at a time or `limit` (at most 100), `starting_after` and `ending_before`
as cursors, `created` as a moment or a range."""

import json
from collections.abc import Iterable
from typing import Any

from shop.dev.stripe_sim.errors import invalid, missing_reference
from shop.dev.stripe_sim.sim import Sim

COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
Condition = tuple[str, list[Any]]


def page(
    sim: Sim,
    kind: str,
    params: dict,
    *,
    url: str,
    filters: Iterable[str] = (),
    conditions: Iterable[Condition] = (),
) -> dict:
    """One page of the documents of a kind. `filters` are parameters that must equal the field of the same name."""
    wheres = [*conditions, *_created(params.get("created"))]
    for name in filters:
        if params.get(name):
            wheres.append((f"json_extract(body, '$.{name}') = ?", [params[name]]))
    return _cut(sim, kind, params, url=url, wheres=wheres)


def _created(asked: Any) -> list[Condition]:
    if asked is None:
        return []
    if not isinstance(asked, dict):
        return [("created = ?", [int(asked)])]
    return [(f"created {COMPARISONS[name]} ?", [int(value)]) for name, value in asked.items()]


def _cut(sim: Sim, kind: str, params: dict, *, url: str, wheres: list[Condition]) -> dict:
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        bound = "less than or equal to 100" if limit > 100 else "greater than or equal to 1"
        raise invalid(
            f"Invalid integer: {limit}. This value must be {bound}.",
            param="limit",
            code="parameter_invalid_integer",
        )
    forward = "ending_before" not in params
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        if name in params:
            wheres.append((f"seq {sign} ?", [_place(sim, kind, params[name], param=name)]))
    conditions = "".join(f" AND {condition}" for condition, _ in wheres)
    sql = f"SELECT body FROM objects WHERE kind = ?{conditions}"  # nosec B608 (the conditions are ours)
    sql += f" ORDER BY seq {'DESC' if forward else 'ASC'} LIMIT ?"
    values = [value for _, given in wheres for value in given]
    found = [json.loads(row["body"]) for row in sim.store.rows(sql, kind, *values, limit + 1)]
    cut = found[:limit] if forward else found[:limit][::-1]
    return {"object": "list", "url": url, "has_more": len(found) > limit, "data": cut}


def _place(sim: Sim, kind: str, object_id: str, *, param: str) -> int:
    found = sim.store.rows("SELECT seq FROM objects WHERE kind = ? AND id = ?", kind, object_id)
    if not found:
        raise missing_reference(kind, object_id, param=param)
    return found[0]["seq"]
