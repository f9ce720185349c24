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
from catalog.importing import photos, questions, sales
from catalog.importing.branches import Tree
from catalog.importing.plans import Plan, VariantPlan
from catalog.importing.texts import slug_of
from catalog.models import (
    Attribute,
    CustomField,
    ImportItem,
    ImportRun,
    Product,
    ProductAttribute,
    ProductType,
    Variant,
)
from catalog.prices.noting import note_prices
from catalog.products import owning
from catalog.products.kinds import parse
from shop.core import events, many
from shop.core.models import Shop


def write(plans: Iterable[Plan], *, run: ImportRun, by: Any = None) -> None:
    """All plans that are to create or change something."""
    plans = [
        plan for plan in plans if plan.outcome in (ImportItem.Outcome.CREATED, ImportItem.Outcome.CHANGED)
    ]
    if not plans:
        return
    _write_types(plans)
    _write_products(plans)
    _write_questions(plans)
    _write_options(plans)
    _write_variants([planned for plan in plans for planned in plan.variants])
    _write_branches(plans)
    _write_attributes(plans)
    sales.write(plans, currency=Shop.current().currency, by=by)
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


def _write_types(plans: list[Plan]) -> None:
    """Types that are missing are made; which attributes they have is said here."""
    for plan in plans:
        if plan.type_name and plan.product.type_id is None:
            plan.product.type = ProductType.objects.get_or_create(name=plan.type_name)[0]


def _write_questions(plans: list[Plan]) -> None:
    asked = [plan for plan in plans if plan.questions is not None]
    CustomField.objects.filter(product__in=[plan.product.pk for plan in asked]).delete()
    rows = [
        (plan, questions.row_of(given, position))
        for plan in asked
        for position, given in enumerate(plan.questions or ())
    ]
    for plan, row in rows:
        row.product = plan.product
    many.insert(row for _plan, row in rows)


def _write_products(plans: list[Plan]) -> None:
    many.insert(plan.product for plan in plans if plan.is_new)
    for plan in plans:
        if not plan.is_new:
            plan.product.updated_at = timezone.now()
            plan.changed.add("updated_at")
    _update([(plan.product, plan.changed) for plan in plans if not plan.is_new])


def _write_options(plans: list[Plan]) -> None:
    options = [option for plan in plans for option in plan.options]
    values = [value for plan in plans for value in plan.values]
    old, old_values = [row for row in options if row.pk], [row for row in values if row.pk]
    many.insert(option for option in options if not option.pk)
    many.insert(value for value in values if not value.pk)
    _update([(option, {"must_choose"}) for option in old])
    _update([(value, {"color"}) for value in old_values])


def _write_variants(planned: list[VariantPlan]) -> None:
    new = [plan.variant for plan in planned if plan.is_new]
    many.insert(new)
    _update([(plan.variant, plan.changed) for plan in planned if not plan.is_new])
    chosen = [plan for plan in planned if plan.values is not None]
    links = Variant.values.through
    links.objects.filter(variant__in=[plan.variant.pk for plan in chosen if not plan.is_new]).delete()
    many.insert(
        links(variant_id=plan.variant.pk, optionvalue_id=value.pk)
        for plan in chosen
        for value in plan.values or ()
    )


def _update(rows: list[tuple[Any, set[str]]]) -> None:
    """Only the columns that change: somebody may be typing in the others."""
    groups: dict[frozenset[str], dict[int, models.Model]] = defaultdict(dict)
    for row, columns in rows:
        if columns:
            groups[frozenset(columns)][row.pk] = row
    for names, found in groups.items():
        many.update(list(found.values()), names)


def _write_branches(plans: list[Plan]) -> None:
    links, tree = Product.categories.through, Tree()
    for plan in plans:
        if plan.leaves:
            links.objects.filter(product=plan.product.pk, category__in=plan.leaves).delete()
    placed = [
        (plan.is_new, links(product_id=plan.product.pk, category_id=leaf))
        for plan in plans
        for leaf in {tree.leaf(path) for path in plan.branches}
    ]
    many.insert(link for is_new, link in placed if is_new)
    links.objects.bulk_create((link for is_new, link in placed if not is_new), ignore_conflicts=True)


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
    places = owning.places_by_seller({plan.product.seller_id for plan in plans})
    opened = {
        (planned.variant.pk, place): planned.stock.get(place, 0)
        for plan in plans
        if plan.product.kind == Product.Kind.GOODS
        for planned in plan.variants
        if planned.is_new
        for place in {place.pk: place for place in places[plan.product.seller_id]} | planned.stock
    }
    stock.open_shelves(opened, reason=f"import {run.pk}", by=by)
    counted = {
        (planned.variant.pk, place): pieces
        for plan in plans
        for planned in plan.variants
        if not planned.is_new
        for place, pieces in planned.stock.items()
    }
    if counted:
        stock.count_all(counted, reason=f"import {run.pk}", by=by)
