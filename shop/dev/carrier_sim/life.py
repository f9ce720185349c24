"""The life of a parcel, the same for both carriers; how each tells it is in `ups_events` and `fedex_events`.

    created → label → picked_up → in_transit → out_for_delivery → delivered

`created` is the moment right after the label, when the carrier's tracking knows nothing yet. At any time the parcel can
be set to one of the side stages; `advance` then goes on where it left the road. A parcel that is returning ends at
the sender's door.
"""

import time

from .store import Event, Parcel, Store

ROAD = ("created", "label", "picked_up", "in_transit", "out_for_delivery", "delivered")
SIDE = (
    "delayed",
    "exception",
    "failed_attempt",
    "ready_for_pickup",
    "returning",
    "returned",
    "voided",
    "odd",
)
ENDS = {"delivered", "returned", "voided"}


def advance(store: Store, parcel: Parcel, *, steps: int = 1) -> list[Event]:
    """Move it up to `steps` stages along its road; at the end nothing happens."""
    done = []
    for _ in range(steps):
        stage = _next(store, parcel)
        if stage is None:
            break
        done.append(store.happen(parcel.number, stage, at=_now(store, parcel)))
    return done


def put(store: Store, parcel: Parcel, *, stage: str) -> Event:
    """Set it to any stage but `created`."""
    return store.happen(parcel.number, stage, at=_now(store, parcel))


def advance_due(store: Store, *, seconds: float) -> list[tuple[Parcel, Event]]:
    """Every parcel whose last stage is older than `seconds` takes one step."""
    now, moved = time.time(), []
    for parcel in store.parcels():
        last = (store.events(parcel.number) or [Event("created", parcel.made_at)])[-1]
        if now - last.at >= seconds:
            moved += [(parcel, event) for event in advance(store, parcel)]
    return moved


def _next(store: Store, parcel: Parcel) -> str | None:
    stages = [event.stage for event in store.events(parcel.number)]
    last = stages[-1] if stages else "created"
    if last in ENDS:
        return None
    if last == "returning":
        return "returned"
    reached = max((ROAD.index(stage) for stage in stages if stage in ROAD), default=0)
    return ROAD[reached + 1]


def _now(store: Store, parcel: Parcel) -> float:
    """Never before the event that came before, whatever the clock does."""
    return max([time.time()] + [event.at for event in store.events(parcel.number)[-1:]])
