"""Thin doors for workers: each re-reads its subject and is safe to run twice."""

from celery import shared_task

from checkout.models import VatCheck
from orders import (
    documents,
    doubting,
    expiring,
    issuing,
    lapsing,
    mails,
    reconciling,
    reminding,
    sending_cards,
    submitting,
)
from orders.emptying import empty_cart
from orders.joining import join_orders
from orders.models import Order, PaymentAttempt, Refund
from orders.noticing import apply_notice
from orders.replacing import settle_rivals
from orders.settling import capture
from orders.withdrawing import withdraw
from shop.accounts.models import User
from shop.core.models import Notice


@shared_task(lane="critical")
def apply_payment_notice(notice_id: int) -> None:
    apply_notice(Notice.objects.get(pk=notice_id))


@shared_task(lane="critical")
def submit_refund(refund_id: int) -> None:
    submitting.submit(Refund.objects.get(pk=refund_id))


@shared_task(lane="critical")
def withdraw_payments(order_id: int) -> None:
    """Nothing of a cancelled order may be paid any more."""
    for attempt in PaymentAttempt.objects.active().filter(order=order_id):
        withdraw(attempt)


@shared_task(lane="critical")
def capture_payments(order_id: int) -> None:
    for attempt in PaymentAttempt.objects.filter(order=order_id, status="authorized"):
        capture(attempt)


@shared_task(lane="critical")
def give_up_rivals(order_id: int) -> None:
    """Nobody pays twice for one cart."""
    settle_rivals(Order.objects.select_related("checkout").get(pk=order_id))


@shared_task
def empty_cart_of(order_id: int) -> None:
    empty_cart(Order.objects.get(pk=order_id))


@shared_task(lane="mail")
def send_confirmation(order_id: int) -> None:
    mails.confirmation(Order.objects.get(pk=order_id))


@shared_task(lane="mail")
def send_receipt(order_id: int) -> None:
    order = Order.objects.get(pk=order_id)
    mails.receipt(order, document=documents.issue_receipt(order))


@shared_task(lane="critical")
def issue_gift_cards(order_id: int) -> None:
    if issuing.issue(Order.objects.get(pk=order_id)):
        sending_cards.send_due()


@shared_task(lane="critical")
def take_card_money(order_id: int) -> None:
    issuing.take_early(Order.objects.get(pk=order_id))


@shared_task(lane="mail")
def send_gift_cards() -> None:
    sending_cards.send_due()


@shared_task(lane="mail")
def send_cancellation(order_id: int) -> None:
    mails.cancellation(Order.objects.get(pk=order_id))


@shared_task(lane="mail")
def send_refund(refund_id: int) -> None:
    mails.refund(Refund.objects.get(pk=refund_id))


@shared_task(lane="mail")
def send_payment_failed(order_id: int) -> None:
    mails.payment_failed(Order.objects.get(pk=order_id))


@shared_task(lane="mail")
def send_transfer_details(order_id: int) -> None:
    mails.transfer_details(Order.objects.get(pk=order_id))


@shared_task(lane="mail")
def send_payment_short(order_id: int) -> None:
    mails.payment_short(Order.objects.get(pk=order_id))


@shared_task
def join_guest_orders(user_id: int) -> None:
    join_orders(User.objects.get(pk=user_id))


@shared_task(lane="critical")
def settle_payments() -> None:
    reconciling.settle_due()


@shared_task(lane="critical")
def read_back_events() -> None:
    reconciling.read_back_events()


@shared_task(lane="critical")
def expire_unpaid() -> None:
    expiring.expire_unpaid()


@shared_task(lane="mail")
def remind_unpaid() -> None:
    reminding.remind_unpaid()


@shared_task
def flag_trusting_orders(check_id: int) -> None:
    doubting.flag_trusting(VatCheck.objects.get(pk=check_id).vat_id)


@shared_task
def note_confirmed_vat_id(check_id: int) -> None:
    doubting.note_confirmed(VatCheck.objects.get(pk=check_id).vat_id)


@shared_task(lane="critical")
def take_lapsing() -> None:
    lapsing.take_lapsing()
