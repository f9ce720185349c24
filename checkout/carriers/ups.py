"""UPS: https://developer.ups.com, or whatever SHOP_UPS_URL names."""

import base64
import hmac
import json
import logging
import uuid
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

from django.conf import settings

from shop.core.money import Money

from . import customs, ups_tracking
from .base import CarrierRefused, Label, Party, TrackingReport, WebhookRefused
from .karrio import KarrioCarrier, at
from .transport import as_object, ask, library

log = logging.getLogger(__name__)
NOT_FOUND = "9801031"  # label recovery: no shipment with this reference
TRANSPORT = "01"  # the charge for carrying; 02 would be duties and taxes
LOCALE = "en_US"


class UPS(KarrioCarrier):
    code = "ups"
    name = "UPS"

    def usual_service(self, *, sender: Party, recipient: Party) -> str:
        if sender.country == recipient.country == "US":
            return "ups_ground"
        return "ups_standard" if customs.by_road(sender, recipient) else "ups_worldwide_expedited"

    def settings_of(self, country: str) -> Any:
        return _settings_class()(
            client_id=settings.SHOP_UPS_CLIENT_ID,
            client_secret=settings.SHOP_UPS_CLIENT_SECRET,
            account_number=settings.SHOP_UPS_ACCOUNT,
            account_country_code=country,
            base_url=at("SHOP_UPS_URL"),
        )

    def recovered(self, *, reference: str, service: str) -> Label | None:
        """UPS's label recovery finds a label by our reference and account, and prints it again.

        Whatever it refuses, it found none: a refusal must not keep the shop from its first label."""
        wanted = {
            "Request": {"SubVersion": "1903", "TransactionReference": {"CustomerContext": reference}},
            "LabelSpecification": {"LabelImageFormat": {"Code": "PDF"}},
            "ReferenceValues": {
                "ReferenceNumber": {"Value": reference},
                "ShipperNumber": settings.SHOP_UPS_ACCOUNT,
            },
        }
        try:
            answer = self._ask("POST", "/api/labels/v1/recovery", body={"LabelRecoveryRequest": wanted})
        except CarrierRefused as refused:
            if refused.data.get("code") != NOT_FOUND:
                log.warning("UPS label recovery refused for %s: %s", reference, refused)
            return None
        found = answer["LabelRecoveryResponse"]
        results = found["LabelResults"]
        result = results[0] if isinstance(results, list) else results
        pdf = base64.b64decode(result["LabelImage"]["GraphicImage"])
        return Label(
            result["TrackingNumber"], "ups", service, pdf, None, "", found["ShipmentIdentificationNumber"]
        )

    def adjusted(self, body: dict) -> dict:
        """The shop writes to its customers itself, and duties are the receiver's.

        Without a word about them UPS bills duties to the receiver; karrio always names somebody with an account."""
        shipment = (body.get("ShipmentRequest") or {}).get("Shipment") or {}
        charges = (shipment.get("PaymentInformation") or {}).get("ShipmentCharge") or []
        charges[:] = [charge for charge in charges if charge["Type"] == TRANSPORT]
        options = shipment.get("ShipmentServiceOptions") or {}
        options.pop("Notification", None)
        if forms := options.get("InternationalForms"):
            units = [product["Unit"] for product in forms["Product"]]
            total = sum(Decimal(unit["Value"]) * int(unit["Number"]) for unit in units)
            shipment["InvoiceLineTotal"] = {
                "CurrencyCode": forms["CurrencyCode"],
                "MonetaryValue": f"{total:.2f}",
            }
        return body

    def cost_of(self, raw: dict) -> Money:
        """The negotiated price where the account has one, else the published one."""
        results = raw["ShipmentResponse"]["ShipmentResults"]
        charges = results.get("NegotiatedRateCharges") or {}
        total = charges.get("TotalCharge") or results["ShipmentCharges"]["TotalCharges"]
        return Money.from_decimal(Decimal(total["MonetaryValue"]), total["CurrencyCode"])

    def track(self, tracking_number: str) -> TrackingReport:
        path = (
            f"/api/track/v1/details/{quote(tracking_number, safe='')}?locale={LOCALE}&returnSignature=false"
        )
        return ups_tracking.report(tracking_number, self._ask("GET", path))

    def watch(self, tracking_number: str, *, url: str) -> None:
        """Track Alert: fourteen days of pushes about one parcel."""
        wanted = {
            "locale": LOCALE,
            "countryCode": "US",
            "trackingNumberList": [tracking_number],
            "destination": {
                "url": url,
                "credentialType": "Bearer",
                "credential": settings.SHOP_UPS_WEBHOOK_CREDENTIAL,
            },
        }
        self._ask("POST", "/api/track/v1/subscription/standard/package", body=wanted)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> list[TrackingReport]:
        """Track Alert sends back, in the header `credential`, what we gave it when we subscribed."""
        expected = settings.SHOP_UPS_WEBHOOK_CREDENTIAL
        shown = {name.lower(): value for name, value in headers.items()}.get("credential", "")
        if not expected or not hmac.compare_digest(shown.encode(), expected.encode()):
            raise WebhookRefused("The credential is wrong.")
        try:
            return [ups_tracking.pushed(json.loads(body))]
        except (ValueError, TypeError, AttributeError, LookupError) as problem:
            raise WebhookRefused("The body is no tracking event.") from problem

    def tracking_url(self, tracking_number: str) -> str:
        return f"https://www.ups.com/track?tracknum={tracking_number}"

    def _ask(self, method: str, path: str, *, body: dict | None = None) -> dict:
        headers = {"transId": uuid.uuid4().hex, "transactionSrc": "till"}

        def call(token: str) -> dict:
            try:
                return ask(method, at("SHOP_UPS_URL") + path, token=token, headers=headers, body=body)
            except HTTPError as refused:
                raise _refusal(as_object(refused.read())) from None

        return self.with_token(call)


@cache
def _settings_class() -> type:
    """karrio chooses between two addresses of UPS; ours comes from the settings."""
    import attr

    @attr.s(auto_attribs=True)
    class Settings(library().ups.Settings):  # type: ignore[misc]
        base_url: str = ""

        @property
        def server_url(self) -> str:
            return self.base_url

    return Settings


def _refusal(answer: dict) -> CarrierRefused:
    errors = (answer.get("response") or {}).get("errors") or [{}]
    said = "; ".join(error.get("message") or error.get("code") or "" for error in errors)
    return CarrierRefused(f"UPS: {said}", code=errors[0].get("code", ""))
