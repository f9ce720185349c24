"""UPS's tracking answers and pushes, in our words.

UPS tells three things of an event: its type (D, I, M, MV, X, U), a two-letter scan code, and a status code of three digits
that is its own plain-language summary. The type alone says little: D is the type of "delivered", of "out for delivery" and
of "delivered to an access point". So the status code leads and the scan code refines it; `delivered` needs type D and a
code that says so, with no code that says otherwise. Codes: developer.ups.com, appendix of the Track API.
"""

import logging
from datetime import UTC, datetime, timedelta

from .base import Status, TrackingEvent, TrackingReport

log = logging.getLogger(__name__)
S = Status

# The status code (`statusCode`, in pushes `descriptionCode`) without leading zeros.
TOLD = {
    S.PENDING: "3 44 45 65 77 79 80 131 135 157 166",
    S.PICKED_UP: "38 160 167 168 169",
    S.IN_TRANSIT: "5 10 12 14 16 25 39 47 57 70 71 72 73 74 75 84 87 92 134 137 138 143 158 159 164 165",
    S.OUT_FOR_DELIVERY: "6 21 37 78 89 91 146 162",
    S.READY_FOR_PICKUP: "17 40 144 161",
    S.ON_HOLD: "13 19 29 30 49 50 58 59 68 76 83 85 123 124 125 126 132 139 141",
    S.DELAYED: "32 46 48 51 52 53 55 86 90",
    S.FAILED_ATTEMPT: "22 23 24 60 61 62 64 66 69 145",
    S.RETURNING: "34 35 36 67 81 118",
    S.DELIVERED: "11 26",
    S.CANCELLED: "7 43",
}
# Type and scan code.
SCANNED = {
    S.PENDING: "M:MP M:DP M:RD I:OC I:PL I:SP",
    S.PICKED_UP: "I:OR I:PU I:PC I:PT I:XD",
    S.IN_TRANSIT: "I:AR I:DP I:DS I:EP I:IP I:HU I:LC I:UL I:WH I:YP I:OD I:DL I:ZS I:YI D:OD D:DL",
    S.OUT_FOR_DELIVERY: "I:OF I:OT D:OF D:OT D:2K",
    S.READY_FOR_PICKUP: "D:2Q D:1N D:ZP D:EP D:ZQ",
    S.FAILED_ATTEMPT: "D:53",
    S.RETURNING: "D:B0",
    S.DELIVERED: "D:FS D:F4 D:KB D:KM D:OO D:YC D:2W",
    S.CANCELLED: "MV:VP",
}
BY_TOLD = {code: status for status, codes in TOLD.items() for code in codes.split()}
BY_SCAN = {code: status for status, codes in SCANNED.items() for code in codes.split()}


def status_of(kind: str, code: str, told_code: str) -> Status:
    """The meaning of an event; UNKNOWN where the codes are new to us or contradict each other about delivery."""
    told = BY_TOLD.get(told_code.lstrip("0"))
    scanned = BY_SCAN.get(f"{kind}:{code}")
    if S.DELIVERED in (told, scanned):
        if kind == "D" and {told, scanned} <= {S.DELIVERED, None}:
            return S.DELIVERED
        others = [one for one in (told, scanned) if one not in (S.DELIVERED, None)]
        return others[0] if others else S.UNKNOWN
    if told == S.IN_TRANSIT and scanned:
        return scanned
    return told or scanned or (S.CANCELLED if kind == "MV" else S.UNKNOWN)


def report(tracking_number: str, answer: dict) -> TrackingReport:
    """From the Track API's answer, of which we ask one number. Nothing known (yet) is a report without events."""
    shipment = _first(_first(answer["trackResponse"], "shipment"))
    package = _first(shipment.get("package"))
    events = [_event(activity) for activity in reversed(package.get("activity") or [])]
    if events:
        return TrackingReport.of(tracking_number, events=events, raw=answer)
    told = BY_TOLD.get(str((package.get("currentStatus") or {}).get("code", "")).lstrip("0"), S.UNKNOWN)
    return TrackingReport(tracking_number, S.PENDING if told == S.PENDING else S.UNKNOWN, raw=answer)


def pushed(event: dict) -> TrackingReport:
    """From the body of a Track Alert push: one event."""
    status, where = event["activityStatus"], event.get("activityLocation") or {}
    found = TrackingEvent(
        status=_known(status.get("type"), status.get("code"), status.get("descriptionCode")),
        code=_codes(status.get("type"), status.get("code"), status.get("descriptionCode")),
        description=(status.get("description") or "").strip(),
        location=_place(where),
        at=_moment(event["gmtActivityDate"], event["gmtActivityTime"]),
    )
    return TrackingReport.of(event["trackingNumber"].strip(), events=[found], raw=event)


def _event(activity: dict) -> TrackingEvent:
    status = activity.get("status") or {}
    codes = status.get("type"), status.get("code"), status.get("statusCode")
    return TrackingEvent(
        status=_known(*codes),
        code=_codes(*codes),
        description=(status.get("description") or "").strip(),
        location=_place((activity.get("location") or {}).get("address") or {}),
        at=_at(activity),
    )


def _known(kind: str | None, code: str | None, told: str | None) -> Status:
    status = status_of((kind or "").strip(), (code or "").strip(), str(told or "").strip())
    if status == S.UNKNOWN and kind != "U":  # U: a new delivery date, no movement
        log.warning("UPS event with unknown codes: type %r, code %r, status %r", kind, code, told)
    return status


def _codes(*codes: str | None) -> str:
    return "/".join(str(code or "").strip() for code in codes)


def _at(activity: dict) -> datetime:
    """GMT fields; else local ones with their offset; else local ones as they are, wrong by some hours."""
    if activity.get("gmtDate") and activity.get("gmtTime"):
        return _moment(activity["gmtDate"], activity["gmtTime"])
    local = _moment(activity["date"], activity.get("time") or "0")
    return local - _offset(activity.get("gmtOffset") or "")


def _offset(text: str) -> timedelta:
    """-05:00"""
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) != 4:
        return timedelta(0)
    return timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if text.startswith("-") else 1)


def _moment(date: str, time: str) -> datetime:
    """20240202 and 200435, 20:04:35 or 74700: UPS writes a time of day in all three ways."""
    digits = "".join(letter for letter in time if letter.isdigit()).zfill(6)
    return datetime.strptime(date.strip() + digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _place(address: dict) -> str:
    country = address.get("countryCode") or address.get("country")
    parts = (address.get("city"), address.get("stateProvince"), country)
    return ", ".join(part.strip() for part in parts if part and part.strip())


def _first(found: object, name: str = "") -> dict:
    """UPS writes a list of one sometimes as the one."""
    found = found.get(name) if name and isinstance(found, dict) else found
    if isinstance(found, list):
        found = found[0] if found else {}
    return found if isinstance(found, dict) else {}
