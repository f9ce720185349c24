"""UPS: token, rates, label, label recovery, void. Shapes: UPS-API/api-documentation (OAuth, Rating, Shipping; MIT)."""

import base64
import time

from . import label, numbers, prices, tokens
from .store import Parcel, Store
from .ups_reading import address, error, grams, required, service
from .wire import Call, Reply, dig, text

TOKEN_SECONDS = 14399
VOID_SECONDS = 90 * 86400


def token(store: Store, call: Call) -> Reply:
    """Client credentials in Basic form; `issued_at` in milliseconds, numbers as strings."""
    expected = base64.b64encode(":".join(tokens.UPS_CLIENT).encode()).decode()
    if call.headers.get("authorization") != f"Basic {expected}":
        raise error(401, "10401", "ClientId is Invalid")
    if call.form().get("grant_type") != "client_credentials":
        raise error(400, "10400", "Invalid/Missing Grant Type")
    return Reply(
        200,
        {
            "token_type": "Bearer",  # nosec B105
            "issued_at": str(int(time.time() * 1000)),
            "client_id": tokens.UPS_CLIENT[0],
            "access_token": tokens.issue(store, scope="ups", seconds=TOKEN_SECONDS),
            "expires_in": str(TOKEN_SECONDS),
            "status": "approved",
        },
    )


def check_token(store: Store, call: Call) -> None:
    if tokens.scope_of(store, call.bearer()) != "ups":
        raise error(401, "250002", "Invalid Authentication Information.")


def rates(store: Store, call: Call) -> Reply:
    """Every service on the lane, cheapest first as UPS lists them."""
    check_token(store, call)
    shipment = required(call, "RateRequest.Shipment", code="110971", what="Shipment")
    sender, recipient = (address(shipment, who, named=False) for who in ("Shipper", "ShipTo"))
    weight = grams(shipment)
    offers = prices.UPS[prices.lane(sender["country"], recipient["country"])]
    money = prices.currency(sender["country"])
    return Reply(
        200,
        {
            "RateResponse": {
                "Response": _success(call, "RateRequest"),
                "RatedShipment": [_rated(offer, money, weight) for offer in offers],
            }
        },
    )


def ship(store: Store, call: Call) -> Reply:
    """One package, one label, as a PNG lying on its side; a GIF or PDF is not simulated."""
    check_token(store, call)
    shipment = required(call, "ShipmentRequest.Shipment", code="120001", what="Shipment")
    if text(shipment, "Shipper.ShipperNumber") != tokens.UPS_ACCOUNT:
        raise error(400, "120100", "Missing or invalid shipper number")
    if text(call.json(), "ShipmentRequest.LabelSpecification.LabelImageFormat.Code") != "PNG":
        raise error(400, "120541", "Invalid label image format")
    if len(dig(shipment, "Package") or []) > 1:
        raise error(400, "120999", "Shipments of several packages are not simulated")
    sender, recipient = address(shipment, "Shipper"), address(shipment, "ShipTo")
    offer, weight = service(shipment, sender, recipient), grams(shipment)
    number = numbers.ups(tokens.UPS_ACCOUNT, offer.code)
    parcel = Parcel(
        number=number,
        carrier="ups",
        shipment=number,
        reference=text(shipment, "ReferenceNumber.Value") or text(shipment, "Package.ReferenceNumber.Value"),
        service=offer.code,
        sender=sender,
        recipient=recipient,
        grams=weight,
        cost_minor=offer.price(weight),
        currency=prices.currency(sender["country"]),
        made_at=time.time(),
    )
    store.add(parcel)
    return Reply(
        200, {"ShipmentResponse": {"Response": _success(call, "ShipmentRequest"), **_results(parcel)}}
    )


def recover(store: Store, call: Call) -> Reply:
    """The label again, by tracking number or by our reference and the account: the way out after a lost answer."""
    check_token(store, call)
    wanted = required(call, "LabelRecoveryRequest", code="9800901", what="LabelRecoveryRequest")
    number, reference = text(wanted, "TrackingNumber"), text(wanted, "ReferenceValues.ReferenceNumber.Value")
    if not number and text(wanted, "ReferenceValues.ShipperNumber") != tokens.UPS_ACCOUNT:
        raise error(400, "9801009", "Missing or invalid shipper number")
    found = [
        one
        for one in store.parcels(carrier="ups")
        if number == one.number or reference == one.reference != ""
    ]
    parcel = next((one for one in found if one.stage != "voided"), None)
    if parcel is None:
        raise error(
            400, "9801031", "No shipment was found for this tracking number or reference and shipper number."
        )
    code = text(wanted, "LabelSpecification.LabelImageFormat.Code") or "PDF"
    picture = label.png(parcel) if code == "PNG" else label.pdf(parcel)
    image = {"LabelImageFormat": {"Code": code}, "GraphicImage": base64.b64encode(picture).decode()}
    return Reply(
        200,
        {
            "LabelRecoveryResponse": {
                "Response": {"ResponseStatus": {"Code": "1", "Description": "Success"}},
                "ShipmentIdentificationNumber": parcel.shipment,
                "LabelResults": {"TrackingNumber": parcel.number, "LabelImage": image},
            }
        },
    )


def void(store: Store, call: Call, number: str) -> Reply:
    """Only a label that no scanner has seen can be voided."""
    check_token(store, call)
    parcel = store.parcel(number, carrier="ups")
    if parcel is None or time.time() - parcel.made_at > VOID_SECONDS:
        raise error(400, "190102", "No shipment found within the allowed void period")
    if parcel.stage == "voided":
        raise error(400, "190117", "Shipment has already been voided.")
    if parcel.stage not in ("created", "label"):
        raise error(400, "190100", "The shipment has already been picked up and cannot be voided.")
    store.happen(number, "voided")
    done = {"Code": "1", "Description": "Voided"}
    status = {
        "Response": {"ResponseStatus": {"Code": "1", "Description": "Success"}},
        "SummaryResult": {"Status": done},
    }
    return Reply(200, {"VoidShipmentResponse": status})


def _success(call: Call, root: str) -> dict:
    context = text(call.json(), f"{root}.Request.TransactionReference.CustomerContext")
    return {
        "ResponseStatus": {"Code": "1", "Description": "Success"},
        "TransactionReference": {"CustomerContext": context},
    }


def _money(currency: str, minor: int) -> dict:
    return {"CurrencyCode": currency, "MonetaryValue": prices.amount(minor)}


def _rated(offer: prices.Offer, currency: str, weight: int) -> dict:
    total = _money(currency, offer.price(weight))
    return {
        "Service": {"Code": offer.code, "Description": ""},
        "RatedShipmentAlert": [
            {"Code": "110971", "Description": "Your invoice may vary from the displayed rates"}
        ],
        "BillingWeight": {"UnitOfMeasurement": {"Code": "KGS"}, "Weight": f"{weight / 1000:.1f}"},
        "TransportationCharges": total,
        "BaseServiceCharge": total,
        "ServiceOptionsCharges": _money(currency, 0),
        "TotalCharges": total,
        "TimeInTransit": {
            "ServiceSummary": {
                "Service": {"Description": offer.name},
                "EstimatedArrival": {"BusinessDaysInTransit": str(offer.days)},
            }
        },
    }


def _results(parcel: Parcel) -> dict:
    total, nothing = _money(parcel.currency, parcel.cost_minor), _money(parcel.currency, 0)
    image = base64.b64encode(label.png(parcel)).decode()
    shipping_label = {"ImageFormat": {"Code": "PNG", "Description": "PNG"}, "GraphicImage": image}
    return {
        "ShipmentResults": {
            "ShipmentCharges": {
                "TransportationCharges": total,
                "ServiceOptionsCharges": nothing,
                "TotalCharges": total,
            },
            "NegotiatedRateCharges": {"TotalCharge": total},
            "BillingWeight": {"UnitOfMeasurement": {"Code": "KGS"}, "Weight": f"{parcel.grams / 1000:.1f}"},
            "ShipmentIdentificationNumber": parcel.shipment,
            "PackageResults": [
                {
                    "TrackingNumber": parcel.number,
                    "ServiceOptionsCharges": nothing,
                    "ShippingLabel": shipping_label,
                }
            ],
        }
    }
