"""Taxes, ways of delivery, checkouts. A shop that sells from Austria unless told otherwise."""

from collections.abc import Mapping
from decimal import Decimal

from cart.tests.factories import make_cart
from catalog.models import Variant
from checkout import filling, gift_cards
from checkout.models import (
    Checkout,
    GiftCard,
    ShippingMethod,
    ShippingRate,
    ShippingZone,
    TaxClass,
    TaxRate,
    TaxZone,
)
from checkout.quoting import quote
from checkout.starting import start_checkout

ADA = {
    "name": "Ada Lovelace",
    "street": "Stephansplatz 1",
    "postcode": "1010",
    "city": "Wien",
    "country": "AT",
}


def make_tax(country="AT", percent="20", *, region="", tax_class="standard", name="VAT", **over) -> TaxRate:
    """One rate, in the zone of that country, which is made if it is not there. Zone fields go in `over`."""
    zone_fields = {key: over.pop(key) for key in ("mode", "rounding", "is_eu") if key in over}
    code = f"{country}-{region}".lower().strip("-")
    zone, _made = TaxZone.objects.get_or_create(
        country=country, region=region, defaults={"code": code, "name": code.upper()} | zone_fields
    )
    kind, _made = TaxClass.objects.get_or_create(code=tax_class, defaults={"name": tax_class.title()})
    wanted = {"percent": Decimal(percent)} | over
    return TaxRate.objects.get_or_create(zone=zone, tax_class=kind, name=name, defaults=wanted)[0]


def make_zone(*countries: str, code="near") -> ShippingZone:
    """A delivery zone with Standard (4.90 up to 2 kg, 9.90 up to 10 kg, free from 60.00) and Express (14.90)."""
    zone, made = ShippingZone.objects.get_or_create(
        code=code, defaults={"name": code.title(), "countries": list(countries or ("AT", "DE"))}
    )
    if made:
        make_method(zone, prices={2000: 490, 10_000: 990}, free_from_minor=6000)
        make_method(zone, code="express", prices={10_000: 1490}, days_min=1, days_max=1, position=1)
    return zone


def make_method(zone, *, code="standard", prices: Mapping[int, int], **over) -> ShippingMethod:
    """`prices` is {up to: minor units}, by weight in grams unless `basis` says otherwise."""
    method = ShippingMethod.objects.create(zone=zone, code=code, **({"name": code.title()} | over))
    ShippingRate.objects.bulk_create(
        ShippingRate(method=method, up_to=grams, price_minor=price) for grams, price in prices.items()
    )
    return method


def make_checkout(
    lines: Mapping[Variant, int] | None = None,
    *,
    filled=True,
    user=None,
    email="ada@example.com",
    address: Mapping[str, str] | None = None,
    method: str = "standard",
    cart=None,
    language: str = "en",
) -> Checkout:
    """Started from a cart with {variant: quantity} and, unless `filled` is false, ready to be paid.

    Without a `method` no delivery is chosen. Taxes (20 % in Austria, 19 % in Germany) and a delivery zone for both are
    made if there are none.
    """
    make_tax("AT", "20", is_eu=True)
    make_tax("DE", "19", is_eu=True)
    make_zone()
    checkout = start_checkout(cart or make_cart(lines, user=user), user=user, language=language)
    if not filled:
        return checkout
    filling.set_contact(checkout, email=email, user=user)
    checkout = filling.set_address(checkout, address=ADA | dict(address or {}))
    if not method or not quote(checkout).needs_delivery:
        return checkout
    found = ShippingMethod.objects.offered_in(checkout.country).get(code=method)
    return filling.set_method(checkout, method=found)


def make_card(*, amount_minor: int = 5000, currency: str = "EUR", **over) -> tuple[GiftCard, str]:
    """A gift card that was handed over, and its code."""
    card = gift_cards.issue(amount_minor=amount_minor, currency=currency, **over)
    code = gift_cards.hand_over(card)
    card.refresh_from_db()
    return card, code
