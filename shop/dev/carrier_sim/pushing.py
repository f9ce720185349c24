"""Telling the shop: one POST per event, to the address that was subscribed or configured for the carrier.

UPS does not try again when the shop fails to answer; the simulator does not either.
"""

import json
import urllib.error
import urllib.request

from . import fedex_events, ups_events
from .store import Event, Parcel, Store

SECONDS = 5
STRAIGHT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def configure(store: Store, *, carrier: str, url: str, secret: str) -> None:
    """All parcels of the carrier are told to `url`; an empty one stops it."""
    store.run("DELETE FROM webhooks WHERE who = ?", carrier)
    if url:
        store.run("INSERT INTO webhooks VALUES (?, ?, ?)", carrier, url, secret)


def push(store: Store, parcel: Parcel, event: Event) -> int | None:
    """The shop's status code; 0 when it could not be reached; None when nobody wants to know."""
    targets = store.run(
        "SELECT who, url, secret FROM webhooks WHERE who IN (?, ?)", parcel.number, parcel.carrier
    )
    target = next((one for one in sorted(targets, key=lambda one: one["who"] != parcel.number)), None)
    if target is None:
        return None
    if parcel.carrier == "ups":
        headers, content = ups_events.alert(parcel, event)
        headers["credential"], raw = target["secret"], json.dumps(content).encode()
    else:
        headers, raw = fedex_events.push(store, parcel, event, secret=target["secret"])
    request = urllib.request.Request(target["url"], data=raw, method="POST")
    for name, value in {"Content-Type": "application/json", **headers}.items():
        request.add_header(name, value)
    return _send(request)


def _send(request: urllib.request.Request) -> int:
    try:
        with STRAIGHT.open(request, timeout=SECONDS) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0
