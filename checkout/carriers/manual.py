"""A carrier without an API, and our own hands: the seller types a tracking number, or hands the parcel over.

The shop learns nothing by itself: staff mark such shipments as delivered.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from .base import CarrierRefused, Label, Parcel, Party, Rate, Status, TrackingReport, WebhookRefused


class Manual:
    code = "manual"
    makes_labels = False

    @property
    def name(self) -> str:
        return _("Other carrier or own delivery")

    def rates(self, parcels: Sequence[Parcel], *, sender: Party, recipient: Party) -> list[Rate]:
        return []

    def usual_service(self, *, sender: Party, recipient: Party) -> str:
        return ""

    def label(
        self, parcel: Parcel, *, sender: Party, recipient: Party, service: str, reference: str
    ) -> Label:
        raise CarrierRefused(_("This carrier makes no labels here: enter the tracking number by hand."))

    def void(self, label_ref: str) -> None:
        pass

    def track(self, tracking_number: str) -> TrackingReport:
        return TrackingReport(tracking_number, Status.UNKNOWN)

    def watch(self, tracking_number: str, *, url: str) -> None:
        pass

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> list[TrackingReport]:
        raise WebhookRefused("Nobody sends pushes for parcels that are carried by hand.")

    def check(self) -> None:
        pass

    def tracking_url(self, tracking_number: str) -> str:
        return ""
