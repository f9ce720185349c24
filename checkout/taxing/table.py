"""The shop's own rates: which zone an address lies in, and whether this buyer is asked for the tax at all.

The narrowest zone wins: the longest matching postcode prefix, then the region, then the country. In a region that taxes by
origin, a shop of that region charges its own place's rates. Within the EU a business of another member state whose VAT id is
good pays no VAT here; a small seller (below the EU's threshold for distance sales) charges its home rates to consumers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils import timezone

from checkout.models import TaxExemption, TaxRate, TaxZone
from checkout.taxing.base import EXEMPT, INTRA_COMMUNITY, REVERSE_CHARGE, Kind, Place, Rate, Taxation
from shop.core.models import Shop


@dataclass(frozen=True)
class Buyer:
    """What the tax depends on beside the address: where the bill goes, a VAT id that counts, whose certificates hold.

    `bill_country` is empty where the bill goes where the goods go; `vat_id` is empty unless it is good.
    """

    bill_country: str = ""
    bill_region: str = ""
    bill_postcode: str = ""
    vat_id: str = ""
    user_id: int | None = None


NOBODY = Buyer()


@dataclass(frozen=True)
class Spot:
    """A point on the map, as far as taxes look."""

    country: str
    region: str = ""
    postcode: str = ""
    _plain: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_plain", self.postcode.replace(" ", "").upper())

    def distance(self, zone: TaxZone) -> tuple[int, bool] | None:
        """How narrowly the zone fits, the greater the narrower; None: it does not."""
        if zone.country != self.country or zone.region not in ("", self.region):
            return None
        fitting = [len(prefix) for prefix in zone.postcodes if self._plain.startswith(prefix)]
        if zone.postcodes and not fitting:
            return None
        return max(fitting, default=0), bool(zone.region)


def taxation_for(
    country: str, region: str = "", postcode: str = "", *, on: date, buyer: Buyer = NOBODY
) -> Taxation:
    """How goods sent to `country` (and `region`, as its postal code names it) are taxed on the day `on`.

    Three queries, one more for a buyer who is signed in.
    """
    shop = Shop.current()
    here, there = Spot(shop.country, shop.region, shop.postcode), Spot(country, region, postcode)
    bill = Spot(buyer.bill_country, buyer.bill_region, buyer.bill_postcode) if buyer.bill_country else there
    zones = _zones({here, there, bill}, on=on)
    untaxed = Place(is_inclusive=shop.prices_include_tax, rounds_lines=True, rates={})
    home = _place(_narrowest(zones, here)) or untaxed
    goods, digital = (_taxed_at(zones, spot, here=here, home=home) for spot in (there, bill))
    relief = _exemption(buyer, there, on=on) or {}
    if not relief and buyer.vat_id:
        relief = _business(buyer.vat_id, shop, home, goods=(there, goods), digital=(bill, digital))
    if shop.taxes_eu_at_home and not buyer.vat_id:
        goods, digital = (home if place and place.is_eu else place for place in (goods, digital))
    return Taxation(home, goods, shop.prices_include_tax, digital=digital, relief=relief)


def _zones(spots: Iterable[Spot], *, on: date) -> list[TaxZone]:
    valid = TaxRate.objects.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    wanted = Q(pk=None)
    for spot in spots:
        wanted |= Q(country=spot.country, region__in={"", spot.region})
    rates = Prefetch("rates", valid.select_related("tax_class").order_by("pk"))
    return list(TaxZone.objects.filter(wanted).prefetch_related(rates))


def _narrowest(zones: Iterable[TaxZone], spot: Spot) -> TaxZone | None:
    fitting = [(fit, zone) for zone in zones if (fit := spot.distance(zone)) is not None]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


def _taxed_at(zones: list[TaxZone], spot: Spot, *, here: Spot, home: Place) -> Place | None:
    """Where no zone is known it is an export, but for the shop's own country."""
    zone = _narrowest(zones, spot)
    if zone is None:
        return home if spot.country == here.country else None
    if zone.sourcing == TaxZone.Sourcing.ORIGIN and (spot.country, spot.region) == (
        here.country,
        here.region,
    ):
        return home
    return _place(zone)


def _place(zone: TaxZone | None) -> Place | None:
    """None for a zone that is outside of any tax area of ours."""
    if zone is None or zone.mode == TaxZone.Mode.OUTSIDE:
        return None
    rates: dict[str, tuple[Rate, ...]] = {}
    for rate in zone.rates.all():
        rates[rate.tax_class.code] = (*rates.get(rate.tax_class.code, ()), Rate(rate.name, rate.percent))
    return Place(
        is_inclusive=zone.mode == TaxZone.Mode.INCLUSIVE,
        rounds_lines=zone.rounding == TaxZone.Rounding.LINE,
        rates=rates,
        is_eu=zone.is_eu,
        taxes_delivery=zone.taxes_delivery,
    )


def _exemption(buyer: Buyer, there: Spot, *, on: date) -> dict[Kind, str]:
    """A certificate of one of the buyer's groups, for the place and the day."""
    if buyer.user_id is None:
        return {}
    holds = TaxExemption.objects.holding(on).filter(group__members=buyer.user_id)
    here = holds.filter(country__in=["", there.country], region__in=["", there.region])
    return {Kind.GOODS: EXEMPT, Kind.DIGITAL: EXEMPT} if here.exists() else {}


def _business(
    vat_id: str,
    shop: Shop,
    home: Place,
    *,
    goods: tuple[Spot, Place | None],
    digital: tuple[Spot, Place | None],
) -> dict[Kind, str]:
    """What a business with this VAT id need not pay: what goes from one member state to another.

    The id must be of another member state than the one the goods leave from (Article 138).
    """
    if not home.is_eu or vat_id[:2] == ("EL" if shop.country == "GR" else shop.country):
        return {}
    found = {}
    for kind, (spot, place), reason in (
        (Kind.GOODS, goods, INTRA_COMMUNITY),
        (Kind.DIGITAL, digital, REVERSE_CHARGE),
    ):
        if place is not None and place.is_eu and spot.country != shop.country:
            found[kind] = reason
    return found


def tax_in_prices(tax_class: str) -> Decimal:
    """How much tax the shop's prices contain at home, in per cent; 0 where they contain none."""
    taxation = taxation_for(Shop.current().country, on=timezone.localdate())
    return taxation.home.percent(tax_class) if taxation.home.is_inclusive else Decimal(0)
