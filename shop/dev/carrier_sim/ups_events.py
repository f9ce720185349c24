"""How UPS tells what happens: the Track API's answer and the Track Alert push (Tracking.yaml, UPSTrackAlert.yaml; MIT).

The traps are UPS's own: out for delivery comes as type D, which is also the type of delivered; local date and time
stand beside the GMT ones, whose time is written with colons; right after the label the list of activities is empty.
"""

from . import prices
from .places import gmt, local, place
from .store import Event, Parcel, Store
from .ups import check_token
from .ups_reading import error
from .wire import Call, Reply

# stage: (type, code, status code, words)
SCANS = {
    "label": ("M", "MP", "003", "Shipper created a label, UPS has not received the package yet."),
    "picked_up": ("I", "OR", "005", "Origin Scan"),
    "in_transit": ("I", "DP", "005", "Departed from Facility"),
    "out_for_delivery": ("D", "OT", "021", "Out For Delivery Today"),
    "delivered": ("D", "FS", "011", "DELIVERED"),
    "delayed": ("X", "16", "048", "A mechanical failure has delayed this package."),
    "exception": ("X", "43", "029", "We need more information to go on with this package."),
    "failed_attempt": ("X", "48", "022", "The receiver was not available. We will try again."),
    "ready_for_pickup": ("D", "2Q", "161", "Delivered to UPS Access Point™"),
    "returning": ("I", "DP", "036", "Departed from Facility"),
    "returned": ("D", "B0", "034", "Delivered to the original sender"),
    "voided": ("MV", "VP", "007", "Shipment voided"),
    "odd": ("I", "Q9", "199", "A message of a kind nobody has seen before"),
}


def details(store: Store, call: Call, number: str) -> Reply:
    """`GET /api/track/v1/details/{number}`, the newest activity first."""
    check_token(store, call)
    if not call.headers.get("transid"):
        raise error(400, "TV0001", "Missing transId")
    if not call.headers.get("transactionsrc"):
        raise error(400, "TV0003", "Missing transactionSrc")
    if not 7 <= len(number) <= 34 or not number.isalnum():
        raise error(400, "TV1002", "Invalid inquiry number")
    parcel = store.parcel(number, carrier="ups")
    if parcel is None:
        warning = {"code": "TW0001", "message": "Tracking Information Not Found"}
        shipment = {"inquiryNumber": number, "warnings": [warning]}
    else:
        shipment = {"inquiryNumber": number, "package": [_package(store, parcel)]}
    return Reply(200, {"trackResponse": {"shipment": [shipment]}})


def alert(parcel: Parcel, event: Event) -> tuple[dict, dict]:
    """The headers (without the credential) and the body that Track Alert posts for one event."""
    where, here, there = place(parcel, event.stage), local(event, place(parcel, event.stage)), gmt(event)
    kind, code, status, words = SCANS[event.stage]
    delivered = event.stage == "delivered"
    body = {
        "trackingNumber": parcel.number,
        "localActivityDate": here.strftime("%Y%m%d"),
        "localActivityTime": here.strftime("%H%M%S"),
        "activityLocation": {
            "city": where["city"],
            "stateProvince": where["region"],
            "postalCode": where["postcode"] if delivered else "",
            "country": where["country"],
        },
        "activityStatus": {"type": kind, "code": code, "description": words, "descriptionCode": status},
        "scheduledDeliveryDate": "",
        "actualDeliveryDate": here.strftime("%Y%m%d") if delivered else "",
        "actualDeliveryTime": here.strftime("%H%M%S") if delivered else "",
        "gmtActivityDate": there.strftime("%Y%m%d"),
        "gmtActivityTime": there.strftime("%H%M%S"),
        "deliveryStartTime": "",
        "deliveryEndTime": "",
        "deliveryTimeDescription": "",
    }
    return {"User-Agent": "UPSPubSubTrackingService"}, body


def _package(store: Store, parcel: Parcel) -> dict:
    events = store.events(parcel.number)
    status = SCANS[events[-1].stage] if events else SCANS["label"]
    package = {
        "trackingNumber": parcel.number,
        "deliveryDate": [],
        "activity": [_activity(parcel, event) for event in reversed(events)],
        "currentStatus": {"description": status[3], "code": status[2]},
        "packageAddress": [_party("ORIGIN", parcel.sender), _party("DESTINATION", parcel.recipient)],
        "weight": {"unitOfMeasurement": "KGS", "weight": f"{parcel.grams / 1000:.2f}"},
        "service": {
            "code": parcel.service,
            "levelCode": "000",
            "description": prices.name("ups", parcel.service),
        },
        "referenceNumber": [{"type": "SHIPMENT", "number": parcel.reference}] if parcel.reference else [],
        "packageCount": 1,
    }
    arrived = next((event for event in events if event.stage == "delivered"), None)
    if arrived:
        here = local(arrived, parcel.recipient)
        package["deliveryDate"] = [{"type": "DEL", "date": here.strftime("%Y%m%d")}]
        package["deliveryTime"] = {"type": "DEL", "startTime": "", "endTime": here.strftime("%H%M%S")}
        package["deliveryInformation"] = {"receivedBy": parcel.recipient["name"], "location": "Front Door"}
    return package


def _activity(parcel: Parcel, event: Event) -> dict:
    where = place(parcel, event.stage)
    here, there = local(event, where), gmt(event)
    offset = here.strftime("%z")
    kind, code, status, words = SCANS[event.stage]
    return {
        "location": {"address": _address(where), "slic": "8566"},
        "status": {"type": kind, "description": words, "code": code, "statusCode": status},
        "date": here.strftime("%Y%m%d"),
        "time": here.strftime("%H%M%S"),
        "gmtDate": there.strftime("%Y%m%d"),
        "gmtOffset": f"{offset[:3]}:{offset[3:]}",
        "gmtTime": there.strftime("%H:%M:%S"),
    }


def _address(where: dict) -> dict:
    return {
        "city": where["city"].upper(),
        "stateProvince": where["region"],
        "countryCode": where["country"],
        "country": where["country"],
    }


def _party(kind: str, party: dict) -> dict:
    return {
        "type": kind,
        "name": party["company"],
        "address": _address(party) | {"postalCode": party["postcode"]},
    }
