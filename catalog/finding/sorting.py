"""The orders that lists can be sorted by, and how to go on after any row without counting the ones before it.

Every order is a tuple of expressions that all fall. So one comparison of tuples finds what comes after a row, one index
serves it, and the thousandth page costs what the first does. Sold-out products come last in all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Expression, F, Func, Index, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan


class Minus(Func):
    """Turns an order round; inside an index too."""

    template = "(- %(expressions)s)"
    arity = 1


class Row(Func):
    template = "ROW(%(expressions)s)"
    output_field = BooleanField()  # rows have no type in Django; nothing but comparisons looks at it


@dataclass(frozen=True)
class By:
    """One column of an order. What is `empty` counts as 0."""

    name: str
    rises: bool = False
    may_be_empty: bool = False

    def expression(self) -> Expression | F:
        column: Any = Coalesce(self.name, Value(0)) if self.may_be_empty else F(self.name)
        return Minus(column) if self.rises else column

    def text(self, row: Any) -> str:
        value = getattr(row, self.name)
        if isinstance(value, bool):
            return str(int(value))
        return value.isoformat() if hasattr(value, "isoformat") else str(value or 0)

    def value(self, text: str, model: Any) -> Expression:
        """Raises ValidationError for what the column cannot hold."""
        field = model._meta.get_field(self.name)
        field = getattr(field, "target_field", field)
        value = field.to_python(text)
        field.run_validators(value)
        given = Value(value, output_field=field)
        return Minus(given) if self.rises else given


LAST = By("product_id")
ORDERS: dict[str, list[By]] = {
    "popular": [By("in_stock"), By("sold"), By("position", rises=True), LAST],
    "newest": [By("in_stock"), By("published_at"), LAST],
    "price": [By("in_stock"), By("price_minor", rises=True), LAST],
    "-price": [By("in_stock"), By("price_minor"), LAST],
    "rating": [By("in_stock"), By("rating", may_be_empty=True), By("rating_count"), LAST],
}


def order_of(name: str) -> list:
    """For order_by()."""
    return [by.expression().desc() for by in ORDERS[name]]


def indexes() -> list[Index]:
    """One for each order, for the model that is sorted."""
    return [
        Index(
            *order_of(name),
            name=f"search_by_{name.replace('-', 'falling_')}",
            condition=Q(is_listed=True),
        )
        for name in ORDERS
    ]


def key_of(row: Any, name: str) -> str:
    """Where a row stands in the order, for a URL."""
    return "~".join(by.text(row) for by in ORDERS[name])


def beside(rows: QuerySet, name: str, key: str, *, size: int, before: bool = False) -> Sequence | None:
    """The `size` rows after the one that `key` names (or `before` it), in order. None if the key is nonsense."""
    parts, columns = key.split("~"), ORDERS[name]
    if len(parts) != len(columns):
        return None
    try:
        values = [by.value(part, rows.model) for by, part in zip(columns, parts, strict=True)]
    except (ValidationError, ValueError, OverflowError):
        return None
    here, there = Row(*(by.expression() for by in columns)), Row(*values)
    if not before:
        return list(rows.filter(LessThan(here, there)).order_by(*order_of(name))[:size])
    found = rows.filter(GreaterThan(here, there)).order_by(*(by.expression().asc() for by in columns))
    return list(found[:size])[::-1]
