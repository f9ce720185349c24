"""What FedEx checks in a request, with its error bodies."""

import re
import uuid

from . import prices, tokens
from .store import Store
from .wire import Call, Problem, Reply, dig, text

REGION_REQUIRED = {"US", "CA"}


def answer(output: dict) -> Reply:
    """FedEx compresses whatever it sends, asked for or not."""
    return Reply(200, {"transactionId": str(uuid.uuid4()), "output": output}, packed=True)


def error(status: int, code: str, message: str) -> Problem:
    errors = [{"code": code, "message": message}]
    return Problem(Reply(status, {"transactionId": str(uuid.uuid4()), "errors": errors}, packed=True))


def check_token(store: Store, call: Call, *, scope: str) -> None:
    """Ship and track are two projects at FedEx: the token of one does not open the other."""
    found = tokens.scope_of(store, call.bearer())
    if not found:
        raise error(
            401, "NOT.AUTHORIZED.ERROR", "Access token expired. Please modify your request and try again."
        )
    if found != scope:
        raise error(403, "FORBIDDEN.ERROR", "We could not authorize your credentials.")


def body_of(call: Call) -> dict:
    found = call.json()
    if not found:
        raise error(400, "INVALID.INPUT.EXCEPTION", "Invalid JSON input.")
    return found


def check_account(body: dict) -> None:
    if text(body, "accountNumber.value") != tokens.FEDEX_ACCOUNT:
        raise error(400, "ACCOUNT.NUMBER.INVALID", "Invalid account number.")


def address(data: object, *, who: str) -> dict:
    """The party as the simulator keeps it. Rates need no name and no street, shipments do (`check_contact`)."""
    where, contact = dig(data, "address"), dig(data, "contact")
    party: dict = {
        "name": text(contact, "personName"),
        "company": text(contact, "companyName"),
        "lines": [str(line).strip() for line in dig(where, "streetLines") or [] if str(line).strip()],
        "city": text(where, "city"),
        "region": text(where, "stateOrProvinceCode"),
        "postcode": text(where, "postalCode"),
        "country": text(where, "countryCode").upper(),
    }
    if not re.fullmatch("[A-Z]{2}", party["country"]):
        raise error(400, f"{who}.COUNTRY.INVALID", "Invalid country code.")
    if not party["postcode"] and party["country"] != "IE":
        raise error(400, f"{who}.POSTALCODE.INVALID", "Invalid postal code.")
    if party["country"] in REGION_REQUIRED and not party["region"]:
        raise error(400, f"{who}.STATEORPROVINCECODE.INVALID", "Invalid state or province code.")
    return party


def check_contact(data: object, party: dict, *, who: str) -> None:
    """A label needs somebody with a phone, at a street in a town."""
    if not (party["name"] or party["company"]):
        raise error(400, f"{who}.CONTACTANDCOMPANY.REQUIRED", "A person or company name is required.")
    if not re.search(r"\d{3}", text(data, "contact.phoneNumber")):
        raise error(400, f"{who}.PHONENUMBER.REQUIRED", "A phone number is required.")
    if not party["lines"] or len(party["lines"]) > 3 or any(len(line) > 35 for line in party["lines"]):
        raise error(400, f"{who}.STREETLINE.INVALID", "Street lines: one to three, of at most 35 characters.")
    if not party["city"]:
        raise error(400, f"{who}.CITY.INVALID", "Invalid city.")


def grams(data: dict) -> int:
    unit, value = text(data, "weight.units"), dig(data, "weight.value")
    weight = value * {"KG": 1000, "LB": 453.59237}.get(unit, 0) if isinstance(value, int | float) else 0
    if weight <= 0:
        raise error(400, "REQUESTEDPACKAGELINEITEMS.WEIGHT.INVALID", "Package weight is missing or invalid.")
    if weight > prices.MAX_GRAMS:
        raise error(400, "PACKAGE.WEIGHT.EXCEEDED", "Package weight exceeds the limit of the service.")
    return round(weight)


def service(code: str, sender: dict, recipient: dict, shipment: dict) -> prices.Offer:
    offers = prices.FEDEX[prices.lane(sender["country"], recipient["country"])]
    found = next((offer for offer in offers if offer.code == code), None)
    if found is None:
        raise error(400, "SERVICE.PACKAGECOMBINATION.INVALID", "This service is not available on this lane.")
    goods = dig(shipment, "customsClearanceDetail.commodities")
    fields = ("description", "countryOfManufacture", "customsValue.amount", "quantity")
    told = bool(goods) and all(text(line, field) for line in goods for field in fields)
    if prices.crosses_customs(sender["country"], recipient["country"]) and not told:
        raise error(400, "COMMODITIES.MISSING", "International shipments need a description of the goods.")
    return found
