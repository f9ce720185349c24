"""What a developer, a test or the demo tells the simulator under `/_sim/`; no carrier has these addresses.

GET  /_sim/health · /_sim/parcels · /_sim/requests[?operation=ups.ship]
POST /_sim/advance  {tracking_number, steps=1}        POST /_sim/stage    {tracking_number, stage}
POST /_sim/fault    {operation, kind, after=false, status=500, seconds=30, times=1}; DELETE /_sim/fault forgets all
POST /_sim/webhook  {carrier, url, secret}            POST /_sim/push     {tracking_number}: the last event again
POST /_sim/revoke   every token is worthless          POST /_sim/reset    forgets everything
"""

from collections.abc import Callable

from . import faults, life, pushing, tokens
from .store import Parcel, Store
from .wire import Call, Problem, Reply, text


def answer(store: Store, call: Call) -> Reply:
    control = CONTROLS.get((call.method, call.path.removeprefix("/_sim/").strip("/")))
    if control is None:
        raise refusal(404, "No such control; see shop/dev/carrier_sim/controls.py.")
    body = call.json()
    if body is None:
        raise refusal(400, "The body is no JSON object.")
    return Reply(200, control(store, call, body))


def refusal(status: int, message: str) -> Problem:
    return Problem(Reply(status, {"error": message}))


def told(store: Store, parcel: Parcel) -> dict:
    """A parcel with its history, as the controls show it."""
    events = [{"stage": event.stage, "at": event.at} for event in store.events(parcel.number)]
    return parcel.__dict__ | {"stage": (store.parcel(parcel.number) or parcel).stage, "events": events}


def _parcel(store: Store, body: dict) -> Parcel:
    parcel = store.parcel(text(body, "tracking_number"))
    if parcel is None:
        raise refusal(404, "No parcel has this tracking number.")
    return parcel


def _health(store: Store, call: Call, body: dict) -> dict:
    return {"ok": True, "parcels": len(store.parcels())}


def _parcels(store: Store, call: Call, body: dict) -> dict:
    return {"parcels": [told(store, parcel) for parcel in store.parcels()]}


def _requests(store: Store, call: Call, body: dict) -> dict:
    wanted = call.query.get("operation", "%")
    rows = store.run("SELECT * FROM requests WHERE operation LIKE ? ORDER BY id", wanted)
    return {"requests": [dict(row) for row in rows]}


def _advance(store: Store, call: Call, body: dict) -> dict:
    parcel, steps = _parcel(store, body), body.get("steps", 1)
    if not isinstance(steps, int) or not 1 <= steps <= 20:
        raise refusal(400, "steps is a whole number from 1 to 20.")
    pushed = [pushing.push(store, parcel, event) for event in life.advance(store, parcel, steps=steps)]
    return told(store, parcel) | {"pushed": pushed}


def _stage(store: Store, call: Call, body: dict) -> dict:
    parcel, stage = _parcel(store, body), text(body, "stage")
    if stage not in life.ROAD[1:] + life.SIDE:
        raise refusal(400, f"stage is one of {', '.join(life.ROAD[1:] + life.SIDE)}.")
    pushed = pushing.push(store, parcel, life.put(store, parcel, stage=stage))
    return told(store, parcel) | {"pushed": [pushed]}


def _push(store: Store, call: Call, body: dict) -> dict:
    parcel = _parcel(store, body)
    events = store.events(parcel.number)
    return {"pushed": [pushing.push(store, parcel, events[-1])] if events else []}


def _webhook(store: Store, call: Call, body: dict) -> dict:
    if text(body, "carrier") not in ("ups", "fedex"):
        raise refusal(400, "carrier is ups or fedex.")
    pushing.configure(
        store, carrier=text(body, "carrier"), url=text(body, "url"), secret=text(body, "secret")
    )
    return {"ok": True}


def _fault(store: Store, call: Call, body: dict) -> dict:
    plan = {"operation": "*", "kind": "error", "after": False, "status": 500, "seconds": 30, "times": 1}
    if body.keys() - plan.keys() or body.get("kind", "error") not in faults.KINDS:
        raise refusal(400, f"A fault has {', '.join(plan)}; kind is one of {', '.join(faults.KINDS)}.")
    faults.plan(store, **(plan | body))
    return {"ok": True}


def _no_fault(store: Store, call: Call, body: dict) -> dict:
    faults.forget(store)
    return {"ok": True}


def _revoke(store: Store, call: Call, body: dict) -> dict:
    tokens.revoke_all(store)
    return {"ok": True}


def _reset(store: Store, call: Call, body: dict) -> dict:
    store.clear()
    return {"ok": True}


CONTROLS: dict[tuple[str, str], Callable[[Store, Call, dict], dict]] = {
    ("GET", "health"): _health,
    ("GET", "parcels"): _parcels,
    ("GET", "requests"): _requests,
    ("POST", "advance"): _advance,
    ("POST", "stage"): _stage,
    ("POST", "push"): _push,
    ("POST", "webhook"): _webhook,
    ("POST", "fault"): _fault,
    ("DELETE", "fault"): _no_fault,
    ("POST", "revoke"): _revoke,
    ("POST", "reset"): _reset,
}
