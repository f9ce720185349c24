"""Gift wrap, a greeting card, a message, a note to the shop: what stands around a cart's goods.

Wrap and card are charges of their own, in the cart's currency; one that is no longer offered, or not in this currency,
simply does not count. The checkout copies what was chosen; prices are read again until the order is placed.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from cart.models import Cart, GiftOption
from cart.models.gift import Presented
from shop.core.errors import Refused
from shop.core.locks import lock
from shop.core.models import Shop
from shop.core.money import Money
from shop.core.wording import said

KEPT_KEY, KEPT_SECONDS = "gift-options", 30


class NotOffered(Refused):
    """That wrap or card does not exist, or not in this currency."""


@dataclass(frozen=True)
class Extra:
    """One charge beside the goods, at its catalogue price."""

    kind: str  # a code of GiftOption.Kind
    name: str
    price_minor: int
    currency: str
    tax_class: str

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


def extras_of(presented: Presented, *, currency: str) -> tuple[Extra, ...]:
    """What was chosen and is offered; wrap before card. One query, none where nothing was chosen."""
    chosen = [pk for pk in (presented.wrap_id, presented.greeting_card_id) if pk]
    if not chosen:
        return ()
    return tuple(
        Extra(option.kind, said(option.name), option.price_minor, option.currency, option.tax_class)
        for option in GiftOption.objects.offered(currency).filter(pk__in=chosen)
    )


def options_for(currency: str) -> dict[str, list[GiftOption]]:
    """{kind: what can be chosen}, as it was up to KEPT_SECONDS ago: choosing asks again. One query that often."""
    offered = cache.get(f"{KEPT_KEY}:{currency}")
    if offered is None:
        offered = list(GiftOption.objects.offered(currency))
        cache.set(f"{KEPT_KEY}:{currency}", offered, KEPT_SECONDS)
    found: dict[str, list[GiftOption]] = {}
    for option in offered:
        option.name, option.text = said(option.name), said(option.text)
        found.setdefault(option.kind, []).append(option)
    return found


def forget_options() -> None:
    """After a seller has changed one."""
    cache.delete_many([f"{KEPT_KEY}:{currency}" for currency in Shop.current().currencies])


@transaction.atomic
def present(cart: Cart, *, wrap: int | None, greeting_card: int | None, message: str, note: str) -> Cart:
    """Ids of options, None for none; the two texts as they were typed. Raises NotOffered; nothing is changed then."""
    cart = lock(Cart.objects.filter(pk=cart.pk)).get()
    offered = {(option.kind, option.pk) for option in GiftOption.objects.offered(cart.currency)}
    asked = [(GiftOption.Kind.WRAP, wrap), (GiftOption.Kind.CARD, greeting_card)]
    if any(pk and (kind, pk) not in offered for kind, pk in asked):
        raise NotOffered(_("Choose one of the gift options that are offered."))
    cart.wrap_id, cart.greeting_card_id = wrap or None, greeting_card or None
    cart.gift_message, cart.order_note = message.strip(), note.strip()
    cart.save(update_fields=["wrap", "greeting_card", "gift_message", "order_note", "updated_at"])
    return cart


def carry_over(cart: Cart, *, currency: str) -> None:
    """Before the cart changes its currency: the same wrap and card, if they are offered in it. The cart is locked."""
    for name in ("wrap", "greeting_card"):
        if (option := getattr(cart, name)) is not None:
            same = GiftOption.objects.offered(currency).filter(kind=option.kind, name=option.name)
            setattr(cart, name, same.first())


def unwrap(cart: Cart) -> None:
    """It was bought: the next purchase begins without gift and note. The cart is locked."""
    cart.wrap = cart.greeting_card = None
    cart.gift_message = cart.order_note = ""
    cart.save(update_fields=["wrap", "greeting_card", "gift_message", "order_note"])
