"""What an import will do to the choices, the variants and the stock of one product."""

from typing import Any

from django.utils.translation import gettext as _

from catalog.importing import sales
from catalog.importing.known import Known
from catalog.importing.parsing import join
from catalog.importing.plans import Plan, VariantPlan
from catalog.importing.records import OptionRecord, VariantRecord
from catalog.models import ImportRun, Option, OptionValue, Product, StockLocation, Variant
from shop.core.currency import exponent

MONEY = {
    "price_minor": "price",
    "compare_at_minor": "compare_at_price",
    "cost_minor": "cost",
    "floor_minor": "floor_price",
}

Choices = dict[str, dict[str, OptionValue]]  # {option: {value: row}}


def plan(made: Plan, known: Known, *, run: ImportRun, currency: str) -> None:
    choices = _plan_options(made, known)
    seen: set[str] = set()
    for record in made.record.variants:
        if record.sku in seen:
            made.record.refuse(
                _("The SKU %(sku)s stands here twice.") % {"sku": record.sku}, line=record.line
            )
        seen.add(record.sku)
        planned = _plan_variant(made, record, known, currency)
        _plan_choices(made, planned, choices, known)
        _plan_stock(made, planned, known, run)
        _plan_parts(made, planned, known)
        sales.plan(made, planned, known)
        made.variants.append(planned)


def _plan_options(made: Plan, known: Known) -> Choices:
    """New and changed options and values; returns all there will be."""
    there = (
        {option.name: option for option in known.options.get(made.product.pk, ())} if made.product.pk else {}
    )
    choices: Choices = {}
    for position, record in enumerate(made.record.options):
        option = there.get(record.name)
        if option is None:
            option = Option(
                product=made.product, name=record.name, position=max(position, len(there)), must_choose=False
            )
            made.options.append(option)
        if record.must_choose is not None and option.must_choose != record.must_choose:
            _alter(made, option, "must_choose", record.must_choose, f"{option.name}: must_choose")
        choices[record.name] = _plan_values(made, option, record, known)
    return choices


def _plan_values(made: Plan, option: Option, record: OptionRecord, known: Known) -> dict[str, OptionValue]:
    rows = {value.name: value for value in known.values.get(option.pk, ())} if option.pk else {}
    for position, name in enumerate(dict.fromkeys(record.values)):
        row = rows.get(name)
        if row is None:
            row = rows[name] = OptionValue(
                option=option, name=name, position=position if not option.pk else len(rows)
            )
            made.values.append(row)
            if not made.is_new:
                made.change(record.name, "", name)
        if len(name) > 60:
            made.record.refuse(_("A value has at most 60 characters."), column=record.name)
        color = (record.colors or {}).get(name, row.color)
        if color != row.color:
            _alter(made, row, "color", color, f"{record.name}, {name}: colour")
    return rows


def _alter(made: Plan, row: Option | OptionValue, column: str, value: Any, what: str) -> None:
    if row.pk:
        made.change(what, getattr(row, column), value)
    setattr(row, column, value)
    rows: list[Any] = made.options if isinstance(row, Option) else made.values
    if row not in rows and row.pk:
        rows.append(row)


def _plan_variant(made: Plan, record: VariantRecord, known: Known, currency: str) -> VariantPlan:
    variant = known.by_sku.get(record.sku)
    is_new = variant is None
    if variant is None:
        variant = Variant(product=made.product, sku=record.sku, currency=currency)
        if "price_minor" not in record.values:
            made.record.refuse(
                _("The new variant %(sku)s needs a price.") % {"sku": record.sku}, line=record.line
            )
        if not made.is_new:
            made.change("sku", "", record.sku)
    planned = VariantPlan(record, variant, is_new)
    for name, value in record.values.items():
        before = getattr(variant, name)
        if before == value:
            continue
        setattr(variant, name, value)
        if not is_new:
            planned.changed.add(name)
            what = f"{record.sku}: {MONEY.get(name, name)}"
            made.change(what, _amount(name, before, currency), _amount(name, value, currency))
    _check_former(made, planned)
    return planned


def _amount(name: str, value: Any, currency: str) -> Any:
    if name not in MONEY or value is None:
        return value
    digits = exponent(currency)
    return f"{value / 10**digits:.{digits}f}"


def _check_former(made: Plan, planned: VariantPlan) -> None:
    was, price = planned.variant.compare_at_minor, planned.variant.price_minor
    if was is not None and price is not None and was <= price:
        made.record.refuse(_("The former price must be above the price."), line=planned.record.line)


def _plan_choices(made: Plan, planned: VariantPlan, choices: Choices, known: Known) -> None:
    if planned.record.choices is None:
        return
    wanted = [choices[name][value] for name, value in planned.record.choices.items()]
    now = known.choices.get(planned.variant.pk, set()) if planned.variant.pk else set()
    if not planned.is_new and {row.pk for row in wanted} == now:
        return
    title = " / ".join(row.name for row in wanted)[:150]
    planned.values = wanted
    if not planned.is_new:
        made.change(f"{planned.record.sku}: choices", planned.variant.title, title)
    if planned.variant.title != title:
        planned.variant.title = title
        planned.changed.add("title")


def _plan_parts(made: Plan, planned: VariantPlan, known: Known) -> None:
    """Put together when all variants are here."""
    wanted = planned.record.parts
    now = known.parts.get(planned.variant.pk, []) if planned.variant.pk else []
    if wanted is None or wanted == now:
        return
    made.later.setdefault("parts", {})[planned.record.sku] = wanted
    if not made.is_new:
        told = [join(f"{pieces} × {sku}" for sku, pieces in parts) for parts in (now, wanted)]
        made.change(f"{planned.record.sku}: parts", *told)


def _plan_stock(made: Plan, planned: VariantPlan, known: Known, run: ImportRun) -> None:
    if made.product.kind != Product.Kind.GOODS:
        if any(planned.record.stock.values()):
            words = {"sku": planned.record.sku, "kind": made.product.get_kind_display()}
            text = _("%(sku)s is not kept in stock: %(kind)s.")
            made.record.note(text % words, line=planned.record.line)
        return
    for code, counted in planned.record.stock.items():
        place = known.locations.get(code) if code else run.location
        if place is None:
            made.record.refuse(_no_place(code), line=planned.record.line)
        elif not known.may_lie(made.product, place):
            message = _("What this seller sells does not lie at “%(place)s”.")
            made.record.refuse(message % {"place": place}, line=planned.record.line)
        elif run.seller_id is not None and place.seller_id != run.seller_id:
            message = _("What lies at “%(place)s” is counted by the shop.")
            made.record.note(message % {"place": place}, line=planned.record.line)
        else:
            _plan_count(made, planned, place, counted, known)


def _plan_count(made: Plan, planned: VariantPlan, place: StockLocation, counted: int, known: Known) -> None:
    item = known.stock.get((planned.variant.pk, place.pk)) if planned.variant.pk else None
    on_hand = item.on_hand if item else 0
    if counted == on_hand:
        return
    if item and counted < item.reserved:
        message = _("%(count)s pieces of %(sku)s are promised to customers; on hand cannot go below that.")
        made.record.refuse(
            message % {"count": item.reserved, "sku": planned.record.sku}, line=planned.record.line
        )
    planned.stock[place.pk] = counted
    if not made.is_new:
        made.change(f"{planned.record.sku}: stock at {place.code}", on_hand, counted)


def _no_place(code: str) -> str:
    if not code:
        return _("The shop has no place of stock yet: add one first.")
    return _("There is no place of stock “%(code)s”.") % {"code": code}
