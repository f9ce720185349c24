"""Carriers that are asked to tell us of every step spare us the polling; where it fails, polling goes on as before."""

import logging

from django.conf import settings
from django.urls import reverse

from checkout.carriers import CarrierRefused, available, carrier
from fulfillment.models import Shipment

log = logging.getLogger(__name__)


def watch(shipment: Shipment) -> None:
    """Ask for pushes about this parcel. Raises CarrierUnavailable."""
    if (
        shipment.carrier != "ups"
        or shipment.carrier not in available()
        or not settings.SHOP_UPS_WEBHOOK_CREDENTIAL
    ):
        return  # FedEx is told in its own portal, once for all parcels
    try:
        carrier(shipment.carrier).watch(shipment.tracking_number, url=settings.SHOP_URL + reverse("ups-hook"))
    except CarrierRefused as refusal:
        log.warning("no pushes for shipment %s: %s", shipment.pk, refusal.message)
