"""The way back: what was taken out of a cart last is remembered with its quantity, its answers and its place.

One press brings it back, through the same checks as if it were added now; a second press finds nothing. What cannot be had
any more stays remembered until something else is taken out.
"""

from django.db import transaction

from cart.models import Cart, CartLine
from cart.setting_aside import Moved, add_again
from catalog.models import Variant
from shop.core.errors import Refused
from shop.core.locks import lock


@transaction.atomic
def undo(cart: Cart) -> Moved:
    """Bring back what was taken out last."""
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    variants = Variant.objects.select_related("product").in_bulk([row["variant"] for row in cart.taken_out])
    done, left = Moved(), []
    for row in cart.taken_out:
        if (variant := variants.get(row["variant"])) is None:
            continue
        try:
            line = add_again(cart, variant, row["quantity"], row["custom"])
        except Refused as refusal:
            done.refusals.append(refusal.message)
            left.append(row)
        else:
            CartLine.objects.filter(pk=line.pk).update(created_at=row["since"])
            done.lines.append(line)
    Cart.objects.filter(pk=cart.pk).update(taken_out=left)
    return done


def named(cart: Cart | None) -> list[str]:
    """The names of what can be brought back. One query, none when nothing was taken out."""
    rows = cart.taken_out if cart else []
    if not rows:
        return []
    variants = Variant.objects.on_sale_now().select_related("product")
    known = variants.in_bulk([row["variant"] for row in rows])
    return [known[row["variant"]].full_name for row in rows if row["variant"] in known]
