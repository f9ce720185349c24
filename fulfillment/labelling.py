"""A worker buys a parcel's label, once: the carrier knows it by our reference, however often we have to ask.

No transaction is open while the carrier is asked. A lease keeps a second worker from asking at the same time; one that
runs out (the worker died) is taken over, and the carrier then finds the label that it made before. What it refuses a
person must mend; when it gives no answer, we ask again.
"""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from checkout.carriers import CarrierRefused, CarrierUnavailable, Label, carrier
from fulfillment.holding import NotToBeSent, hold_shipment, refuse_untaken
from fulfillment.models import Shipment
from fulfillment.parcels import parcel_of, recipient_of, sender_of
from orders.models import Order
from shop.core import events
from shop.core.faultpoints import faultpoint

LEASE_SECONDS = 180  # longer than all that one label can ask of a carrier
Status = Shipment.Status


class LabelLate(Exception):
    """No label yet: another worker is asking, or the carrier did not answer. Whoever called tries again later."""


def fetch(shipment: Shipment) -> Shipment:
    """Get the label of a shipment that waits for one. Safe to repeat. No transaction may be open. Raises LabelLate."""
    try:
        refuse_untaken(Order.objects.get(fulfillment_orders=shipment.fulfillment_order_id))
    except NotToBeSent as refusal:
        raise LabelLate(refusal.message) from refusal
    if not _lease(shipment):
        return _unless_late(shipment)
    shipment = Shipment.objects.with_contents().get(pk=shipment.pk)
    try:
        label = _bought(shipment)
    except CarrierRefused as refusal:
        _note(shipment, error=refusal.message, is_unsure=False)
        return shipment
    except CarrierUnavailable as silence:
        _note(shipment, error=silence.message, is_unsure=True)
        raise LabelLate(silence.message) from silence
    faultpoint("label.after_call")
    return _keep(shipment, label)


@transaction.atomic
def ask_again(shipment: Shipment, *, by) -> Shipment:
    """Whatever was wrong has been mended: a worker asks once more."""
    shipment = hold_shipment(shipment)
    if shipment.status == Status.LABEL_PENDING:
        Shipment.objects.filter(pk=shipment.pk).update(label_error="")
        events.record("shipment.label_requested", shipment, by=by)
    return shipment


def void(shipment: Shipment) -> Shipment:
    """The label of a cancelled shipment is given back. One whose fate nobody knows is found out first.

    Safe to repeat. Raises LabelLate.
    """
    shipment = Shipment.objects.with_contents().get(pk=shipment.pk)
    if shipment.status != Status.CANCELLED or shipment.label_voided:
        return shipment
    try:
        reference = shipment.provider_ref
        if not reference and shipment.label_unsure:
            reference = _bought(shipment).provider_ref
        if reference:
            carrier(shipment.carrier).void(reference)
    except CarrierRefused as refusal:  # voided before, or too old to be charged
        _note(shipment, error=refusal.message, is_unsure=False)
    except CarrierUnavailable as silence:
        raise LabelLate(silence.message) from silence
    Shipment.objects.filter(pk=shipment.pk).update(label_voided=True)
    return shipment


def _bought(shipment: Shipment) -> Label:
    place = shipment.fulfillment_order.location
    sender, recipient = sender_of(place), recipient_of(shipment.order)
    if not (sender.street_lines[0] and sender.city and sender.postcode):
        raise CarrierRefused(
            _("Enter street, postcode and town of “%(place)s” first.") % {"place": place.name}
        )
    house = carrier(shipment.carrier)
    return house.label(
        parcel_of(shipment),
        sender=sender,
        recipient=recipient,
        service=shipment.service or house.usual_service(sender=sender, recipient=recipient),
        reference=shipment.reference,
    )


def _lease(shipment: Shipment) -> bool:
    """Written before the call: from now on nobody knows whether there is a label, until there is an answer."""
    is_free = Q(label_lease_until=None) | Q(label_lease_until__lt=Now())
    waiting = Shipment.objects.filter(is_free, pk=shipment.pk, status=Status.LABEL_PENDING)
    return bool(waiting.update(label_lease_until=Now() + timedelta(seconds=LEASE_SECONDS), label_unsure=True))


def _unless_late(shipment: Shipment) -> Shipment:
    shipment.refresh_from_db()
    if shipment.status == Status.LABEL_PENDING:
        raise LabelLate("another worker is asking the carrier")
    return shipment


def _note(shipment: Shipment, *, error: str, is_unsure: bool) -> None:
    Shipment.objects.filter(pk=shipment.pk).update(
        label_error=error[:300], label_lease_until=None, label_unsure=is_unsure
    )
    shipment.refresh_from_db(fields=["label_error", "label_lease_until", "label_unsure"])


def _keep(shipment: Shipment, label: Label) -> Shipment:
    name = shipment.label.storage.save(f"labels/{shipment.reference}.pdf", ContentFile(label.pdf))
    with transaction.atomic():
        kept = hold_shipment(shipment)
        known = {
            "tracking_number": label.tracking_number,
            "provider_ref": label.provider_ref,
            "service": label.service,
            "cost_minor": label.cost_minor,
            "currency": label.currency or kept.currency,
            "label": name,
            "label_error": "",
            "label_lease_until": None,
            "label_unsure": False,
        }
        if kept.status == Status.LABEL_PENDING:
            kept.move_to(Status.LABELLED, **known)
            events.record("shipment.labelled", kept, carrier=kept.carrier)
        else:  # cancelled while the carrier was asked
            Shipment.objects.filter(pk=kept.pk).update(**known, label_voided=False)
            events.record("shipment.label_orphaned", kept)
    return kept
