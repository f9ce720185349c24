"""What promotions take off, as it is printed for the destination.

Promotions are reckoned in catalogue prices. Where the printed price is another (an export, or tax that is added below) each
adjustment becomes the same share of the printed price, by largest remainder: what is free stays free, what is left and
what is taken off are the printed price to the cent, and nothing falls below 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cart.rules import Adjustment
from shop.core.money import Money


def reduced(
    catalogue_minor: int, printed_minor: int, off: Sequence[Adjustment]
) -> tuple[int, tuple[Adjustment, ...]]:
    """What is left to pay of a line that costs `printed_minor`, and its adjustments as printed."""
    if not off:
        return printed_minor, ()
    amounts = [one.amount_minor for one in off]
    shares = Money(printed_minor, "").share([*amounts, catalogue_minor - sum(amounts)])
    return shares[-1].minor, _renamed(off, shares)


def split(minor: int, off: Sequence[Adjustment]) -> tuple[Adjustment, ...]:
    """An amount that is taken off as printed, over the promotions that take it."""
    if not off:
        return ()
    return _renamed(off, Money(minor, "").share([one.amount_minor for one in off]))


def _renamed(off: Sequence[Adjustment], shares: Sequence[Money]) -> tuple[Adjustment, ...]:
    pairs = zip(off, shares, strict=False)
    return tuple(replace(one, amount_minor=share.minor) for one, share in pairs if share.minor)


def discount_row(name: str, code: str, amount: Money) -> dict:
    """As components/totals.html wants it."""
    return {"label": name, "note": code, "amount": -amount, "kind": "discount"}


def delivery_note(method: str, promotions: Iterable[str]) -> str:
    """What stands small beside the delivery: its name, and by which promotions it costs less."""
    return ", ".join(filter(None, [method, *dict.fromkeys(promotions)]))
