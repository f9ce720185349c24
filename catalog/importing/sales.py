"""Sale prices that hold for a time, as WooCommerce has them, become price lists: one for each period, found again by its
name, so that a file that comes twice changes nothing. They begin and end by themselves, and show the regular price beside
them. Prices that a file no longer names stay: whoever wants them gone ends the list.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from catalog.importing.known import Known
from catalog.importing.plans import Plan, VariantPlan
from catalog.importing.records import SaleRecord
from catalog.models import ListPrice, PriceList
from catalog.prices import editing
from catalog.prices.noting import note_prices


def between(minor: int, first: date | None, last: date | None) -> SaleRecord:
    """From the first moment of the first day to the last moment of the last one, by the shop's clock."""
    after = last + timedelta(days=1) if last else None
    return SaleRecord(minor, _midnight(first), _midnight(after))


def name_of(sale: SaleRecord) -> str:
    """ "Sale 2026-12-01 to 2026-12-24"; open sides are dots."""
    last = sale.ends_at - timedelta(days=1) if sale.ends_at else None
    days = [f"{timezone.localtime(day):%Y-%m-%d}" if day else "…" for day in (sale.starts_at, last)]
    return f"Sale {' to '.join(days)}"


def look_up(known: Known, sales: Iterable[SaleRecord]) -> None:
    """What these sales ask for already, of the variants that are known."""
    names = {name_of(sale) for sale in sales}
    if not names:
        return
    pks = [variant.pk for variant in known.by_sku.values()]
    rows = ListPrice.objects.filter(price_list__name__in=names, variant__in=pks, from_quantity=1)
    for variant, name, minor in rows.values_list("variant_id", "price_list__name", "price_minor"):
        known.sales[variant, name] = minor


def plan(made: Plan, planned: VariantPlan, known: Known) -> None:
    sale = planned.record.sale
    if sale is None:
        return
    name = name_of(sale)
    before = known.sales.get((planned.variant.pk, name)) if planned.variant.pk else None
    if before == sale.minor:
        return
    planned.sale = sale
    if not made.is_new:
        made.change(f"{planned.record.sku}: {name}", before, sale.minor)


def write(plans: Iterable[Plan], *, currency: str, by: Any = None) -> None:
    """Must be called in a transaction, when the variants are stored."""
    found: dict[SaleRecord, list[VariantPlan]] = defaultdict(list)
    for plan in plans:
        for planned in plan.variants:
            if sale := planned.sale:
                found[SaleRecord(0, sale.starts_at, sale.ends_at)].append(planned)
    for period, variants in found.items():
        price_list = _list_of(period, currency=currency, by=by)
        ListPrice.objects.bulk_create(
            [
                ListPrice(price_list=price_list, variant=planned.variant, price_minor=planned.sale.minor)
                for planned in variants
                if planned.sale
            ],
            update_conflicts=True,
            unique_fields=["price_list", "variant", "from_quantity"],
            update_fields=["price_minor"],
        )
        note_prices(planned.variant.pk for planned in variants if not planned.is_new)


def _list_of(period: SaleRecord, *, currency: str, by: Any) -> PriceList:
    said = {"currency": currency, "is_sale": True, "starts_at": period.starts_at, "ends_at": period.ends_at}
    found, is_new = PriceList.objects.get_or_create(name=name_of(period), defaults=said)
    if is_new:
        editing.note_change(found, by=by)
    return found


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) if day else None
