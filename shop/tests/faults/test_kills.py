"""F10: web and worker processes are killed at random while people buy, by cash and by card. Nothing is lost or doubled.

The seed decides who buys what and who dies when; FAULTS_SEED replays it.
"""

import os
import random
import signal
import threading
import time
from collections import Counter

import pytest
from django.db.models.functions import Now

from catalog.tests.factories import make_variant
from orders.models import Order, PaymentAttempt
from orders.reconciling import settle_due
from shop.core import integrity, outbox
from shop.core.models import Delivery, Message, Notice
from shop.tests.faults.history import Crowd, contradictions
from shop.tests.faults.servers import QUEUES, Program, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SEED = int(os.environ.get("FAULTS_SEED", "20261121"))
BUYERS = 4


@pytest.mark.parametrize(
    ("kills", "stock"), [(5, 60), pytest.param(50, 400, marks=pytest.mark.long)], ids=["five", "fifty"]
)
def test_f10_random_kills_lose_nothing_and_double_nothing(servers, broker, mailbox, stripe, kills, stock):
    variant = make_variant(stock=stock)
    web = servers.web(wait=False)
    hands = servers.worker(processes=2)
    web.wait()
    stripe.listen(f"{web.url}/hooks/stripe/")
    crowd = Crowd(web.url, variant, SEED)
    people = [threading.Thread(target=crowd.keep_buying, args=[who]) for who in range(BUYERS)]
    for person in people:
        person.start()
    try:
        seen = storm(crowd, web, hands, kills=kills)
    finally:
        crowd.stopped.set()
        for person in people:
            person.join(timeout=120)
    calm_down(stripe)

    print(
        f"seed {SEED}: {len(crowd.purchases)} purchases, {Counter(p.outcome for p in crowd.purchases)}, {seen}"
    )
    assert crowd.strange == []
    assert contradictions(crowd.purchases, stock=stock) == []
    assert sum(purchase.outcome == "ok" for purchase in crowd.purchases) >= kills
    assert once_each(stripe, mailbox) == []


def storm(crowd: Crowd, web: Program, hands: Program, *, kills: int) -> Counter:
    """Kill after every one to three purchases; the books are read in between, under load."""
    chance, done = random.Random(SEED), Counter()
    for _kill in range(kills):
        target = crowd.ended() + chance.randint(1, 3)
        until = time.monotonic() + 20
        while crowd.ended() < target and time.monotonic() < until:
            time.sleep(0.02)
        victim = chance.choices(["web", "hands", "all hands"], [6, 3, 1])[0]
        done[victim] += 1
        if victim == "all hands":
            hands.kill()
            hands.restart()
        else:
            kill_one(web if victim == "web" else hands, chance)
        assert {c: w for c, w in integrity.run().items() if w and not c.startswith(("N17", "N18"))} == {}
    return done


def kill_one(program: Program, chance: random.Random) -> None:
    workers = wait_until(program.workers, seconds=20)
    os.kill(chance.choice(workers), signal.SIGKILL)


def calm_down(stripe) -> None:
    """What time would do: leases end, payments are looked at again, the backlog drains."""
    assert stripe.flush(timeout=30)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        Delivery.objects.filter(done_at=None).update(lease_until=None, due_at=Now())
        PaymentAttempt.objects.active().update(next_check_at=Now())
        settle_due()
        for queue in QUEUES.split(","):
            outbox.poke(queue)
        if not Delivery.objects.filter(done_at=None).exists():
            return
        time.sleep(0.5)
    raise AssertionError("the backlog does not drain")


def once_each(stripe, mailbox) -> list[str]:
    """One charge for each paid order, one confirmation or receipt for each confirmed one, no mail twice but by a crash."""
    found = []
    charged = [p["metadata"]["order"] for p in intents(stripe) if p["status"] == "succeeded"]
    paid = list(Order.objects.filter(payment_status="paid").values_list("number", flat=True))
    if sorted(charged) != sorted(paid):
        found.append(f"charged {sorted(charged)}, paid {sorted(paid)}")
    for order in Order.objects.filter(status="confirmed"):
        told = Message.objects.filter(to=order.email, name__in=["order_confirmed", "receipt"])
        if told.count() != 1 or told.get().status != "sent":
            found.append(f"{order.number} was told {list(told.values_list('name', 'status'))}")
    sent = Counter(mailbox.ids())
    if len(sent) != Message.objects.count() or max(sent.values(), default=1) > 2:
        found.append(f"{Message.objects.count()} mails, {sent}")
    if Notice.objects.filter(status__in=["pending", "unmatched"]).exists():
        found.append("a notice was not applied")
    return found


def intents(stripe) -> list[dict]:
    from checkout.gateways.stripe_client import client

    return [one.to_dict() for one in client().v1.payment_intents.list({"limit": 100}).auto_paging_iter()]
