"""A product's choices and the variants that combine them.

A variant is called after its values, in the order of the options: "A4 / Oak frame". Every variant on sale has a shelf at
every open place where its seller keeps goods, empty at first.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Option, OptionValue, Product, StockItem, Variant
from catalog.products import owning
from shop.core.errors import Refused


class StillUsed(Refused):
    """A value cannot go while variants have it."""


@transaction.atomic
def set_values(option: Option, values: Sequence[tuple[str, str]]) -> None:
    """The option's values become these (name, colour), in this order. Raises StillUsed."""
    names = [name for name, _color in values]
    gone = option.values.exclude(name__in=names)
    used = Variant.objects.filter(values__in=gone).values_list("sku", flat=True)
    if used:
        raise StillUsed(
            _("%(name)s: take the value from %(skus)s first.")
            % {"name": ", ".join(value.name for value in gone), "skus": ", ".join(sorted(set(used)))}
        )
    gone.delete()
    OptionValue.objects.bulk_create(
        [
            OptionValue(option=option, name=name, color=color, position=n)
            for n, (name, color) in enumerate(values)
        ],
        update_conflicts=True,
        unique_fields=["option", "name"],
        update_fields=["color", "position"],
    )


@transaction.atomic
def name_variants(product: Product) -> None:
    """Call every variant after its values; one without values keeps no name."""
    for variant in product.variants.prefetch_related("values__option"):
        values = sorted(variant.values.all(), key=lambda value: (value.option.position, value.option_id))
        title = " / ".join(value.name for value in values)[:150]
        if title != variant.title:
            Variant.objects.filter(pk=variant.pk).update(title=title)


@transaction.atomic
def open_shelves(product: Product) -> None:
    """An empty stock row for every variant wherever it has none yet; none for what is not kept in stock."""
    if product.kind != Product.Kind.GOODS:
        return
    places = list(owning.places_of(product.seller_id))
    StockItem.objects.bulk_create(
        [
            StockItem(variant=variant, location=place)
            for variant in product.variants.all()
            for place in places
        ],
        ignore_conflicts=True,
    )
