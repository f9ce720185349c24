"""What UPS checks in a request, with its error bodies."""

import re

from . import prices
from .wire import Call, Problem, Reply, dig, text

REGION_REQUIRED = {"US", "CA", "IE"}
MAX_LINE = 35


def error(status: int, code: str, message: str) -> Problem:
    return Problem(Reply(status, {"response": {"errors": [{"code": code, "message": message}]}}))


def required(call: Call, path: str, *, code: str, what: str) -> dict:
    """The container at `path`, which must be there."""
    body = call.json()
    if body is None:
        raise error(400, "9100020", "The request body is not valid JSON")
    found = dig(body, path)
    if not isinstance(found, dict) or not found:
        raise error(400, code, f"Missing or invalid {what}")
    return found


def address(shipment: dict, who: str, *, named: bool = True) -> dict:
    """The party as the simulator keeps it. A label needs name, street and town; for a rate, country and postcode do."""
    family = {"Shipper": "1201", "ShipTo": "1202"}[who]
    where = dig(shipment, f"{who}.Address")
    lines = dig(where, "AddressLine")
    lines = [
        str(line).strip()
        for line in ([lines] if isinstance(lines, str) else lines or [])
        if str(line).strip()
    ]
    party: dict = {
        "name": text(shipment, f"{who}.AttentionName"),
        "company": text(shipment, f"{who}.Name"),
        "lines": lines,
        "city": text(where, "City"),
        "region": text(where, "StateProvinceCode"),
        "postcode": text(where, "PostalCode"),
        "country": text(where, "CountryCode").upper(),
    }
    if (named and not party["company"]) or len(party["company"]) > MAX_LINE:
        raise error(400, family + "01", f"Missing or invalid {who} company name")
    if (named and not lines) or len(lines) > 3 or any(len(line) > MAX_LINE for line in lines):
        raise error(400, family + "02", f"Missing or invalid {who} AddressLine")
    if named and not party["city"]:
        raise error(400, family + "05", f"Missing or invalid {who} city")
    if not re.fullmatch("[A-Z]{2}", party["country"]):
        raise error(400, family + "08", f"Missing or invalid {who} country or territory code")
    if party["country"] in REGION_REQUIRED and not party["region"]:
        raise error(400, family + "06", f"Missing or invalid {who} state province code")
    if not _postcode_fits(party):
        raise error(400, family + "07", f"Missing or invalid {who} postal code")
    return party


def grams(shipment: dict) -> int:
    """The weight of the one package, read in the unit that came with it."""
    unit = text(shipment, "Package.PackageWeight.UnitOfMeasurement.Code")
    try:
        weight = float(text(shipment, "Package.PackageWeight.Weight"))
    except ValueError:
        weight = 0.0
    grams = round(weight * {"KGS": 1000, "LBS": 453.59237}.get(unit, 0))
    if grams <= 0:
        raise error(400, "120500", "Missing or invalid package weight")
    if grams > prices.MAX_GRAMS:
        raise error(400, "120509", "Package exceeds the maximum allowable weight.")
    return grams


def service(shipment: dict, sender: dict, recipient: dict) -> prices.Offer:
    offers = prices.UPS[prices.lane(sender["country"], recipient["country"])]
    code = text(shipment, "Service.Code")
    found = next((offer for offer in offers if offer.code == code), None)
    if found is None:
        raise error(400, "121210", "The requested service is unavailable between the selected locations.")
    if prices.crosses_customs(sender["country"], recipient["country"]):
        _check_declaration(shipment)
    return found


def _check_declaration(shipment: dict) -> None:
    """Words about the shipment, a commercial invoice with its products, and nobody billed without an account."""
    products = dig(shipment, "ShipmentServiceOptions.InternationalForms.Product") or []
    fields = ("Description", "OriginCountryCode", "Unit.Value", "Unit.Number")
    if not text(shipment, "Description") or not products:
        raise error(400, "120921", "International shipments need a description of the goods.")
    if not all(text(product, field) for product in products for field in fields):
        raise error(400, "128044", "Missing or invalid product on the commercial invoice.")
    for charge in dig(shipment, "PaymentInformation.ShipmentCharge") or []:
        if not any(text(charge, f"{who}.AccountNumber") for who in ("BillShipper", "BillReceiver")):
            raise error(400, "120402", "Missing or invalid account number of the payer.")


def _postcode_fits(party: dict) -> bool:
    shape = {"US": r"\d{5}(-?\d{4})?", "DE": r"\d{5}", "AT": r"\d{4}", "CH": r"\d{4}", "FR": r"\d{5}"}
    return bool(re.fullmatch(shape.get(party["country"], ".{0,10}"), party["postcode"]))
