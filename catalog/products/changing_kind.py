"""What kind of product it is says what a sale takes from stock, so it cannot change under goods that are there."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import BundlePart, Product, StockItem


def check_change(product: Product, kind: str) -> None:
    """Whether it may become of this `kind`. Raises ValidationError."""
    if kind == product.kind:
        return
    if product.status == Product.Status.ACTIVE:
        raise ValidationError(_("Take it off sale before you change its kind."))
    stocked = Q(on_hand__gt=0) | Q(reserved__gt=0) | Q(expected__gt=0)
    if StockItem.objects.filter(stocked, variant__product=product).exists():
        raise ValidationError(_("There is stock of it: book it out before you change its kind."))
    if BundlePart.objects.filter(Q(component__product=product) | Q(bundle__product=product)).exists():
        raise ValidationError(_("It is a set, or part of one: take the parts away first."))
