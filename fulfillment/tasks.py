"""Thin doors for workers: each re-reads its subject and is safe to run twice."""

from celery import shared_task

from fulfillment import delivering, labelling, mails, noticing, releasing, tracking, watching
from fulfillment.models import Return, Shipment
from orders.models import Order
from shop.core.models import Notice


@shared_task
def release_order(order_id: int) -> None:
    releasing.release(Order.objects.get(pk=order_id))


@shared_task
def release_preorders(variant_id: int) -> None:
    for order in releasing.waiting_for(variant_id):
        releasing.release(order)


@shared_task
def grant_downloads(order_id: int) -> None:
    delivering.deliver(Order.objects.get(pk=order_id))


@shared_task
def revoke_downloads(order_id: int) -> None:
    delivering.revoke_refunded(Order.objects.get(pk=order_id))


@shared_task
def revoke_refunded_downloads(refund_id: int) -> None:
    delivering.revoke_refunded(Order.objects.get(refunds=refund_id))


@shared_task(lane="mail")
def send_downloads(order_id: int) -> None:
    mails.downloads(Order.objects.get(pk=order_id))


@shared_task
def call_back_order(order_id: int) -> None:
    releasing.call_back(Order.objects.get(pk=order_id))


@shared_task
def fetch_label(shipment_id: int) -> None:
    labelling.fetch(Shipment.objects.get(pk=shipment_id))


@shared_task
def void_label(shipment_id: int) -> None:
    labelling.void(Shipment.objects.get(pk=shipment_id))


@shared_task
def watch_parcel(shipment_id: int) -> None:
    watching.watch(Shipment.objects.get(pk=shipment_id))


@shared_task
def refresh_tracking(shipment_id: int) -> None:
    tracking.refresh(Shipment.objects.get(pk=shipment_id))


@shared_task
def apply_tracking_notice(notice_id: int) -> None:
    noticing.apply_notice(Notice.objects.get(pk=notice_id))


@shared_task
def poll_tracking() -> None:
    tracking.poll_due()


@shared_task(lane="mail")
def send_shipped(shipment_id: int) -> None:
    mails.shipped(Shipment.objects.with_contents().get(pk=shipment_id))


@shared_task(lane="mail")
def send_delivered(shipment_id: int) -> None:
    mails.delivered(Shipment.objects.with_contents().get(pk=shipment_id))


@shared_task(lane="mail")
def send_return_requested(return_id: int) -> None:
    _tell(return_id, "requested")


@shared_task(lane="mail")
def send_return_approved(return_id: int) -> None:
    _tell(return_id, "approved")


@shared_task(lane="mail")
def send_return_refused(return_id: int) -> None:
    _tell(return_id, "refused")


@shared_task(lane="mail")
def send_return_received(return_id: int) -> None:
    _tell(return_id, "received")


@shared_task(lane="mail")
def send_return_refunded(return_id: int) -> None:
    _tell(return_id, "refunded")


@shared_task(lane="mail")
def send_return_closed(return_id: int) -> None:
    _tell(return_id, "closed")


def _tell(return_id: int, step: str) -> None:
    mails.return_step(Return.objects.with_lines().get(pk=return_id), step)
