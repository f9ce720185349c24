"""How a gift card is sold: its fixed amounts are its variants, an amount of the buyer's own is allowed here."""

from django.utils.translation import gettext_lazy as _

from catalog.models import GiftCardTerms, Product
from shop.core.admin.bases import StackedInline
from shop.core.admin.money import MoneyFields


class GiftCardTermsInline(MoneyFields, StackedInline):
    model = GiftCardTerms
    fields = [("lowest_minor", "highest_minor"), "months_valid"]
    verbose_name_plural = _("How the gift card is sold")
    tab = True


def only_for(product: Product | None, inlines: list) -> list:
    """The inlines of a product's screen: this one only where it is a gift card."""
    is_card = product is not None and product.kind == Product.Kind.GIFT_CARD
    return [inline for inline in inlines if is_card or inline is not GiftCardTermsInline]
