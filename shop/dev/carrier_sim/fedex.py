"""FedEx: token, rates, label, cancellation. Shapes: FedEx's published REST APIs (OAuth, Rate, Ship)."""

import base64
import time
from datetime import UTC, datetime

from . import label, numbers, prices, tokens
from .fedex_reading import (
    address,
    answer,
    body_of,
    check_account,
    check_contact,
    check_token,
    error,
    grams,
    service,
)
from .store import Parcel, Store
from .wire import Call, Reply, dig, text

TOKEN_SECONDS = 3599


def token(store: Store, call: Call) -> Reply:
    """Client credentials as form fields; the tracking project has credentials of its own."""
    form = call.form()
    client = (form.get("client_id", ""), form.get("client_secret", ""))
    scopes = {tokens.FEDEX_SHIP_CLIENT: "fedex-ship", tokens.FEDEX_TRACK_CLIENT: "fedex-track"}
    if form.get("grant_type") != "client_credentials" or client not in scopes:
        raise error(401, "NOT.AUTHORIZED.ERROR", "The given client credentials were not valid.")
    issued = tokens.issue(store, scope=scopes[client], seconds=TOKEN_SECONDS)
    kind = "bearer"  # in lower case, which UPS writes in upper
    return Reply(
        200, {"access_token": issued, "token_type": kind, "expires_in": TOKEN_SECONDS, "scope": "CXS"}
    )


def rates(store: Store, call: Call) -> Reply:
    """Every service on the lane. Amounts are JSON numbers, as FedEx sends them."""
    check_token(store, call, scope="fedex-ship")
    body = body_of(call)
    check_account(body)
    shipment = dig(body, "requestedShipment") or {}
    sender = address(dig(shipment, "shipper"), who="SHIPPER")
    recipient = address(dig(shipment, "recipient"), who="RECIPIENT")
    weight = sum(grams(item) for item in dig(shipment, "requestedPackageLineItems") or [{}])
    offers = prices.FEDEX[prices.lane(sender["country"], recipient["country"])]
    money = prices.currency(sender["country"])
    return answer(
        {
            "rateReplyDetails": [_rated(offer, money, weight) for offer in offers],
            "quoteDate": datetime.now(UTC).date().isoformat(),
            "encoded": False,
        }
    )


def ship(store: Store, call: Call) -> Reply:
    """One package, one label, as a PDF."""
    check_token(store, call, scope="fedex-ship")
    body = body_of(call)
    check_account(body)
    shipment = dig(body, "requestedShipment") or {}
    items = dig(shipment, "requestedPackageLineItems") or [{}]
    if len(items) > 1:
        raise error(400, "PACKAGECOUNT.EXCEEDED", "Shipments of several packages are not simulated.")
    if text(shipment, "labelSpecification.imageType") != "PDF":
        raise error(400, "LABELSPECIFICATION.IMAGETYPE.INVALID", "The image type of the label is invalid.")
    sender = address(dig(shipment, "shipper"), who="SHIPPER")
    recipient = address(dig(shipment, "recipients.0"), who="RECIPIENT")
    check_contact(dig(shipment, "shipper"), sender, who="SHIPPER")
    check_contact(dig(shipment, "recipients.0"), recipient, who="RECIPIENT")
    offer, weight = service(text(shipment, "serviceType"), sender, recipient, shipment), grams(items[0])
    number = numbers.fedex()
    parcel = Parcel(
        number=number,
        carrier="fedex",
        shipment=number,
        reference=_reference(items[0]),
        service=offer.code,
        sender=sender,
        recipient=recipient,
        grams=weight,
        cost_minor=offer.price(weight),
        currency=prices.currency(sender["country"]),
        made_at=time.time(),
    )
    store.add(parcel)
    return answer({"transactionShipments": [_shipment(parcel, offer)]})


def cancel(store: Store, call: Call) -> Reply:
    """Only a label that no scanner has seen can be cancelled."""
    check_token(store, call, scope="fedex-ship")
    body = body_of(call)
    check_account(body)
    parcel = store.parcel(text(body, "trackingNumber"), carrier="fedex")
    if parcel is None or parcel.stage == "voided":
        raise error(400, "TRACKINGNUMBER.NOTFOUND", "Tracking number is not found or has been cancelled.")
    if parcel.stage not in ("created", "label"):
        raise error(400, "SHIPMENT.ALREADY.TENDERED", "The shipment is on its way and cannot be cancelled.")
    store.happen(parcel.number, "voided")
    return answer({"cancelledShipment": True, "cancelledHistory": True, "successMessage": "Success"})


def _reference(item: dict) -> str:
    for one in dig(item, "customerReferences") or []:
        if one.get("customerReferenceType") == "CUSTOMER_REFERENCE":
            return text(one, "value")
    return ""


def _dollars(minor: int) -> float:
    return float(prices.amount(minor))


def _rated(offer: prices.Offer, currency: str, weight: int) -> dict:
    total = _dollars(offer.price(weight))
    return {
        "serviceType": offer.code,
        "serviceName": offer.name,
        "packagingType": "YOUR_PACKAGING",
        "operationalDetail": {
            "commitDate": f"{prices.due(offer.days)}T18:00:00",
            "transitTime": f"{offer.days}_DAYS",
        },
        "ratedShipmentDetails": [
            {
                "rateType": kind,
                "totalDiscounts": 0.0,
                "totalBaseCharge": total,
                "totalNetCharge": total,
                "totalNetFedExCharge": total,
                "shipmentRateDetail": {"rateZone": "05", "surCharges": [], "currency": currency},
                "currency": currency,
            }
            for kind in ("ACCOUNT", "LIST")
        ],
    }


def _shipment(parcel: Parcel, offer: prices.Offer) -> dict:
    total, document = _dollars(parcel.cost_minor), base64.b64encode(label.pdf(parcel)).decode()
    rating = {"rateType": "PAYOR_ACCOUNT_PACKAGE", "totalNetCharge": total, "currency": parcel.currency}
    return {
        "masterTrackingNumber": parcel.number,
        "serviceType": parcel.service,
        "serviceName": offer.name,
        "shipDatestamp": datetime.now(UTC).date().isoformat(),
        "pieceResponses": [
            {
                "trackingNumber": parcel.number,
                "masterTrackingNumber": parcel.number,
                "trackingIdType": "FEDEX",
                "serviceCategory": "EXPRESS",
                "netChargeAmount": total,
                "currency": parcel.currency,
                "packageSequenceNumber": 1,
                "packageDocuments": [
                    {"contentType": "LABEL", "copiesToPrint": 1, "docType": "PDF", "encodedLabel": document}
                ],
                "customerReferences": [
                    {"customerReferenceType": "CUSTOMER_REFERENCE", "value": parcel.reference},
                ],
            }
        ],
        "completedShipmentDetail": {
            "carrierCode": "FDXE",
            "shipmentRating": {"shipmentRateDetails": [rating]},
        },
    }
