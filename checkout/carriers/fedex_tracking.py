"""FedEx's tracking answers and pushes, in our words. Codes: developer.fedex.com, "Tracking Status Codes"."""

import logging
from datetime import UTC, datetime

from .base import Status, TrackingEvent, TrackingReport, follow

log = logging.getLogger(__name__)
S = Status
CODES = {
    S.PENDING: "OC OX EP AP PD",
    S.PICKED_UP: "PU PX OF",
    S.IN_TRANSIT: "AA AC AF AR AX CC CP DP DS EA EO FD IT IX LO OW PF PL PM SF TR",
    S.OUT_FOR_DELIVERY: "OD ED AD",
    S.READY_FOR_PICKUP: "HL HP",
    S.ON_HOLD: "SE CD",
    S.DELAYED: "DY DD",
    S.FAILED_ATTEMPT: "DE",
    S.RETURNING: "RS",
    S.DELIVERED: "DL",
    S.CANCELLED: "CA",
}
BY_CODE = {code: status for status, codes in CODES.items() for code in codes.split()}


def status_of(code: str) -> Status:
    return BY_CODE.get(code.strip().upper(), S.UNKNOWN)


def reports(answer: dict) -> list[TrackingReport]:
    """From the Track API's answer or a webhook's body, which is the same: one report a result.

    A number that FedEx does not know (yet) is a report without events."""
    found = []
    for complete in answer["output"].get("completeTrackResults") or []:
        for result in complete.get("trackResults") or []:
            info = result.get("trackingNumberInfo") or {}
            found.append(_report(info.get("trackingNumber") or complete.get("trackingNumber") or "", result))
    return found


def _report(number: str, result: dict) -> TrackingReport:
    events = [_event(scan) for scan in reversed(result.get("scanEvents") or []) if scan.get("date")]
    told = TrackingReport.of(number, events=events, raw=result)
    latest = status_of((result.get("latestStatusDetail") or {}).get("code") or "")
    status = follow(told.status, latest)
    delivered_at = told.delivered_at or _delivery(result) if status == S.DELIVERED else None
    return TrackingReport(number, status, told.events, delivered_at, result)


def _event(scan: dict) -> TrackingEvent:
    code, exception = scan.get("eventType") or "", scan.get("exceptionCode") or ""
    status = status_of(code)
    if status == S.UNKNOWN:
        log.warning("FedEx event with an unknown code: %r", code)
    words = [scan.get("eventDescription") or "", scan.get("exceptionDescription") or ""]
    return TrackingEvent(
        status=status,
        code=f"{code}/{exception}" if exception else code,
        description=": ".join(word.strip() for word in words if word.strip()),
        location=_place(scan.get("scanLocation") or {}),
        at=_moment(scan["date"]),
    )


def _delivery(result: dict) -> datetime | None:
    for moment in result.get("dateAndTimes") or []:
        if moment.get("type") == "ACTUAL_DELIVERY":
            return _moment(moment["dateTime"])
    return None


def _moment(text: str) -> datetime:
    """2026-11-21T14:15:00-05:00; without an offset it is taken as UTC, wrong by some hours."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _place(address: dict) -> str:
    parts = (address.get("city"), address.get("stateOrProvinceCode"), address.get("countryCode"))
    return ", ".join(part.strip() for part in parts if part and part.strip())
