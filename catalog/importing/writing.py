"""Writes what was planned for a few products at once, each table in one statement, whatever their number.

Must be called in a transaction. Products, variants and choices first, because everything else points to them; then where
they stand, their attributes, their stock as a count with a reason, their pictures, and one event for each product.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from catalog import describing, publishing, stock
from catalog.importing import photos
from catalog.importing.branches import Tree
from catalog.importing.plans import Plan, VariantPlan
from catalog.importing.texts import slug_of
from catalog.models import (
    Attribute,
    ImportItem,
    ImportRun,
    Option,
    OptionValue,
    Product,
    ProductAttribute,
    StockItem,
    Variant,
)
from catalog.prices.noting import note_prices
from catalog.products import owning
from catalog.products.kinds import parse
from shop.core import events


def write(plans: Iterable[Plan], *, run: ImportRun, by: Any = None) -> None:
    """All plans that are to create or change something."""
    plans = [
        plan for plan in plans if plan.outcome in (ImportItem.Outcome.CREATED, ImportItem.Outcome.CHANGED)
    ]
    if not plans:
        return
    _write_products(plans)
    _write_options(plans)
    _write_variants([planned for plan in plans for planned in plan.variants])
    _write_branches(plans)
    _write_attributes(plans)
    _count(plans, run, by)
    for status in Product.Status.values:
        moved = [plan.product.pk for plan in plans if plan.status == status]
        publishing.move_all(moved, status)
    _note_prices(plans)
    photos.ask_for(plans, by=by)
    events.record_many(
        "product.imported",
        [(plan.product, {"run": run.pk, "is_new": plan.is_new, "line": plan.record.line}) for plan in plans],
        by=by,
    )


def _note_prices(plans: list[Plan]) -> None:
    """The history of public prices, where one changes; that of a new product begins when lists show it."""
    noted = [
        planned.variant.pk
        for plan in plans
        for planned in plan.variants
        if not planned.is_new
        and (plan.status or planned.changed & {"price_minor", "compare_at_minor", "is_active"})
    ]
    if noted:
        note_prices(noted)


def _write_products(plans: list[Plan]) -> None:
    Product.objects.bulk_create(plan.product for plan in plans if plan.is_new)
    for plan in plans:
        if not plan.is_new:
            plan.product.updated_at = timezone.now()
            plan.changed.add("updated_at")
    _update(Product, [(plan.product, plan.changed) for plan in plans if not plan.is_new])


def _write_options(plans: list[Plan]) -> None:
    options = [option for plan in plans for option in plan.options]
    values = [value for plan in plans for value in plan.values]
    Option.objects.bulk_create(option for option in options if not option.pk)
    _update(Option, [(option, {"must_choose"}) for option in options if option.pk])
    OptionValue.objects.bulk_create(value for value in values if not value.pk)
    _update(OptionValue, [(value, {"color"}) for value in values if value.pk])


def _write_variants(planned: list[VariantPlan]) -> None:
    new = [plan.variant for plan in planned if plan.is_new]
    Variant.objects.bulk_create(new)
    _update(Variant, [(plan.variant, plan.changed) for plan in planned if not plan.is_new])
    chosen = [plan for plan in planned if plan.values is not None]
    links = Variant.values.through
    links.objects.filter(variant__in=[plan.variant.pk for plan in chosen if not plan.is_new]).delete()
    links.objects.bulk_create(
        links(variant_id=plan.variant.pk, optionvalue_id=value.pk)
        for plan in chosen
        for value in plan.values or ()
    )


def _update(model: type[models.Model], rows: list[tuple[Any, set[str]]]) -> None:
    """Only the columns that change: somebody may be typing in the others."""
    groups: dict[frozenset[str], dict[int, models.Model]] = defaultdict(dict)
    for row, columns in rows:
        if columns:
            groups[frozenset(columns)][row.pk] = row
    for names, found in groups.items():
        model._default_manager.bulk_update(list(found.values()), sorted(names))


def _write_branches(plans: list[Plan]) -> None:
    links, tree = Product.categories.through, Tree()
    for plan in plans:
        if plan.leaves:
            links.objects.filter(product=plan.product.pk, category__in=plan.leaves).delete()
    links.objects.bulk_create(
        (
            links(product_id=plan.product.pk, category_id=tree.leaf(path))
            for plan in plans
            for path in dict.fromkeys(plan.branches)
        ),
        ignore_conflicts=True,
    )


def _write_attributes(plans: list[Plan]) -> None:
    named = {name for plan in plans for name in plan.attributes}
    if not named:
        return
    several = {name for plan in plans for name, values in plan.attributes.items() if len(values) > 1}
    attributes = _attributes(named, several)
    for plan in plans:
        if plan.attributes and not plan.is_new:
            gone = [attributes[name].pk for name in plan.attributes]
            ProductAttribute.objects.filter(product=plan.product.pk, attribute__in=gone).delete()
    choices = describing.choices_with(
        (attributes[name], value)
        for plan in plans
        for name, values in plan.attributes.items()
        for value in values
    )
    ProductAttribute.objects.bulk_create(
        (
            ProductAttribute(
                product_id=plan.product.pk,
                attribute=attributes[name],
                position=position,
                **parse(attributes[name], value, choices=choices[attributes[name].pk]),
            )
            for plan in plans
            for name, values in plan.attributes.items()
            for position, value in enumerate(values)
        ),
        ignore_conflicts=True,
    )


def _attributes(names: Iterable[str], several: Iterable[str]) -> dict[str, Attribute]:
    """By what the file calls them; those that are missing are made."""
    known = {attribute.code: attribute for attribute in Attribute.objects.all()}
    by_name = {attribute.name.lower(): attribute for attribute in known.values()}
    found = {}
    for name in sorted(names):
        plain = name.removeprefix("code:")
        attribute = known.get(plain) if name.startswith("code:") else by_name.get(plain.lower())
        if attribute is None:
            code = plain if name.startswith("code:") else _free_code(plain, known)
            attribute = Attribute.objects.create(
                code=code, name=plain.replace("-", " ").capitalize()[:60], is_multiple=name in several
            )
            known[code] = by_name[plain.lower()] = attribute
        found[name] = attribute
    return found


def _free_code(name: str, taken: Iterable[str]) -> str:
    plain, taken = slug_of(name, most=36, otherwise="attribute"), set(taken)
    return next(code for n in range(1, 1000) if (code := plain if n == 1 else f"{plain}-{n}") not in taken)


def _count(plans: list[Plan], run: ImportRun, by: Any) -> None:
    """Every new variant gets a shelf at every open place, then what the file counted is booked."""
    planned = [variant for plan in plans for variant in plan.variants]
    places = owning.places_by_seller({plan.product.seller_id for plan in plans})
    StockItem.objects.bulk_create(
        (
            StockItem(variant=planned.variant, location=place)
            for plan in plans
            for planned in plan.variants
            if planned.is_new
            for place in places[plan.product.seller_id]
        ),
        ignore_conflicts=True,
    )
    for is_new in (True, False):
        counted = {
            (plan.variant.pk, place): pieces
            for plan in planned
            if plan.is_new is is_new
            for place, pieces in plan.stock.items()
        }
        if counted:
            stock.count_all(counted, reason=f"import {run.pk}", by=by, tells=not is_new)
