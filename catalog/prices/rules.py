"""Which price wins, as pure arithmetic over what catalog/prices/reading.py has read.

Every rule either gives an amount for this buyer, quantity and moment, or says why it gives none (`Why`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from shop.core.currency import exponent
from shop.core.money import round_half_up


class Why(Enum):
    """Why a rule gives no price, or why its price is not the one."""

    NOT_IN_USE = "not in use"
    CURRENCY = "another currency"
    GROUP = "for others"
    NOT_YET = "not yet"
    OVER = "over"
    NOT_NAMED = "not on the list"
    QUANTITY = "too few pieces"
    CATEGORY = "not in the category"
    NO_BASE = "no price to take a percentage of"
    PRIORITY = "a higher priority decides"
    DEARER = "another price is lower"


@dataclass(frozen=True)
class Rule:
    """A price list as the arithmetic needs it: plain, so that it can be kept in the cache."""

    pk: int
    name: str
    currency: str
    group_id: int | None
    group: str
    percent: Decimal | None  # None: fixed amounts
    ending_minor: int | None
    category_path: str  # empty: every product
    is_sale: bool
    priority: int
    starts_at: datetime | None
    ends_at: datetime | None
    is_active: bool = True

    def silence(self, *, groups: Iterable[int], currency: str, at: datetime) -> Why | None:
        """Why it has nothing to say to this buyer at this moment; None if it has."""
        if not self.is_active:
            return Why.NOT_IN_USE
        if self.currency != currency:
            return Why.CURRENCY
        if self.group_id is not None and self.group_id not in groups:
            return Why.GROUP
        if self.starts_at and at < self.starts_at:
            return Why.NOT_YET
        return Why.OVER if self.ends_at and at >= self.ends_at else None


@dataclass(frozen=True)
class Candidate:
    """An amount that a rule gives. Without a rule it is the variant's own price."""

    minor: int
    rule: Rule | None = None
    from_quantity: int = 1

    @property
    def rank(self) -> tuple[int, int, int]:
        """The smallest wins: priority, amount, then the own price and older lists first."""
        return (-self.rule.priority if self.rule else 0, self.minor, self.rule.pk if self.rule else 0)


Steps = tuple[tuple[int, int], ...]  # (from quantity, amount), rising


@dataclass(frozen=True)
class Own:
    """What a variant itself says. `minor` is None in a currency that it has no price in."""

    minor: int | None
    compare_at_minor: int | None = None


@dataclass(frozen=True)
class Decision:
    won: Candidate
    was_minor: int | None  # the former price; only of a reduction


def given(rule: Rule, own: Own, *, steps: Steps, is_member: bool, quantity: int) -> Candidate | Why:
    """What a rule that applies gives; `is_member` says that the product stands in the rule's category."""
    if rule.percent is None:
        return _step(rule, steps, quantity)
    if not is_member:
        return Why.CATEGORY
    if own.minor is None:
        return Why.NO_BASE
    exact = round_half_up(own.minor * rule.percent / 100)
    return Candidate(rounded(exact, rule.ending_minor, rule.currency), rule)


def _step(rule: Rule, steps: Steps, quantity: int) -> Candidate | Why:
    reached = [step for step in steps if step[0] <= quantity]
    if reached:
        return Candidate(reached[-1][1], rule, reached[-1][0])
    return Why.QUANTITY if steps else Why.NOT_NAMED


def rounded(minor: int, ending: int | None, currency: str) -> int:
    """The nearest amount above 0 with these last two digits; halfway, the lower one."""
    if ending is None or minor <= 0:
        return minor
    whole = 10 ** max(2, exponent(currency))
    end = ending * whole // 100
    below = (minor - end) // whole * whole + end
    near = below if minor - below <= below + whole - minor else below + whole
    return near if near > 0 else (below + whole or minor)


def decide(own: Own, candidates: Iterable[Candidate]) -> Decision | None:
    """The winner among these and the own price; None if there is no price at all."""
    every = list(candidates)
    if own.minor is not None:
        every.append(Candidate(own.minor))
    if not every:
        return None
    won = min(every, key=lambda one: one.rank)
    return Decision(won, _former(won, own, every))


def _former(won: Candidate, own: Own, every: list[Candidate]) -> int | None:
    """What it would cost without sales, if that is more. Other lists announce no reduction."""
    if won.rule is None:
        return own.compare_at_minor
    if not won.rule.is_sale:
        return None
    usual = [one for one in every if one.rule is None or not one.rule.is_sale]
    if not usual:
        return None
    former = min(usual, key=lambda one: one.rank)
    was = own.compare_at_minor if former.rule is None and own.compare_at_minor else former.minor
    return was if was > won.minor else None


def lost(one: Candidate, won: Candidate) -> Why | None:
    """Why it is not the winner; None if it is."""
    if one == won:
        return None
    return Why.PRIORITY if one.rank[0] > won.rank[0] else Why.DEARER
