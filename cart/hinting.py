"""What a cart could have: offers within reach, and codes that change nothing, each with its reason.

An offer is told only where it would leave the customer better off than he is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from cart.benefits import Nearly
from cart.rules import Hint, Rule, Without
from cart.situation import Situation, Verdict, Ware

NEAR = 50  # per cent of the way from which on an offer is within reach
MOST = 3

Verdicts = Sequence[tuple[Rule, Verdict]]


def hints(
    wares: Sequence[Ware], verdicts: Verdicts, situation: Situation, *, is_better: Callable[[Rule], bool]
) -> tuple[Hint, ...]:
    """The nearest first. `is_better` tells whether the cart would cost less if this promotion held, too."""
    found = (
        hint
        for rule, near in sorted(_near(wares, verdicts, situation), key=lambda one: -one[1].share)
        if (hint := _hint(rule, near, situation, is_better)) is not None
    )
    return tuple(hint for _number, hint in zip(range(MOST), found, strict=False))


def _near(wares: Sequence[Ware], verdicts: Verdicts, situation: Situation) -> Iterator[tuple[Rule, Nearly]]:
    for rule, verdict in verdicts:
        if verdict.is_met:
            counted = rule.counted(wares) if rule.benefit.is_stepped else wares
            near = rule.benefit.nearly(counted, situation)
        else:
            near = Nearly(verdict.missing, verdict.share)
        if near and near.missing and near.share >= NEAR:
            yield rule, near


def _hint(rule: Rule, near: Nearly, situation: Situation, is_better: Callable[[Rule], bool]) -> Hint | None:
    then = replace(rule, benefit=near.then or rule.benefit)
    if not then.benefit.is_together and not is_better(then):
        return None
    words = {"missing": near.missing, "promise": then.benefit.promise(situation)}
    reached = rule.benefit.reach(rule.goods)
    chosen_from = reached.products if reached is not rule.goods else frozenset()
    return Hint(
        rule.pk, rule.name, _("%(missing)s and %(promise)s.") % words, min(near.share, 99), chosen_from
    )


def in_vain(verdicts: Verdicts, taken: Iterable[Rule], *, has_delivery: bool) -> tuple[Without, ...]:
    """Codes that give nothing. `taken` are the promotions that lowered something."""
    gives = list(dict.fromkeys(taken))
    return tuple(
        Without(rule.code, _why(rule, verdict, gives))
        for rule, verdict in verdicts
        if rule.code
        and rule.code not in {one.code for one in gives}
        and not (rule.benefit.on_delivery and verdict.is_met and not has_delivery)
    )


def _why(rule: Rule, verdict: Verdict, gives: Sequence[Rule]) -> str:
    if verdict.missing:
        return _("It needs %(missing)s.") % {"missing": verdict.missing}
    if verdict.why:
        return verdict.why
    if gives:
        names = ", ".join(dict.fromkeys(one.name for one in gives))
        return _("What you have is better for you: %(names)s.") % {"names": names}
    return _("There is nothing in your cart that it would lower.")
