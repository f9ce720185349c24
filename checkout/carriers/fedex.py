"""FedEx: https://developer.fedex.com, or whatever SHOP_FEDEX_URL names.

FedEx bills a label only when the parcel is handed over, and prints none twice: a label whose answer got lost is looked
for by our reference and cancelled, then a new one is made.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.error import HTTPError

from django.conf import settings
from django.utils import timezone

from shop.core.money import Money

from . import customs, fedex_tracking
from .base import CarrierRefused, Label, Party, Status, TrackingReport, WebhookRefused
from .karrio import KarrioCarrier, at
from .transport import as_object, ask, library

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=30)


class FedEx(KarrioCarrier):
    code = "fedex"
    name = "FedEx"

    def usual_service(self, *, sender: Party, recipient: Party) -> str:
        if sender.country == recipient.country == "US":
            return "fedex_ground"
        near = customs.by_road(sender, recipient)
        return "fedex_regional_economy" if near else "fedex_international_economy"

    def settings_of(self, country: str) -> Any:
        return _settings_class()(
            api_key=settings.SHOP_FEDEX_CLIENT_ID,
            secret_key=settings.SHOP_FEDEX_CLIENT_SECRET,
            account_number=settings.SHOP_FEDEX_ACCOUNT,
            track_api_key=settings.SHOP_FEDEX_TRACK_CLIENT_ID,
            track_secret_key=settings.SHOP_FEDEX_TRACK_CLIENT_SECRET,
            account_country_code=country,
            base_url=at("SHOP_FEDEX_URL"),
        )

    def recovered(self, *, reference: str, service: str) -> Label | None:
        """Never a label; but whatever was made under this reference and is not voided yet is voided."""
        for number in self._numbers_of(reference):
            self.void(number)
        return None

    def adjusted(self, body: dict) -> dict:
        """Duties are the receiver's, whose account nobody knows; the declared values are summed up."""
        declared = (body.get("requestedShipment") or {}).get("customsClearanceDetail") or {}
        if (declared.get("dutiesPayment") or {}).get("paymentType") == "RECIPIENT":
            values = [line["customsValue"] for line in declared["commodities"]]
            total = sum(Decimal(str(value["amount"])) for value in values)
            declared["totalCustomsValue"] = {"amount": float(total), "currency": values[0]["currency"]}
            declared["dutiesPayment"] = {"paymentType": "RECIPIENT"}
        return body

    def cost_of(self, raw: dict) -> Money:
        piece = raw["output"]["transactionShipments"][0]["pieceResponses"][0]
        return Money.from_decimal(Decimal(str(piece["netChargeAmount"])), piece["currency"])

    def check(self) -> None:
        """Both pairs of credentials: for labels and for tracking."""
        super().check()
        self.with_token(lambda _token: {}, kind="track_auth")

    def track(self, tracking_number: str) -> TrackingReport:
        wanted = [{"trackingNumberInfo": {"trackingNumber": tracking_number}}]
        body = {"includeDetailedScans": True, "trackingInfo": wanted}
        reports = fedex_tracking.reports(self._ask("/track/v1/trackingnumbers", body=body))
        if not reports:
            raise self._unreadable()
        return reports[0]

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> list[TrackingReport]:
        """`fdx-signature` is the Base64 of an HMAC-SHA256 over the body with the project's security token."""
        token = settings.SHOP_FEDEX_WEBHOOK_TOKEN
        shown = {name.lower(): value for name, value in headers.items()}.get("fdx-signature", "")
        expected = base64.b64encode(hmac.new(token.encode(), body, hashlib.sha256).digest())
        if not token or not hmac.compare_digest(shown.encode(), expected):
            raise WebhookRefused("The signature is wrong.")
        try:
            return fedex_tracking.reports(json.loads(body))
        except (ValueError, TypeError, AttributeError, LookupError) as problem:
            raise WebhookRefused("The body is no tracking event.") from problem

    def tracking_url(self, tracking_number: str) -> str:
        return f"https://www.fedex.com/fedextrack/?trknbr={tracking_number}"

    def _numbers_of(self, reference: str) -> list[str]:
        today = timezone.now().date()
        wanted = {
            "type": "CUSTOMER_REFERENCE",
            "value": reference,
            "accountNumber": settings.SHOP_FEDEX_ACCOUNT,
            "shipDateBegin": (today - LOOK_BACK).isoformat(),
            "shipDateEnd": (today + timedelta(days=1)).isoformat(),
        }
        body = {"includeDetailedScans": False, "referencesInformation": wanted}
        try:
            found = fedex_tracking.reports(self._ask("/track/v1/referencenumbers", body=body))
        except CarrierRefused as refused:  # for example no tracking project: no reason to make no labels
            log.warning("FedEx search by reference refused for %s: %s", reference, refused)
            return []
        return [
            one.tracking_number for one in found if one.tracking_number and one.status != Status.CANCELLED
        ]

    def _ask(self, path: str, *, body: dict) -> dict:
        def call(token: str) -> dict:
            try:
                return ask(
                    "POST", at("SHOP_FEDEX_URL") + path, token=token, headers={"x-locale": "en_US"}, body=body
                )
            except HTTPError as refused:
                raise _refusal(as_object(refused.read())) from None

        return self.with_token(call, kind="track_auth")


@cache
def _settings_class() -> type:
    """karrio chooses between two addresses of FedEx; ours comes from the settings."""
    import attr

    @attr.s(auto_attribs=True)
    class Settings(library().fedex.Settings):  # type: ignore[misc]
        base_url: str = ""

        @property
        def server_url(self) -> str:
            return self.base_url

    return Settings


def _refusal(answer: dict) -> CarrierRefused:
    errors = answer.get("errors") or [{}]
    said = "; ".join(error.get("message") or error.get("code") or "" for error in errors)
    return CarrierRefused(f"FedEx: {said}", code=errors[0].get("code", ""))
