"""Which variant a buyer means, from what he has chosen so far, and what he can still choose.

Options that "must be chosen" (sizes of clothes) start empty; of all others the first value that can be had is chosen
beforehand. A combination that does not exist gives way to the nearest one that does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.http import QueryDict
from django.utils.translation import get_language

from catalog.finding.facets import group_of
from catalog.models import Variant
from shop.core.wording import said

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Offered = WithAnnotations[Variant, "Brought"]

RESERVED = {"variant", "missing", "reviews", "stars"}  # other names in the URL of a product's page


class Brought(TypedDict):
    """What a query adds to the variants of a page (catalog/presenting.py)."""

    value_ids: list[int]  # the values of its options
    free: int  # pieces that can be had now
    there: int  # those of them that need not be waited for
    by_day: date | None  # when the others ship


@dataclass(frozen=True)
class Choice:
    """`shown` is what the page shows; `missing` names the options that are still to be chosen (then nothing is bought)."""

    shown: "Offered"
    groups: list[dict]  # for components/option_group.html
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def choose(options: Sequence[dict], variants: "Sequence[Offered]", params: QueryDict) -> Choice:
    """Of `variants`, at least one; `options` are those of the search row's page."""
    named = next((variant for variant in variants if variant.sku == params.get("variant")), None)
    if named is not None:
        wanted = {option["name"]: _value_in(option, named) for option in options}
        return Choice(named, [_group(option, wanted, named, variants, True) for option in options], ())
    wanted = {option["name"]: _wanted(option, params) for option in options}
    shown = _nearest(wanted, variants)
    missing = tuple(option["name"] for option in options if _is_open(option, wanted))
    chosen = {
        option["name"]: None if option["name"] in missing else _value_in(option, shown) for option in options
    }
    groups = [_group(option, chosen, shown, variants, option["name"] not in missing) for option in options]
    return Choice(shown, groups, tuple(said(name) for name in missing))


def param_of(option: dict) -> str:
    """How the option is called in the URL: "Frame" → "frame"."""
    name = group_of(option["name"])
    return f"{name}-option" if name in RESERVED else name


def _wanted(option: dict, params: QueryDict) -> int | None:
    asked = params.get(param_of(option), "").casefold()
    return next((value["id"] for value in option["values"] if value["name"].casefold() == asked), None)


def _is_open(option: dict, wanted: Mapping[str, int | None]) -> bool:
    return option["must_choose"] and wanted[option["name"]] is None and len(option["values"]) > 1


def _value_in(option: dict, variant: "Offered") -> int | None:
    return next((value["id"] for value in option["values"] if value["id"] in variant.value_ids), None)


def _nearest(wanted: Mapping[str, int | None], variants: "Sequence[Offered]") -> "Offered":
    """Fits the most wishes; among equals what can be had, then the seller's order."""
    ids = {value for value in wanted.values() if value}
    return max(variants, key=lambda variant: (len(ids & set(variant.value_ids)), variant.free > 0))


def _group(
    option: dict,
    chosen: Mapping[str, int | None],
    shown: "Offered",
    variants: "Sequence[Offered]",
    is_chosen: bool,
) -> dict:
    others = {value for name, value in chosen.items() if name != option["name"] and value}
    current = _value_in(option, shown) if is_chosen else None
    values = [_value(value, current, others, variants) for value in option["values"]]
    label = next((value["label"] for value in values if value["checked"]), "")
    return {
        "legend": said(option["name"]),
        "noun": _noun(option["name"]),
        "name": param_of(option),
        "chosen": label,
        "values": values,
        "must_choose": option["must_choose"],
    }


def _noun(name: str) -> str:
    """As it stands within a sentence: German keeps the capital."""
    return said(name) if get_language() == "de" else said(name).lower()


def _value(value: dict, current: int | None, others: set[int], variants: "Sequence[Offered]") -> dict:
    """Sold out when no variant with this value and the others' choices can be had."""
    fitting = [v for v in variants if value["id"] in v.value_ids and others <= set(v.value_ids)]
    is_there = any(variant.free > 0 for variant in fitting)
    return {
        "value": value["name"],
        "label": said(value["name"]),
        "colour": value["color"],
        "checked": value["id"] == current,
        "sold_out": not is_there,
        "disabled": not is_there and value["id"] != current,
    }
