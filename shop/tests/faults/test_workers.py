"""E01, E05, E06, E07, E09, E12: workers that die, a broker that forgets, work that is handed over at the wrong moment."""

import os
import signal
import time

import pytest
from django.db import transaction
from redis import Redis

from catalog.tests.factories import make_variant
from orders import placing
from orders.models import Order
from shop.core import mail, outbox
from shop.core.faultpoints import Fault
from shop.core.models import Delivery, Event
from shop.dev.valkey import Valkey
from shop.tests.faults.buyers import Buyer, number_of
from shop.tests.faults.servers import QUEUES, Program, Servers, wait_until
from shop.tests.faults.weakening import weaken
from shop.tests.people import PASSWORD, ada

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 60


def queue_mails(count: int) -> None:
    for n in range(count):
        mail.send(
            "account_changed",
            to=f"reader{n}@example.com",
            key=f"fault-{n}",
            context={"email": f"reader{n}@example.com", "change": "Something changed"},
        )


def let_leases_run_out() -> None:
    Delivery.objects.filter(done_at=None).update(lease_until=None, due_at="2000-01-01T00:00Z")


def all_done() -> bool:
    return not Delivery.objects.filter(done_at=None).exists()


def waiting(broker: str) -> int:
    """Messages in the broker."""
    with Redis.from_url(broker) as client:
        return sum(client.llen(queue) for queue in QUEUES.split(","))


def test_e01_what_a_killed_worker_held_is_done_by_the_next_once(servers, broker, mailbox, tmp_path):
    dying = servers.worker(queues="mail", SHOP_FAULTS=f"outbox.leased:wait={tmp_path / 'never'}")
    queue_mails(11)
    wait_until(lambda: Delivery.objects.filter(lease_until__isnull=False).exists(), seconds=SECONDS)
    dying.kill()
    assert mailbox.accepted == []

    servers.worker(queues="mail")
    outbox.poke("mail")
    wait_until(lambda: Delivery.objects.filter(done_at=None).count() == 1, seconds=SECONDS)
    assert len(mailbox.accepted) == 10, "the dead worker's lease is respected"
    let_leases_run_out()
    outbox.poke("mail")
    wait_until(all_done, seconds=SECONDS)
    assert len(mailbox.accepted) == len(set(mailbox.ids())) == 11


def after_promise(monkeypatch, do) -> None:
    """`do` runs when all of an order is written and recorded, and nothing is committed yet."""
    real = placing.agree

    def agree(order, *, by):
        real(order, by=by)
        do()

    monkeypatch.setattr(placing, "agree", agree)


def fail():
    raise Fault("after everything was recorded")


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_e05_what_is_rolled_back_wakes_nobody(floor, books, broker, monkeypatch, guarded):
    after_promise(monkeypatch, fail)
    if not guarded:
        books.are_broken_on_purpose()
        weaken("outbox", put=monkeypatch.setattr)
    buyer = floor.buyer()
    page = buyer.to_payment({floor.sells(5): 1})
    before = waiting(broker)

    answer = buyer.press(page)

    assert answer.status == 500 and "There is a problem" in answer.text
    assert not Order.objects.exists() and not Event.objects.filter(name__startswith="order.").exists()
    assert (waiting(broker) == before) == guarded


def test_e06_no_worker_is_faster_than_the_commit(floor, books, servers, broker, mailbox, monkeypatch):
    variant = floor.sells(5)
    worker = servers.worker()
    after_promise(monkeypatch, lambda: time.sleep(0.4))

    buyer = floor.buyer()
    assert number_of(buyer.press(buyer.to_payment({variant: 1})))
    wait_until(lambda: mailbox.to("ada@example.com") and all_done(), seconds=SECONDS)
    assert set(Delivery.objects.values_list("attempts", "last_error")) == {(1, "")}
    assert "DoesNotExist" not in worker.log

    books.are_broken_on_purpose()
    weaken("outbox", put=monkeypatch.setattr)
    buyer = floor.buyer()
    assert number_of(buyer.press(buyer.to_payment({variant: 1})))
    wait_until(lambda: "Order matching query does not exist" in worker.log, seconds=SECONDS)


def test_e07_a_broker_that_dies_in_mid_checkout_costs_no_order_and_no_mail(shop_floor, mailbox, tmp_path):
    valkey = Valkey(tmp_path)
    valkey.prepare()
    child = valkey.child(log=tmp_path / "valkey.log")
    child.start()
    child.wait_ready()
    try:
        with Servers(tmp_path, valkey.url(), {"EMAIL_URL": mailbox.url}) as servers:
            web = servers.web(wait=False)
            worker = servers.worker()
            web.wait()
            buyer, usual = Buyer(web.url), Buyer(web.url)
            variant = make_variant(stock=5)
            took = usual.press(usual.to_payment({variant: 1}, email="before@example.com")).seconds
            wait_until(lambda: mailbox.to("before@example.com"), seconds=SECONDS)
            page = buyer.to_payment({variant: 1})

            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
            placed = buyer.press(page)

            assert number_of(placed) == Order.objects.latest("pk").number
            assert placed.seconds < took + 2
            seen = buyer.follow(placed)
            assert seen.status == 200 and seen.seconds < 2 + took
            child.start()
            child.wait_ready()
            poke_until(lambda: mailbox.to("ada@example.com"), broker=valkey.url())
            wait_until(all_done, seconds=SECONDS)
            assert worker.child.is_running
            assert len(mailbox.to("ada@example.com")) == 1
    finally:
        child.stop()


def poke_until(check, *, broker: str) -> None:
    """As the schedule does: wake every queue's workers now and then."""
    from celery import Celery

    schedule = Celery(broker=broker)

    def look():
        for queue in QUEUES.split(","):
            schedule.send_task(
                "shop.core.tasks.drain", kwargs={"queue": queue}, queue=queue, ignore_result=True
            )
        until = time.monotonic() + 1
        while time.monotonic() < until:
            if check():
                return True
            time.sleep(0.02)
        return False

    wait_until(look, seconds=SECONDS)
    schedule.close()


def test_e09_an_emptied_broker_takes_neither_carts_nor_sessions_nor_work(
    web, servers, valkey_server, mailbox
):
    variant = make_variant(stock=5)
    ada()
    earlier = Buyer(web.url)
    assert number_of(earlier.press(earlier.to_payment({variant: 1}, email="earlier@example.com")))
    buyer = Buyer(web.url)
    buyer.sign_in("ada@example.com", PASSWORD)
    page = buyer.to_payment({variant: 2})

    with Redis.from_url(valkey_server.url()) as client:
        client.flushall()

    assert buyer.is_signed_in() and buyer.has_cart()
    assert number_of(buyer.press(page))
    assert Delivery.objects.filter(done_at=None).exists()
    servers.outbox()
    wait_until(all_done, seconds=SECONDS)
    assert len(mailbox.to("earlier@example.com")) == len(mailbox.to("ada@example.com")) == 1


def test_e12_a_task_that_outlasts_the_brokers_patience_has_one_effect(servers, broker, books, mailbox):
    """The broker hands a message out again while it is still worked on. The control's worker takes work without a lease
    that outlasts it."""
    books.are_broken_on_purpose()
    slow = {"processes": 2, "FAULTS_VISIBILITY": "1", "SHOP_FAULTS": "mail.after_accept:sleep=4"}
    guarded = servers.worker(queues="mail", wait=False, **slow)
    control = servers.worker(queues="media", FAULTS_WITHOUT="lease", **slow)
    guarded.wait()
    with transaction.atomic():
        queue_mails(2)
        newest = Delivery.objects.latest("pk")
        Delivery.objects.filter(pk=newest.pk).update(queue="media")
    outbox.poke("media")
    wait_until(all_done, seconds=SECONDS)
    wait_until(lambda: len(mailbox.accepted) >= 3, seconds=SECONDS)

    assert was_handed_out_again(guarded) and was_handed_out_again(control)
    assert len(mailbox.to("reader0@example.com")) == 1
    twice = mailbox.to("reader1@example.com")
    assert len(twice) == 2 and len({mail["Message-ID"] for mail in twice}) == 1, (
        "as one mail, which programs show once"
    )


def was_handed_out_again(worker: Program) -> bool:
    lines = [line for line in worker.log.splitlines() if "drain[" in line and "received" in line]
    ids = [line.split("drain[")[1].split("]")[0] for line in lines]
    return len(ids) > len(set(ids))
