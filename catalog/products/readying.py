"""What a product still lacks before it should be shown. Only a variant with a price is a must; the rest sells it better."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import describing, preordering, stock
from catalog.models import Product, ProductAttribute, Variant
from catalog.products import filing

SHORT = 80  # characters of a description that says something


@dataclass(frozen=True)
class Point:
    """`place` is where it is mended: a field of the product's screen, "variants", "photos" or "stock"."""

    label: str
    place: str
    is_there: bool
    hint: str = ""
    is_must: bool = False


def points_of(product: Product) -> list[Point]:
    """Everything that is looked at, in the order of the screen; 8 queries at most."""
    variants = list(product.variants.filter(is_active=True))
    alts = list(product.photos.values_list("alt", flat=True))
    return [
        Point(
            _("A variant on sale"),
            "variants",
            bool(variants),
            _("Without one, there is nothing to buy."),
            True,
        ),
        _priced(variants),
        Point(_("A photo"), "photos", bool(alts), _("Nothing sells less than a grey square.")),
        _in_words(alts),
        Point(_("In one sentence"), "id_short_description", bool(product.short_description)),
        Point(
            _("A description"),
            "id_description",
            len(product.description) >= SHORT,
            _("A few sentences: what it is, who it is for, what it is made of."),
        ),
        Point(
            _("A category"),
            "id_categories",
            product.categories.exists(),
            _("Without one it is found by searching only."),
        ),
        *_properties(product),
        *([_weighed(variants)] if product.kind not in Product.UNSENT else []),
        Point(_("A tax class"), "id_tax_class", bool(product.tax_class)),
        *([_stocked(variants)] if product.kind not in Product.UNSTOCKED else []),
        *_preordered(variants),
        *_filed(product),
    ]


def missing(product: Product) -> list[Point]:
    return [point for point in points_of(product) if not point.is_there]


def _priced(variants: list[Variant]) -> Point:
    free = [variant.sku for variant in variants if not variant.price_minor]
    hint = _("Costs nothing: %(skus)s") % {"skus": _few(free)} if free else ""
    return Point(_("A price"), "variants", bool(variants) and not free, hint)


def _in_words(alts: list[str]) -> Point:
    without = sum(not alt for alt in alts)
    hint = ngettext("%(n)s photo without words", "%(n)s photos without words", without) % {"n": without}
    return Point(_("Photos in words"), "photos", bool(alts) and not without, hint if without else "")


def _weighed(variants: list[Variant]) -> Point:
    light = [variant.sku for variant in variants if not variant.weight_g]
    hint = _("Delivery is too cheap for %(skus)s.") % {"skus": _few(light)} if light else ""
    return Point(_("A weight"), "variants", bool(variants) and not light, hint)


def _stocked(variants: list[Variant]) -> Point:
    pieces = stock.available([variant.pk for variant in variants]) if variants else {}
    there = any(number > 0 for number in pieces.values())
    return Point(_("Stock"), "stock", there, "" if there else _("It would be shown as sold out."))


def _filed(product: Product) -> list[Point]:
    """Of a download."""
    if product.kind != Product.Kind.DIGITAL:
        return []
    without = [variant.sku for variant in filing.lacking(product)]
    hint = _("Buyers would get nothing of %(skus)s.") % {"skus": _few(without)} if without else ""
    return [Point(_("A file"), "id_kind", not without, hint, True)]


def _preordered(variants: list[Variant]) -> list[Point]:
    """Only where a preorder is or was taken."""
    dated = [variant for variant in variants if variant.ships_by]
    late = [variant.sku for variant in dated if variant.ships_by and variant.ships_by < preordering.today()]
    if not dated:
        return []
    hint = _("The day has passed, and buyers are told nothing: name another for %(skus)s.")
    return [
        Point(_("A day for the preorder"), "variants", not late, hint % {"skus": _few(late)} if late else "")
    ]


def _properties(product: Product) -> list[Point]:
    """Each attribute of its type that has no value yet; all together one point if none is missing."""
    if product.type_id is None:
        return []
    said = set(ProductAttribute.objects.filter(product=product).values_list("attribute", flat=True))
    lacking = [attribute for attribute in describing.attributes_of(product) if attribute.pk not in said]
    if not lacking:
        return [Point(_("The properties of its type"), "", True)]
    return [Point(str(attribute.name), f"id_property_{attribute.pk}", False) for attribute in lacking]


def _few(skus: list[str]) -> str:
    return ", ".join(skus[:3]) + ("…" if len(skus) > 3 else "")
