"""The label of a parcel: from, to, service, weight, and its tracking number as a bar code that a scanner reads."""

from . import code128, drawing, prices
from .store import Parcel


def marks(parcel: Parcel) -> list[tuple]:
    """What is drawn, for `drawing.pdf` and `drawing.png`."""
    return [
        *(("text", 14, 412 - line * 10, 8, words) for line, words in enumerate(_address(parcel.sender))),
        ("text", 200, 404, 14, f"{parcel.grams / 1000:.2f} KG"),
        ("bar", 8, 348, 272, 1.5),
        ("text", 14, 334, 8, "SHIP TO"),
        *(("text", 30, 316 - line * 14, 12, words) for line, words in enumerate(_address(parcel.recipient))),
        ("bar", 8, 230, 272, 4),
        ("text", 14, 210, 15, prices.name(parcel.carrier, parcel.service)),
        ("text", 14, 194, 10, f"TRACKING {parcel.number}"),
        ("bar", 8, 186, 272, 1.5),
        *_bars(parcel.number, bottom=70, height=100),
        ("text", 40, 52, 12, parcel.number),
        ("bar", 8, 40, 272, 4),
        ("text", 14, 26, 8, f"REF {parcel.reference}"),
        ("text", 14, 12, 7, "SIMULATED LABEL - NOT FOR SHIPPING"),
    ]


def pdf(parcel: Parcel) -> bytes:
    return drawing.pdf(marks(parcel), title=parcel.number)


def png(parcel: Parcel) -> bytes:
    return drawing.png(marks(parcel))


def _address(party: dict) -> list[str]:
    town = " ".join(
        part for part in (party["postcode"], party["city"], party["region"], party["country"]) if part
    )
    names = [name for name in (party["company"], party["name"]) if name]
    return [*dict.fromkeys(names), *party["lines"], town][:6]


def _bars(text: str, *, bottom: float, height: float) -> list[tuple]:
    found, x = [], 0.0
    widths = code128.widths(text)
    module = (
        int(260 / sum(widths) * drawing.DOTS) / drawing.DOTS
    )  # whole dots: every bar is as wide as it says
    left = (drawing.WIDTH - sum(widths) * module) / 2
    for index, width in enumerate(widths):
        if index % 2 == 0:
            found.append(("bar", left + x, bottom, width * module, height))
        x += width * module
    return found
