"""When a promotion holds: one small class a condition. All of a promotion's conditions must be met.

`check` is pure; its words are for the customer: what is missing ("€6.00 more"), or why it cannot be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.situation import MET, Situation, Verdict, Ware


class Condition(Protocol):
    """`counts_own`: measured on the promotion's own goods, whatever else it counts."""

    counts_own: ClassVar[bool]

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        """`wares` are the lines that the promotion counts."""
        ...


@dataclass(frozen=True)
class HasGoods:
    """At least one piece of the promotion's own goods."""

    counts_own: ClassVar[bool] = True

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        return MET if wares else Verdict(why=_("Nothing in your cart is part of it."))


@dataclass(frozen=True)
class MinTotal:
    counts_own: ClassVar[bool] = False
    minor: int

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        have = sum(ware.total_minor for ware in wares)
        if have >= self.minor:
            return MET
        missing = situation.money(self.minor - have).format()
        return Verdict(missing=_("%(amount)s more") % {"amount": missing}, share=have * 100 // self.minor)


@dataclass(frozen=True)
class MinQuantity:
    pieces: int

    counts_own: ClassVar[bool] = False

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        have = sum(ware.quantity for ware in wares)
        if have >= self.pieces:
            return MET
        return Verdict(missing=pieces_more(self.pieces - have), share=have * 100 // self.pieces)


@dataclass(frozen=True)
class InGroup:
    groups: frozenset[int]

    counts_own: ClassVar[bool] = False

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        if self.groups & situation.groups:
            return MET
        return Verdict(why=_("It is for certain customers: sign in if you are one of them."))


@dataclass(frozen=True)
class FirstOrder:
    counts_own: ClassVar[bool] = False

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        if situation.is_first is False:
            return Verdict(why=_("It is for a first order, and you have ordered with us before."))
        return MET


@dataclass(frozen=True)
class SentTo:
    """Countries by their codes (ISO 3166-1)."""

    countries: frozenset[str]

    counts_own: ClassVar[bool] = False

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        if not situation.country or situation.country in self.countries:
            return MET
        return Verdict(why=_("It does not hold for deliveries to this country."))


@dataclass(frozen=True)
class PaidIn:
    currency: str

    counts_own: ClassVar[bool] = False

    def check(self, wares: Sequence[Ware], situation: Situation) -> Verdict:
        if situation.currency == self.currency:
            return MET
        return Verdict(why=_("It holds for purchases in %(currency)s.") % {"currency": self.currency})


def pieces_more(pieces: int) -> str:
    return ngettext("%(n)s more piece", "%(n)s more pieces", pieces) % {"n": pieces}
