"""`expand[]`: ids in an answer replaced by the objects that they name, along dotted paths, four levels deep at most."""

from typing import Any

from shop.dev.stripe_sim.errors import invalid
from shop.dev.stripe_sim.ids import kind_of
from shop.dev.stripe_sim.sim import Sim

DEEPEST = 4


def expand(sim: Sim, answer: dict, paths: list[str]) -> dict:
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST + (parts[0] == "data"):
            raise invalid(
                f"You cannot expand more than {DEEPEST} levels of a property (property: {path}).",
                param="expand",
            )
        _along(sim, answer, parts, path=path)
    return answer


def _along(sim: Sim, holder: Any, parts: list[str], *, path: str) -> None:
    if isinstance(holder, list):
        for item in holder:
            _along(sim, item, parts, path=path)
        return
    name, rest = parts[0], parts[1:]
    if name not in holder and not _included(sim, holder, name):
        raise invalid(
            f"This property cannot be expanded ({name}). You may want to try expanding 'data.{path}' instead."
            if holder.get("object") == "list" else f"This property cannot be expanded ({name}).",
            param="expand",
        )  # fmt: skip
    if isinstance(holder[name], str):
        holder[name] = _object(sim, holder[name], name)
    if rest and holder[name] is not None:
        _along(sim, holder[name], rest, path=path)


def _object(sim: Sim, object_id: str, name: str) -> dict:
    kind = kind_of(object_id)
    found = sim.store.get(kind, object_id) if kind else None
    if not found:
        raise invalid(f"This property cannot be expanded ({name}).", param="expand")
    return found


def _included(sim: Sim, holder: dict, name: str) -> bool:
    """Lists that an object only shows when they are asked for."""
    if (holder.get("object"), name) == ("charge", "refunds"):
        refunds = sim.store.find("refund", charge=holder["id"])
        holder[name] = _list(refunds[:10], len(refunds) > 10, url=f"/v1/charges/{holder['id']}/refunds")
    elif (holder.get("object"), name) == ("checkout.session", "line_items"):
        holder[name] = _list(
            holder["_line_items"], False, url=f"/v1/checkout/sessions/{holder['id']}/line_items"
        )
    return name in holder


def _list(data: list[dict], more: bool, *, url: str) -> dict:
    return {"object": "list", "url": url, "has_more": more, "data": data}
