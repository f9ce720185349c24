"""A carrier's push is kept, once, and is then only a hint: the carrier itself is asked where the parcel is."""

import hashlib

from django.db import transaction

from checkout.carriers import TrackingReport
from fulfillment import tracking
from fulfillment.models import Shipment
from shop.core import inbox
from shop.core.models import Notice


@transaction.atomic
def keep(code: str, reports: list[TrackingReport]) -> int:
    """Store the push; returns how many of its reports were new."""
    return sum(_keep(code, report) for report in reports)


def apply_notice(notice: Notice) -> None:
    """Ask the carrier about the parcel of this push. Raises CarrierUnavailable; the notice then stays open."""
    if notice.status not in (Notice.Status.PENDING, Notice.Status.UNMATCHED):
        return
    shipment = Shipment.objects.filter(carrier=notice.provider, tracking_number=notice.object_id).last()
    if shipment is None:
        inbox.close(notice, Notice.Status.UNMATCHED, outcome="no parcel of this shop")
    elif shipment.status not in Shipment.UNDER_WAY:
        inbox.close(notice, Notice.Status.IGNORED, outcome=f"shipment {shipment.pk} is {shipment.status}")
    else:
        seen = tracking.refresh(shipment)
        inbox.close(notice, Notice.Status.APPLIED, outcome=f"shipment {seen.pk}: {seen.status}")


def _keep(code: str, report: TrackingReport) -> bool:
    told = [
        {
            "status": event.status,
            "code": event.code,
            "at": event.at.isoformat(),
            "description": event.description,
        }
        for event in report.events
    ]
    mark = hashlib.sha256(repr((report.tracking_number, report.status, told)).encode()).hexdigest()
    kept = inbox.keep(
        code,
        external_id=mark,
        kind=f"tracking.{report.status}",
        object_id=report.tracking_number[:150],
        payload={"tracking_number": report.tracking_number, "status": report.status, "events": told},
        event="tracking_notice.received",
    )
    return kept is not None
