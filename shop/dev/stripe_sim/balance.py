"""The account's balance: what each charge, refund and dispute brought or took, and what Stripe kept of it.

Money is settled in the currency of the charge.
"""

from decimal import ROUND_HALF_UP, Decimal

from shop.dev.stripe_sim import lists
from shop.dev.stripe_sim.errors import missing
from shop.dev.stripe_sim.events import emit
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.sim import DAY, Sim


def book(sim: Sim, charge: dict) -> dict:
    """The captured amount, less Stripe's fee, arrives on the balance."""
    amount = charge["amount_captured"]
    share = (Decimal(amount) * Decimal(sim.option("fee_percent")) / 100).quantize(Decimal(1), ROUND_HALF_UP)
    fee = min(amount, int(share) + sim.option("fee_fixed"))
    entry = balance_transaction(sim, "charge", amount, fee=fee, source=charge)
    charge["balance_transaction"] = entry["id"]
    sim.store.save(charge)
    return entry


def settle(sim: Sim, charge_id: str) -> None:
    charge = sim.store.get("charge", charge_id)
    if charge and not charge["balance_transaction"]:
        book(sim, charge)
        emit(sim, "charge.updated", charge, previous={"balance_transaction": None})


def balance_transaction(
    sim: Sim,
    kind: str,
    amount: int,
    *,
    fee: int,
    source: dict,
    category: str | None = None,
    words: str | None = None,
) -> dict:
    """One entry of the account's balance: what came or went, and what Stripe kept of it."""
    fees = [{"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee",
             "description": "Stripe processing fees" if kind == "charge" else "Dispute fee"}]  # fmt: skip
    return sim.store.add(
        {
            "id": new_id("balance_transaction"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": sim.now() + 2 * DAY,
            "balance_type": "payments",
            "created": sim.now(),
            "currency": source["currency"],
            "description": words or source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": fees if fee else [],
            "net": amount - fee,
            "reporting_category": category or kind,
            "source": source["id"],
            "status": "pending",
            "type": kind,
        }
    )


def retrieve_balance_transaction(sim: Sim, params: dict, entry_id: str) -> dict:
    entry = sim.store.get("balance_transaction", entry_id)
    if not entry:
        raise missing("balance transaction", entry_id)
    return entry


def listed_balance_transactions(sim: Sim, params: dict) -> dict:
    url = "/v1/balance_transactions"
    return lists.page(sim, "balance_transaction", params, url=url, filters=("source", "type", "currency"))
