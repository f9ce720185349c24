"""The account itself and its balance, as far as a set-up check asks for them."""

from shop.dev.stripe_sim.sim import Sim


def current(sim: Sim, params: dict) -> dict:
    return {
        "id": "acct_1TillSimulated",
        "object": "account",
        "business_profile": {"name": "Simulated account", "url": None},
        "capabilities": {f"{kind}_payments": "active" for kind in ("card", "sepa_debit")},
        "charges_enabled": True,
        "country": sim.option("country"),
        "default_currency": "eur",
        "details_submitted": True,
        "email": "simulated@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
            "card_payments": {"decline_on": {"avs_failure": False, "cvc_failure": False}},
            "dashboard": {"display_name": "Simulated account", "timezone": "Etc/UTC"},
            "payments": {"statement_descriptor": "TILL"},
        },
        "type": "standard",
    }


def balance(sim: Sim, params: dict) -> dict:
    """What is on the balance, by currency: available once its day has come, pending until then."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for entry in sim.store.find("balance_transaction"):
        part = sums["available" if entry["available_on"] <= sim.now() else "pending"]
        part[entry["currency"]] = part.get(entry["currency"], 0) + entry["net"]
    listed = {
        name: [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in part.items()
        ]
        for name, part in sums.items()
    }
    return {"object": "balance", "livemode": False, **listed}
