"""Standard VAT rates from the package eu-vat-rates-data, which takes them from the European Commission's database (TEDB).

Only what changes is touched: the rate that holds is ended the day before, a new one begins. A zone that is missing is made.
Reduced rates have no meaning without the goods they are for, so they are only compared: one of ours that its country does
not know (any more) is reported, and left to a person. Rates that differ by a name of their own are nobody's business here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from checkout.models import TaxClass, TaxRate, TaxZone

STANDARD, NAME = "standard", "VAT"


@dataclass(frozen=True)
class Finding:
    """What is, or would be, done about a country. `action`: new, changed, same, look."""

    country: str
    action: str
    words: str
    percent: Decimal | None = None


def known_rates() -> dict[str, dict[str, Any]]:
    """{country: its rates}, of the data that is installed; Greece as GR."""
    import eu_vat_rates_data

    found = eu_vat_rates_data.get_all_rates()
    return {"GR" if code == "EL" else code: dict(rates) for code, rates in found.items()}


def compare(
    known: Mapping[str, Mapping[str, Any]], *, on: date, countries: Iterable[str] = ()
) -> list[Finding]:
    """What would change from the day `on`. Changes nothing. Without `countries`, those of the EU and those we have."""
    zones = {zone.country: zone for zone in TaxZone.objects.filter(region="", postcodes=[])}
    wanted = set(countries) or {code for code, rates in known.items() if rates["eu_member"]} | set(zones)
    ours = _holding(on)
    found: list[Finding] = []
    for country in sorted(wanted & set(known)):
        held = {code: percents for (land, code), percents in ours.items() if land == country}
        found += _country(country, known[country], held, has_zone=country in zones)
    return found


@transaction.atomic
def apply(
    known: Mapping[str, Mapping[str, Any]], *, on: date, countries: Iterable[str] = ()
) -> list[Finding]:
    """Carry out what `compare` finds; twice does no more than once."""
    found = compare(known, on=on, countries=countries)
    for finding in found:
        if finding.action in ("new", "changed"):
            assert finding.percent is not None
            _set(finding.country, finding.percent, on=on, is_eu=bool(known[finding.country]["eu_member"]))
    return found


def _holding(on: date) -> dict[tuple[str, str], list[Decimal]]:
    """{(country, tax class): percents on that day}"""
    rates = TaxRate.objects.filter(zone__region="", zone__postcodes=[], valid_from__lte=on)
    rates = rates.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    found: dict[tuple[str, str], list[Decimal]] = {}
    for country, code, percent in rates.values_list("zone__country", "tax_class__code", "percent"):
        found.setdefault((country, code), []).append(percent)
    return found


def _country(
    country: str, rates: Mapping[str, Any], held: Mapping[str, list[Decimal]], *, has_zone: bool
) -> list[Finding]:
    official = _decimal(rates["standard"])
    ours = held.get(STANDARD, [])
    if ours == [official]:
        found = [Finding(country, "same", f"standard {_said(official)}")]
    elif ours:
        was = " + ".join(_said(percent) for percent in ours)
        found = [Finding(country, "changed", f"standard {was} → {_said(official)}", official)]
    else:
        words = f"standard {_said(official)}" + ("" if has_zone else ", in a zone that is made")
        found = [Finding(country, "new", words, official)]
    lower = {_decimal(rates[name]) for name in ("super_reduced", "parking") if rates.get(name) is not None}
    lower |= {_decimal(percent) for percent in rates["reduced"]} | {official, Decimal(0)}
    for code, percents in held.items():
        strange = [percent for percent in percents if code != STANDARD and percent not in lower]
        found += [
            Finding(country, "look", f"class {code} has {_said(percent)}, which this country does not know")
            for percent in strange
        ]
    return found


def _set(country: str, percent: Decimal, *, on: date, is_eu: bool) -> None:
    """From `on` this is the standard rate. What was planned for later gives way."""
    zone, _made = TaxZone.objects.get_or_create(
        country=country,
        region="",
        postcodes=[],
        defaults={"code": country.lower(), "name": country, "is_eu": is_eu},
    )
    standard, _made = TaxClass.objects.get_or_create(code=STANDARD, defaults={"name": "Standard"})
    held = TaxRate.objects.filter(zone=zone, tax_class=standard)
    held.filter(valid_from__gte=on).delete()
    held.filter(Q(valid_to=None) | Q(valid_to__gte=on)).update(valid_to=on - timedelta(days=1))
    name = held.order_by("-valid_from").values_list("name", flat=True).first() or NAME
    TaxRate.objects.create(zone=zone, tax_class=standard, name=name, percent=percent, valid_from=on)


def _decimal(percent: float | str) -> Decimal:
    """The data has floats: 5.5 is meant, not what a float makes of it."""
    return Decimal(str(percent))


def _said(percent: Decimal) -> str:
    return f"{percent.normalize():f} %"
