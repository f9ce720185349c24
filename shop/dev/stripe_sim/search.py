"""Stripe's search language (https://docs.stripe.com/search) for PaymentIntents: `status:"succeeded" metadata["order"]:"T-1"`.

Clauses are joined by AND or by OR, never both; `-` negates; `:` compares exactly, `~` finds a part, `<` `>` `<=` `>=` numbers.
Search lags behind writing by up to a minute with Stripe: never read it right after a change.
"""

import re
from collections.abc import Callable

from shop.dev.stripe_sim.errors import invalid
from shop.dev.stripe_sim.sim import Sim

FIELDS = {"amount", "created", "currency", "customer", "status"}
CLAUSE = re.compile(
    r"""(?P<minus>-)?(?P<field>\w+)(?:\[(?P<q>["'])(?P<key>[^"']+)(?P=q)\])?\s*(?P<sign>:|~|>=|<=|>|<)\s*"""
    r"""(?:(?P<v>["'])(?P<text>(?:\\.|(?!(?P=v)).)*)(?P=v)|(?P<number>\d+)|(?P<null>null))\s*"""
)
JOINT = re.compile(r"(AND|OR)\s+", re.IGNORECASE)
Test = Callable[[dict], bool]


def search_intents(sim: Sim, params: dict) -> dict:
    holds = parse(params["query"])
    limit, skip = (
        params.get("limit", 10),
        int(params.get("page", "0")) if params.get("page", "0").isdigit() else 0,
    )
    known = sim.now() - sim.option("search_lag_seconds")
    found = [
        intent for intent in sim.store.find("payment_intent") if intent["created"] <= known and holds(intent)
    ]
    more = len(found) > skip + limit
    return {
        "object": "search_result",
        "url": "/v1/payment_intents/search",
        "has_more": more,
        "next_page": str(skip + limit) if more else None,
        "data": found[skip : skip + limit],
    }


def parse(query: str) -> Test:
    """The query as a question to one intent. Clauses with only a space between them are joined by AND."""
    rest, tests, joints = query.strip(), [], set()
    while rest:
        match = CLAUSE.match(rest)
        if not match:
            raise invalid(f"We were unable to parse your search query near '{rest}'.", param="query")
        tests.append(_test(match))
        rest = rest[match.end() :]
        joint = JOINT.match(rest)
        if joint or rest:
            joints.add(joint[1].upper() if joint else "AND")
            rest = rest[joint.end() :] if joint else rest
    if not tests or len(joints) > 1:
        raise invalid(
            "We were unable to parse your search query: join clauses by AND or by OR.", param="query"
        )
    every = "OR" not in joints
    return lambda intent: (all if every else any)(test(intent) for test in tests)


def _test(match: re.Match) -> Test:
    field, key, sign = match["field"], match["key"], match["sign"]
    if field not in FIELDS | {"metadata"} or (field == "metadata") != bool(key):
        raise invalid(
            f"Field `{field}` is an unsupported search field for resource `payment_intents`.", param="query"
        )
    wanted = None if match["null"] else match["text"] if match["number"] is None else match["number"]
    negated = bool(match["minus"])

    def holds(intent: dict) -> bool:
        has = intent["metadata"].get(key) if key else intent.get(field)
        return _compare(has, sign, wanted) != negated

    return holds


def _compare(has: object, sign: str, wanted: str | None) -> bool:
    if wanted is None or has is None:
        return has is None and wanted is None
    if sign == ":":
        return str(has).lower() == wanted.lower()
    if sign == "~":
        return wanted.lower() in str(has).lower()
    number, bound = int(str(has)), int(wanted)
    return {">": number > bound, "<": number < bound, ">=": number >= bound, "<=": number <= bound}[sign]
