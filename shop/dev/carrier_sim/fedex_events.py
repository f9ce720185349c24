"""How FedEx tells what happens: tracking by number and by reference, the proof of delivery, and the webhook.

The webhook's body is that of the Track API; its header `fdx-signature` is the Base64 of an HMAC-SHA256 over the raw
body with the project's security token (FedEx's page on Advanced Integrated Visibility).
"""

import base64
import hashlib
import hmac
import json

from . import label, tokens
from .fedex_reading import answer, body_of, check_token, error
from .places import local, place
from .store import Event, Parcel, Store
from .wire import Call, Reply, dig, text

MAX_NUMBERS = 30
# stage: (event type, words, exception code, exception words)
SCANS = {
    "label": ("OC", "Shipment information sent to FedEx", "", ""),
    "picked_up": ("PU", "Picked up", "", ""),
    "in_transit": ("DP", "Left FedEx origin facility", "", ""),
    "out_for_delivery": ("OD", "On FedEx vehicle for delivery", "", ""),
    "delivered": ("DL", "Delivered", "", ""),
    "delayed": ("DY", "Delay", "71", "Severe weather"),
    "exception": ("SE", "Shipment exception", "03", "Incorrect address"),
    "failed_attempt": ("DE", "Delivery exception", "08", "Recipient not in or business closed"),
    "ready_for_pickup": ("HL", "Ready for recipient pickup", "", ""),
    "returning": ("RS", "Returning package to shipper", "", ""),
    "returned": ("DL", "Delivered", "", "Package returned to shipper"),
    "voided": ("CA", "Shipment cancelled by sender", "", ""),
    "odd": ("QZ", "A message of a kind nobody has seen before", "", ""),
}


def by_number(store: Store, call: Call) -> Reply:
    """Up to thirty numbers; one that FedEx does not know (yet) is an error inside its own result."""
    check_token(store, call, scope="fedex-track")
    wanted = [
        text(one, "trackingNumberInfo.trackingNumber") for one in dig(body_of(call), "trackingInfo") or []
    ]
    if not wanted or not all(wanted):
        raise error(400, "TRACKING.TRACKINGNUMBER.EMPTY", "Please provide tracking number.")
    if len(wanted) > MAX_NUMBERS:
        raise error(
            400, "TRACKING.TRACKINGNUMBER.LIMITEXCEEDED", "At most 30 tracking numbers in one request."
        )
    return answer({"completeTrackResults": [_complete(store, number) for number in wanted]})


def by_reference(store: Store, call: Call) -> Reply:
    """The parcels that carry our reference; FedEx wants the account and the days between which they were shipped."""
    check_token(store, call, scope="fedex-track")
    wanted = dig(body_of(call), "referencesInformation")
    if not text(wanted, "value") or not text(wanted, "shipDateBegin") or not text(wanted, "shipDateEnd"):
        raise error(400, "TRACKING.REFERENCEVALUE.EMPTY", "Please provide a reference and the ship dates.")
    if text(wanted, "accountNumber") != tokens.FEDEX_ACCOUNT:
        raise error(
            400, "TRACKING.REFERENCE.ACCOUNTREQUIRED", "Please provide the account number of the shipper."
        )
    found = store.parcels(carrier="fedex", reference=text(wanted, "value"))
    results = [_result(store, parcel) for parcel in found] or [_not_found("REFERENCENUMBER", "")]
    return answer({"completeTrackResults": [{"trackingNumber": "", "trackResults": results}]})


def documents(store: Store, call: Call) -> Reply:
    """The signature proof of delivery: a picture, once delivered."""
    check_token(store, call, scope="fedex-track")
    number = text(body_of(call), "trackDocumentSpecification.0.trackingNumberInfo.trackingNumber")
    parcel = store.parcel(number, carrier="fedex")
    if parcel is None or parcel.stage != "delivered":
        raise error(400, "TRACKING.DOCUMENT.NOTFOUND", "The document is not available.")
    return answer({"documentType": "SIGNATURE_PROOF_OF_DELIVERY", "documents": [_base64(label.png(parcel))]})


def push(store: Store, parcel: Parcel, event: Event, *, secret: str) -> tuple[dict, bytes]:
    """The headers and the body of the webhook for one event."""
    result = _result(store, parcel, only=event)
    body = {
        "transactionId": f"{parcel.number}-{event.at:.0f}",
        "output": {"completeTrackResults": [{"trackingNumber": parcel.number, "trackResults": [result]}]},
    }
    raw = json.dumps(body).encode()
    return {"fdx-signature": _base64(hmac.new(secret.encode(), raw, hashlib.sha256).digest())}, raw


def _complete(store: Store, number: str) -> dict:
    parcel = store.parcel(number, carrier="fedex")
    if parcel is None or parcel.stage == "created":
        result = _not_found("TRACKINGNUMBER", number)
    else:
        result = _result(store, parcel)
    return {"trackingNumber": number, "trackResults": [result]}


def _not_found(what: str, number: str) -> dict:
    message = "Tracking number cannot be found. Please correct the tracking number and try again."
    return {
        "trackingNumberInfo": {"trackingNumber": number, "trackingNumberUniqueId": "", "carrierCode": ""},
        "error": {"code": f"TRACKING.{what}.NOTFOUND", "message": message},
    }


def _result(store: Store, parcel: Parcel, *, only: Event | None = None) -> dict:
    events = [only] if only else store.events(parcel.number)
    scans = [_scan(parcel, event) for event in reversed(events)]
    latest = (
        scans[0] if scans else {"eventType": "OC", "eventDescription": SCANS["label"][1], "scanLocation": {}}
    )
    return {
        "trackingNumberInfo": {
            "trackingNumber": parcel.number,
            "trackingNumberUniqueId": f"12029~{parcel.number}~FDEG",
            "carrierCode": "FDXE",
        },
        "latestStatusDetail": {
            "code": latest["eventType"],
            "derivedCode": latest["eventType"],
            "statusByLocale": latest["eventDescription"],
            "description": latest["eventDescription"],
            "scanLocation": latest["scanLocation"],
        },
        "dateAndTimes": [
            {"type": "ACTUAL_DELIVERY", "dateTime": scan["date"]}
            for scan in scans
            if scan["eventType"] == "DL"
        ],
        "scanEvents": scans,
        "serviceDetail": {"type": parcel.service, "description": parcel.service.replace("_", " ").title()},
        "deliveryDetails": {
            "deliveryAttempts": str(sum(event.stage == "failed_attempt" for event in events))
        },
    }


def _scan(parcel: Parcel, event: Event) -> dict:
    where, (kind, words, exception, reason) = place(parcel, event.stage), SCANS[event.stage]
    return {
        "date": local(event, where).isoformat(),
        "eventType": kind,
        "eventDescription": words,
        "exceptionCode": exception,
        "exceptionDescription": reason,
        "scanLocation": {
            "streetLines": [""],
            "city": where["city"].upper(),
            "stateOrProvinceCode": where["region"],
            "postalCode": where["postcode"],
            "countryCode": where["country"],
            "residential": False,
        },
        "locationType": "DELIVERY_LOCATION" if kind == "DL" else "FEDEX_FACILITY",
        "derivedStatusCode": kind,
        "derivedStatus": words,
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
