"""What a file says about one product, in words of our own whichever system wrote it.

What is None or missing was not said: it stays as it is in the shop. All values have been checked; `problems` tells what
could not be used. A product with an error among them is left out whole; a note only tells.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog.importing.parsing import BadCell


@dataclass(frozen=True)
class Line:
    """A line of the file: {field: cell}, without empty cells."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Given:
    """What a reader needs to know beside the lines: the columns of the file, and the shop."""

    fields: frozenset[str]
    currency: str
    names: dict[str, str] = field(default_factory=dict)  # {field: header as it stands in the file}


@dataclass(frozen=True)
class Problem:
    line: int
    column: str
    message: str
    is_error: bool = True

    def as_json(self) -> list:
        return [self.line, self.column, self.message, self.is_error]


@dataclass
class PhotoRecord:
    url: str
    alt: str | None = None
    skus: list[str] = field(default_factory=list)  # of the variants that it shows


@dataclass
class OptionRecord:
    """A choice. `colors` and `must_choose` are None where the file does not speak of them."""

    name: str
    values: list[str] = field(default_factory=list)
    colors: dict[str, str] | None = None
    must_choose: bool | None = None


@dataclass(frozen=True)
class SaleRecord:
    """A price that holds for a time; None: open on that side."""

    minor: int
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass
class VariantRecord:
    line: int
    sku: str
    values: dict[str, Any] = field(default_factory=dict)  # columns of Variant
    choices: dict[str, str] | None = None  # {option: value}
    stock: dict[str, int] = field(
        default_factory=dict
    )  # {place's code, "" for the run's own: counted pieces}
    parts: list[tuple[str, int]] | None = None  # of a set: (SKU, pieces)
    sale: "SaleRecord | None" = None


@dataclass
class ProductRecord:
    line: int
    slug: str = ""  # empty: the file knows products by their SKUs
    values: dict[str, Any] = field(default_factory=dict)  # columns of Product, without status
    status: str | None = None
    type: str | None = None  # by its name; empty: none
    seller: str | None = None  # by its slug; empty: the shop itself
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # {(language, column): text}
    questions: list[dict[str, Any]] | None = None  # to the buyer of what is made to order
    related: dict[str, list[str]] = field(default_factory=dict)  # {kind: slugs}
    categories: list[tuple[str, ...]] | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)  # {name, or "code:…": values}
    options: list[OptionRecord] = field(default_factory=list)
    variants: list[VariantRecord] = field(default_factory=list)
    photos: list[PhotoRecord] = field(default_factory=list)
    is_whole: bool = False  # the file says all there is of categories and of the order of choices
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    def option(self, name: str) -> OptionRecord:
        """The option of that name, added at the end if there is none yet."""
        found = next((option for option in self.options if option.name == name), None)
        if found is None:
            found = OptionRecord(name)
            self.options.append(found)
        return found

    def refuse(self, message: str, *, line: int = 0, column: str = "") -> None:
        self.problems.append(Problem(line or self.line, column, message))

    def note(self, message: str, *, line: int = 0, column: str = "") -> None:
        self.problems.append(Problem(line or self.line, column, message, is_error=False))


class Cells:
    """Reads the cells of one line and keeps what is wrong with them."""

    def __init__(self, record: ProductRecord, line: Line, given: Given) -> None:
        self.record, self.line, self.given = record, line, given

    def text(self, name: str) -> str:
        return self.line.cells.get(name, "")

    def of(self, name: str, meaning: Callable[..., Any], *args: Any) -> Any:
        """What the cell means, or None: empty, or of no use, which is then told."""
        text = self.text(name)
        if not text.strip():
            return None
        try:
            return meaning(text, *args)
        except BadCell as bad:
            self.refuse(name, str(bad))
            return None

    def refuse(self, name: str, message: str) -> None:
        self.record.refuse(message, line=self.line.number, column=self.given.names.get(name, name))

    def note(self, name: str, message: str) -> None:
        self.record.note(message, line=self.line.number, column=self.given.names.get(name, name))


def given_only(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Without what was not said."""
    return {name: value for name, value in values if value is not None}
