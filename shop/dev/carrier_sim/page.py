"""The page at `/`: the parcels, and buttons that move them. For people who look at the demo."""

from datetime import datetime
from html import escape

from . import label, life, prices, pushing
from .store import Parcel, Store
from .wire import Call, Reply

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d1d1b }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .5rem; border-bottom: 1px solid #ddd }
form { display: inline } button, select { font: inherit; padding: .2rem .6rem } code { font-size: .95em }
"""


def show(store: Store, call: Call) -> Reply:
    rows = "".join(_row(store, parcel) for parcel in store.parcels())
    table = f"<table><tr><th>Parcel<th>From, to<th>Where it is<th>Move</tr>{rows}</table>"
    empty = "<p>No parcels yet: make a label in the shop.</p>"
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Carriers, simulated</title>
<meta name="viewport" content="width=device-width"><style>{STYLE}</style>
<h1>Carriers, simulated</h1>{table if rows else empty}</html>"""
    return Reply(200, page.encode(), "text/html; charset=utf-8")


def move(store: Store, call: Call) -> Reply:
    """A button was pressed: one step on, or to a stage."""
    form = call.form()
    parcel = store.parcel(form.get("number", ""))
    if parcel and form.get("stage") in life.ROAD[1:] + life.SIDE:
        pushing.push(store, parcel, life.put(store, parcel, stage=form["stage"]))
    elif parcel:
        for event in life.advance(store, parcel):
            pushing.push(store, parcel, event)
    return Reply(303, b"", "text/plain", headers={"Location": "/"})


def paper(store: Store, call: Call) -> Reply:
    """The label of a parcel as a PDF."""
    parcel = store.parcel(call.query.get("number", ""))
    return (
        Reply(200, label.pdf(parcel), "application/pdf")
        if parcel
        else Reply(404, b"No such parcel.", "text/plain")
    )


def _row(store: Store, parcel: Parcel) -> str:
    number, events = escape(parcel.number), store.events(parcel.number)
    since = datetime.fromtimestamp(events[-1].at if events else parcel.made_at).strftime("%d %b %H:%M")
    options = "".join(f"<option>{stage}" for stage in life.ROAD[1:] + life.SIDE)
    ended = parcel.stage in life.ENDS
    step = f'<form method="post"><input type="hidden" name="number" value="{number}"><button>Next stage</button></form>'
    side = (
        f'<form method="post"><input type="hidden" name="number" value="{number}">'
        f'<select name="stage" aria-label="Stage">{options}</select> <button>Set</button></form>'
    )
    return (
        f'<tr><td><a href="/label?number={number}"><code>{number}</code></a><br>'
        f"{escape(prices.name(parcel.carrier, parcel.service))}<br>{escape(parcel.reference)}"
        f"<td>{escape(parcel.sender['city'])} → {escape(parcel.recipient['city'])}"
        f"<br>{escape(parcel.recipient['name'])}"
        f"<td>{escape(parcel.stage.replace('_', ' '))}<br>{since}<td>{'' if ended else step} {side}</tr>"
    )
