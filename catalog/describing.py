"""Describing a product: its type and the values of its attributes.

A value is kept in the column of its attribute's kind and refused when it does not fit. Values of attributes that the
product's type does not have are neither asked for nor shown, but stay: taking the old type again brings them back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from catalog.models import Attribute, AttributeChoice, Product, ProductAttribute, ProductType
from catalog.products import kinds
from catalog.products.kinds import WrongKind
from shop.core import events

EMPTY = {"text": "", "number": None, "choice": None, "is_true": None, "date": None}
COLUMNS = ["text", "number", "choice_id", "is_true", "date"]
LOCK = 7304  # of the advisory locks that stand for a product's properties

__all__ = [
    "WrongKind",
    "applying",
    "attributes_of",
    "change_kind",
    "check_kind",
    "choices_of",
    "choices_with",
    "describe",
    "parsed",
    "plain_of",
]


def applying() -> Q:
    """Of ProductAttribute rows: those that the product's type has, and all of products without a type; each row once."""
    listed = ProductType.attributes.through.objects.filter(
        attribute=OuterRef("attribute"), producttype=OuterRef("product__type")
    )
    return Q(product__type=None) | Q(Exists(listed))


def attributes_of(product: Product) -> QuerySet[Attribute]:
    """What can be said of it: its type's attributes; without a type those that it has."""
    if product.type_id is None:
        return Attribute.objects.filter(values__product=product.pk).distinct()
    return Attribute.objects.filter(types=product.type_id)


def choices_of(attributes: Iterable[Attribute]) -> dict[int, dict[str, AttributeChoice]]:
    """{attribute id: {lower-case name: choice}}, in one query."""
    found: dict[int, dict[str, AttributeChoice]] = {attribute.pk: {} for attribute in attributes}
    for choice in AttributeChoice.objects.filter(attribute__in=found):
        found[choice.attribute_id][choice.name.lower()] = choice
    return found


def parsed(
    attribute: Attribute, raw: Iterable[Any], *, choices: dict[str, AttributeChoice]
) -> list[dict[str, Any]]:
    """The values as columns, without repetitions. Raises WrongKind."""
    found: list[dict[str, Any]] = []
    for value in raw:
        columns = kinds.parse(attribute, value, choices=choices)
        if columns not in found:
            found.append(columns)
    if len(found) > 1 and not attribute.is_multiple:
        raise WrongKind(_("%(attribute)s has one value only.") % {"attribute": attribute})
    return found


def plain_of(attribute: Attribute, values: Iterable[str]) -> list[str]:
    """As they would be stored ("350 ml" → "350"), a choice that does not exist yet as it is. Raises WrongKind.

    For files: several texts or choices are taken even where sellers are asked for one.
    """
    if attribute.kind in Attribute.CHOSEN:
        for value in values:
            _check_length(attribute, value)
        return list(dict.fromkeys(values))
    rows = [ProductAttribute(**kinds.parse(attribute, value, choices={})) for value in values]
    plain = list(dict.fromkeys(row.plain for row in rows))
    if len(plain) > 1 and attribute.kind != Attribute.Kind.TEXT:
        raise WrongKind(_("%(attribute)s has one value only.") % {"attribute": attribute})
    return plain


def choices_with(values: Iterable[tuple[Attribute, str]]) -> dict[int, dict[str, AttributeChoice]]:
    """`choices_of` the attributes, with those that are missing made."""
    pairs = list(values)
    found = choices_of(attribute for attribute, _value in pairs)
    for attribute, value in pairs:
        known = found[attribute.pk]
        if attribute.kind in Attribute.CHOSEN and value.lower() not in known:
            known[value.lower()] = AttributeChoice.objects.create(
                attribute=attribute, name=value, position=len(known)
            )
    return found


@transaction.atomic
def describe(product: Product, *, values: Mapping[Attribute, Iterable[Any]], by: Any = None) -> bool:
    """Set the values of these attributes, an empty list takes them away; others stay. Returns whether anything changed.

    Raises WrongKind. Choices must exist.
    """
    choices = choices_of(values)
    wanted = {
        attribute: parsed(attribute, raw, choices=choices[attribute.pk]) for attribute, raw in values.items()
    }
    _alone(product)
    changed = False
    for attribute, columns in wanted.items():
        changed |= _set(product, attribute, columns)
    if changed:
        events.record("product.changed", product, by=by)
    return changed


def _alone(product: Product) -> None:
    """Of two sellers the later one waits, and then has the last word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, product.pk])


def _set(product: Product, attribute: Attribute, columns: list[dict[str, Any]]) -> bool:
    rows = ProductAttribute.objects.filter(product=product, attribute=attribute)
    now = list(rows.order_by("position", "pk").values_list(*COLUMNS))
    fresh = [
        ProductAttribute(product=product, attribute=attribute, position=place, **column)
        for place, column in enumerate(columns)
    ]
    if now == [tuple(getattr(row, name) for name in COLUMNS) for row in fresh]:
        return False
    rows.delete()
    ProductAttribute.objects.bulk_create(fresh)
    return True


def check_kind(attribute: Attribute, *, kind: str) -> None:
    """Raises WrongKind if one of its values would not fit, or if a product has several and the kind has one."""
    rows = ProductAttribute.objects.filter(attribute=attribute)
    fresh = Attribute(name=attribute.name, kind=kind)
    if kind not in (Attribute.Kind.TEXT, *Attribute.CHOSEN):
        many = rows.order_by("product").values("product__name").annotate(n=Count("pk")).filter(n__gt=1)
        if several := many.first():
            raise WrongKind(
                _("%(product)s has several values of %(attribute)s; this kind has one.")
                % {"product": several["product__name"], "attribute": attribute}
            )
    for row in _distinct(rows.select_related("choice")):
        if kind in Attribute.CHOSEN:
            _check_length(attribute, row.plain)
        else:
            kinds.parse(fresh, row.plain, choices={})


@transaction.atomic
def change_kind(attribute: Attribute, *, kind: str, by: Any = None) -> None:
    """Keep its values, as another kind: texts become choices, "350" a number. Raises WrongKind if one does not fit.

    `attribute` may hold other unsaved changes; only its kind is written here.
    """
    old = Attribute.objects.get(pk=attribute.pk)
    check_kind(old, kind=kind)
    rows = ProductAttribute.objects.filter(attribute=old).select_related("choice")
    attribute.kind = kind
    choices = {choice.name.lower(): choice for choice in attribute.choices.all()}
    for row in _distinct(rows):
        if kind in Attribute.CHOSEN and row.plain.lower() not in choices:
            choices[row.plain.lower()] = AttributeChoice.objects.create(
                attribute=attribute, name=row.plain, position=len(choices)
            )
        _rewrite(rows, row, kinds.parse(attribute, row.plain, choices=choices))
    Attribute.objects.filter(pk=attribute.pk).update(kind=kind, **_fitting(attribute, kind))
    events.record("attribute.changed", attribute, by=by)


def _distinct(rows: QuerySet[ProductAttribute]) -> list[ProductAttribute]:
    """One row for each value that somebody has."""
    return list(rows.order_by(*COLUMNS).distinct(*COLUMNS))


def _rewrite(rows: QuerySet[ProductAttribute], like: ProductAttribute, column: dict[str, Any]) -> None:
    """All rows with the value of `like` get `column` instead. Two values of a product that become one are one."""
    old = {name: getattr(like, name) for name in EMPTY}
    new = EMPTY | column
    if old == new:
        return
    same = rows.filter(**old).select_related(None)
    same.filter(product__in=rows.filter(**new).values("product")).delete()
    same.update(**new)


def _check_length(attribute: Attribute, name: str) -> None:
    if len(name) > 60:
        raise WrongKind(
            _("%(attribute)s: “%(value)s” is too long for a choice (60 characters).")
            % {"attribute": attribute, "value": name[:60]}
        )


def _fitting(attribute: Attribute, kind: str) -> dict[str, Any]:
    """What other kinds do not have."""
    changes: dict[str, Any] = {} if kind == Attribute.Kind.NUMBER else {"unit": ""}
    if kind in (Attribute.Kind.NUMBER, Attribute.Kind.BOOLEAN, Attribute.Kind.DATE):
        changes["is_multiple"] = False
    for name, value in changes.items():
        setattr(attribute, name, value)
    return changes
