"""What a visitor asked a list for, as it stands in the URL.

Read leniently: what makes no sense is left out, never refused; a lowest price above the highest is swapped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict

from catalog.finding.facets import PREFIX
from catalog.finding.sorting import ORDERS

MAX_VALUES = 20  # of one filter, that a URL may name
MAX_GROUPS = 12


@dataclass(frozen=True)
class Wishes:
    """`chosen` is {group: values}; prices are in major units, as typed; `query` is that of a search."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    sort: str = ""
    page: int = 1
    query: str = ""
    after: str = ""  # the row that the page begins after, for pages too deep to be counted
    before: str = ""

    @classmethod
    def of(cls, params: QueryDict, *, query: str = "") -> "Wishes":
        names = [name for name in params if name.startswith(PREFIX)][:MAX_GROUPS]
        chosen = {_clean(name.removeprefix(PREFIX)): _values(params.getlist(name)) for name in names}
        low, high = _price(params.get("min", "")), _price(params.get("max", ""))
        if low is not None and high is not None and low > high:
            low, high = high, low
        sort = params.get("sort", "")
        sort = sort if sort in ORDERS else ""
        after, before = (_clean(params.get(name, "")) for name in ("after", "before"))
        return cls(chosen, low, high, sort, _page(params.get("page", "")), query, after, before)

    @property
    def has_price(self) -> bool:
        return self.price_min is not None or self.price_max is not None

    def url(
        self,
        *,
        without: tuple[str, str] | None = None,
        price: bool = True,
        page: int = 1,
        **key: str,
    ) -> str:
        """The same list as a query string; `without` one (group, value), or without the price. key: after= or before=."""
        pairs = [("q", self.query)] if self.query else []
        for group, values in self.chosen.items():
            pairs += [(PREFIX + group, value) for value in values if (group, value) != without]
        for name, amount in (("min", self.price_min), ("max", self.price_max)):
            pairs += [(name, f"{amount:f}")] if price and amount is not None else []
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(page))] if page > 1 else []
        pairs += key.items()
        return f"?{urlencode(pairs)}"

    def clear_url(self) -> str:
        return Wishes(query=self.query, sort=self.sort).url()


def _values(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_clean(value) for value in values[:MAX_VALUES]))


def _clean(value: str) -> str:
    return value.replace("\0", "")[:120]


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _price(text: str) -> Decimal | None:
    """ "12,50" → 12.50; None for what is no amount."""
    text = text.strip().replace(",", ".")
    try:
        amount = Decimal(text) if text.isascii() and len(text) < 12 else None
    except InvalidOperation:
        return None
    usable = amount is not None and amount.is_finite() and 0 <= amount < 10**9
    return amount.quantize(Decimal("0.01")).normalize() + 0 if amount is not None and usable else None
