"""A product's photos: in what order, in what words, and which of its variants each one shows. The first one stands for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from catalog.models import Photo, Product
from shop.core import events


@dataclass(frozen=True)
class Description:
    """What is in the picture, in words, and the ids of the variants that it shows."""

    alt: str
    variants: frozenset[int] = frozenset()


@transaction.atomic
def describe(product: Product, words: Mapping[int, Description], *, by=None) -> int:
    """Write what changed of the photos with these ids; returns how many did. Variants of other products are left out."""
    own = set(product.variants.values_list("pk", flat=True))
    changed = 0
    for photo in product.photos.filter(pk__in=words).prefetch_related("variants"):
        said = words[photo.pk]
        variants = said.variants & own
        if photo.alt == said.alt and {variant.pk for variant in photo.variants.all()} == variants:
            continue
        photo.alt = said.alt[:300]
        photo.save(update_fields=["alt"])
        photo.variants.set(variants)
        changed += 1
    if changed:
        events.record("product.changed", product, by=by)
    return changed


@transaction.atomic
def arrange(product: Product, order: Sequence[int], *, by=None) -> list[int]:
    """Put the photos with these ids first, in this order; the others follow as they stood. Returns the whole order."""
    photos = {photo.pk: photo for photo in product.photos.all()}
    wanted = [pk for pk in dict.fromkeys(order) if pk in photos]
    wanted += [pk for pk in photos if pk not in wanted]
    if wanted == list(photos) and len({photo.position for photo in photos.values()}) == len(photos):
        return wanted
    for position, pk in enumerate(wanted):
        photos[pk].position = position
    Photo.objects.bulk_update(photos.values(), ["position"])
    events.record("product.changed", product, by=by)
    return wanted


def move(product: Product, photo: Photo, *, by_places: int, by=None) -> list[int]:
    """One place forwards (-1) or backwards (1), or all the way; returns the whole order."""
    order = list(product.photos.values_list("pk", flat=True))
    at = order.index(photo.pk)
    order.insert(max(0, min(len(order) - 1, at + by_places)), order.pop(at))
    return arrange(product, order, by=by)
