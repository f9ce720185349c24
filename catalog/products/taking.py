"""What one piece of a variant takes from the shelves: itself, the parts of a set, or nothing.

Stock knows pieces on shelves and no kinds of product; whoever sells something asks here first. A set takes its parts, made
to order, downloads and gift cards take nothing. A set without parts takes itself, of which there is none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from catalog.models import BundlePart, Product, Variant

Takes = Mapping[int, int]  # {variant id on the shelf: pieces for one piece sold}
PLENTY = 999  # pieces of what needs no stock


def takes_of(variants: Iterable[Variant]) -> dict[int, Takes]:
    """Of variants that come with their product. One query if a set is among them, else none."""
    variants = list(variants)
    sets = [variant.pk for variant in variants if variant.product.kind == Product.Kind.BUNDLE]
    rows = BundlePart.objects.filter(bundle__in=sets) if sets else ()
    parts: dict[int, dict[int, int]] = {}
    for row in rows:
        parts.setdefault(row.bundle_id, {})[row.component_id] = row.quantity
    return {variant.pk: _takes(variant.pk, variant.product.kind, parts) for variant in variants}


def takes_by_id(variants: Iterable[int]) -> dict[int, Takes]:
    """The same of ids, in one query; unknown ones take themselves."""
    ids = set(variants)
    rows = Variant.objects.filter(pk__in=ids).order_by("parts__position", "parts__pk")
    kinds: dict[int, str] = {}
    parts: dict[int, dict[int, int]] = {}
    for pk, kind, part, quantity in rows.values_list(
        "pk", "product__kind", "parts__component", "parts__quantity"
    ):
        kinds[pk] = kind
        if part:
            parts.setdefault(pk, {})[part] = quantity
    return {pk: _takes(pk, kinds.get(pk, Product.Kind.GOODS), parts) for pk in ids}


def pieces_of(sold: Iterable[tuple[Takes, int]]) -> dict[int, int]:
    """{variant id on the shelf: pieces} of all (takes, quantity sold) together."""
    total: Counter[int] = Counter()
    for takes, quantity in sold:
        for variant, pieces in takes.items():
            total[variant] += pieces * quantity
    return dict(total)


def whole(takes: Takes, free: Mapping[int, int]) -> int:
    """How many can be had of it while so much is free on the shelves."""
    return min((free.get(variant, 0) // pieces for variant, pieces in takes.items()), default=PLENTY)


def _takes(pk: int, kind: str, parts: Mapping[int, Takes]) -> Takes:
    if kind in Product.UNSTOCKED:
        return {}
    return parts.get(pk) or {pk: 1} if kind == Product.Kind.BUNDLE else {pk: 1}
