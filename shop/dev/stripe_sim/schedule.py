"""What happens by itself after a while: debits that arrive, refunds that fail, holds and sessions that run out."""

import logging
import threading

from shop.dev.stripe_sim import balance, concluding, debits, disputes, refunds, sessions
from shop.dev.stripe_sim.errors import ApiError
from shop.dev.stripe_sim.sim import Asked, Sim

TICK = 0.1
log = logging.getLogger("stripe_sim")


def finish_debit(sim: Sim, intent_id: str) -> None:
    intent = debits.finish_debit(sim, intent_id)
    if intent:
        sessions.follow(sim, intent)


def expire_session(sim: Sim, session_id: str) -> None:
    session = sim.store.get("checkout.session", session_id)
    if session and session["status"] == "open":
        sessions.close(sim, session)


ACTIONS = {
    "settle_charge": balance.settle,
    "finish_debit": finish_debit,
    "finish_refund": refunds.finish,
    "fail_refund": refunds.fail,
    "open_dispute": disputes.open_for,
    "expire_hold": concluding.expire_hold,
    "expire_session": expire_session,
}


def run_due(sim: Sim) -> int:
    """Do everything whose time has come, each in a transaction of its own; how much that was."""
    done = 0
    while True:
        found = sim.store.rows("SELECT * FROM later WHERE due <= ? ORDER BY due, seq LIMIT 1", sim.now())
        if not found:
            return done
        done += _run(sim, found[0]["seq"], found[0]["action"], found[0]["subject"])


def _run(sim: Sim, seq: int, action: str, subject: str) -> int:
    try:
        with sim.store.transaction():
            if not sim.store.run("DELETE FROM later WHERE seq = ?", seq):
                return 0  # another thread was faster
            sim.asked = Asked()
            ACTIONS[action](sim, subject)
    except Exception as problem:
        # An ApiError says that the world has moved on (the charge to be disputed was refunded meanwhile). Either way the row
        # must go, or it would come round for ever.
        log.log(
            logging.INFO if isinstance(problem, ApiError) else logging.ERROR,
            "%s of %s: %s",
            action,
            subject,
            problem,
        )
        sim.store.run("DELETE FROM later WHERE seq = ?", seq)
    return 1


class Timer:
    """The thread that runs what is due."""

    def __init__(self, sim: Sim) -> None:
        self.sim = sim
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work, name="timer", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def work(self) -> None:
        while not self.stopping.wait(TICK):
            run_due(self.sim)

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(timeout=5)
