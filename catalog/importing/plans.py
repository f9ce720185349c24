"""What an import will do to one product: rows to be made, columns to be changed, and both in words for the seller."""

from dataclasses import dataclass, field
from typing import Any

from catalog.importing.records import PhotoRecord, ProductRecord, SaleRecord, VariantRecord
from catalog.models import ImportItem, Option, OptionValue, Product, Variant

SHOWN = 160  # characters of a value in the list of changes


@dataclass
class VariantPlan:
    """`variant` is not stored yet if it is new. `values` are the choices that it is to have, None if they stay."""

    record: VariantRecord
    variant: Variant
    is_new: bool
    changed: set[str] = field(default_factory=set)
    values: list[OptionValue] | None = None
    sale: SaleRecord | None = None  # where it differs
    stock: dict[int, int] = field(default_factory=dict)  # {place: counted}, where it differs


@dataclass
class Plan:
    item: ImportItem
    record: ProductRecord
    product: Product
    is_new: bool
    changed: set[str] = field(default_factory=set)
    status: str | None = None
    branches: list[tuple[str, ...]] = field(default_factory=list)  # to be put in, made if they are not there
    leaves: set[int] = field(default_factory=set)  # categories to be taken out of
    attributes: dict[str, list[str]] = field(
        default_factory=dict
    )  # {name or "code:…": values}, where they differ
    options: list[Option] = field(default_factory=list)  # new, or changed
    values: list[OptionValue] = field(default_factory=list)  # new, or changed
    variants: list[VariantPlan] = field(default_factory=list)
    photos: list[PhotoRecord] = field(default_factory=list)  # to be fetched
    type_name: str = ""  # of the type that it gets, made if it is not there
    questions: list[dict[str, Any]] | None = None  # that replace those that there are
    later: dict[str, Any] = field(default_factory=dict)  # for when all products are here: see joining
    changes: list[list[str]] = field(default_factory=list)

    def change(self, what: str, before: Any, after: Any) -> None:
        self.changes.append([what, shown(before), shown(after)])

    @property
    def outcome(self) -> str:
        if self.record.is_broken:
            return ImportItem.Outcome.REFUSED
        if self.is_new:
            return ImportItem.Outcome.CREATED
        return ImportItem.Outcome.CHANGED if self.changes else ImportItem.Outcome.UNCHANGED


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    text = str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
