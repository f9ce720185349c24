"""UPS Track Alert: who wants to be told about which parcels (UPSTrackAlert.yaml; MIT)."""

import re

from .store import Store
from .ups import check_token
from .ups_reading import error
from .wire import Call, Reply, dig, text

MAX_NUMBERS = 100


def subscribe(store: Store, call: Call) -> Reply:
    """Up to a hundred numbers; those that are no 1Z numbers come back as invalid."""
    check_token(store, call)
    body = call.json() or {}
    wanted = dig(body, "trackingNumberList")
    if not call.headers.get("transid"):
        raise error(400, "VSS002", "Missing transId.")
    if not isinstance(wanted, list) or not wanted:
        raise error(
            400, "VSS200", "Tracking Number List is required. The Subscription request has been rejected."
        )
    if len(wanted) > MAX_NUMBERS:
        raise error(400, "VSS220", "More than 100 numbers: the entire submission has been rejected.")
    if not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", text(body, "locale")):
        raise error(400, "VSS310", "Please enter a valid locale. The Subscription request has been rejected.")
    for field, code in (("url", "VSS600"), ("credential", "VSS700"), ("credentialType", "VSS800")):
        if not text(body, f"destination.{field}"):
            raise error(
                400, code, f"{field} is empty or not present. The Subscription request has been rejected."
            )
    valid = [number for number in wanted if re.fullmatch(r"1Z[0-9A-Z]{16}", str(number))]
    if not valid:
        raise error(400, "VSS210", "The Subscription request should have at least one valid tracking number.")
    target = text(body, "destination.url"), text(body, "destination.credential")
    for number in valid:
        store.run("INSERT OR REPLACE INTO webhooks VALUES (?, ?, ?)", number, *target)
    invalid = [number for number in wanted if number not in valid]
    return Reply(200, {"validTrackingNumbers": valid, "invalidTrackingNumbers": invalid})
