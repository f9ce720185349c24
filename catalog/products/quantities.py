"""How many pieces of a variant may be bought at once: from a least number, in steps, up to a most.

Allowed are least, least + step, least + 2 × step … up to the most, if there is one. Napkins sold by the dozen have 12 and 12.
"""

from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.core.errors import Refused


class Rationed(Protocol):
    """A Variant or a LineCard."""

    @property
    def min_quantity(self) -> int: ...
    @property
    def max_quantity(self) -> int | None: ...
    @property
    def quantity_step(self) -> int: ...


class WrongQuantity(Refused):
    """Not so many at once; `data["near"]` is an allowed quantity close to it."""


def allowed(what: Rationed, most: int) -> int:
    """The largest allowed quantity up to `most`; 0 if there is none."""
    most = most if what.max_quantity is None else min(most, what.max_quantity)
    if most < what.min_quantity:
        return 0
    return most - (most - what.min_quantity) % what.quantity_step


def nearest(what: Rationed, quantity: int) -> int:
    """For a quantity that nobody types just now: the largest allowed one below it, else the least."""
    return allowed(what, quantity) or what.min_quantity


def check(what: Rationed, quantity: int, *, name: str) -> None:
    """Raises WrongQuantity."""
    if allowed(what, quantity) == quantity:
        return
    raise WrongQuantity(f"{name}: {rule(what)}", near=nearest(what, quantity))


def rule(what: Rationed) -> str:
    """The rule as a sentence; empty when there is none."""
    said = {"least": what.min_quantity, "step": what.quantity_step, "most": what.max_quantity}
    if what.quantity_step > 1:
        if what.max_quantity:
            return _("Sold from %(least)s to %(most)s pieces in one order, in steps of %(step)s.") % said
        return _("Sold from %(least)s pieces on, in steps of %(step)s.") % said
    if what.max_quantity and what.min_quantity > 1:
        return _("Sold from %(least)s to %(most)s pieces in one order.") % said
    if what.max_quantity:
        text = ngettext(
            "At most %(most)s piece in one order.", "At most %(most)s pieces in one order.", what.max_quantity
        )
        return text % said
    return _("Sold from %(least)s pieces on.") % said if what.min_quantity > 1 else ""
