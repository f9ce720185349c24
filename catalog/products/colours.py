"""The plain colours that people filter by, as dots beside their names. Other names get no dot."""

BASIC = {
    "black": "#1d1b20",
    "blue": "#3568a8",
    "brown": "#7b5538",
    "cream": "#efe4cc",
    "gold": "#c49a3c",
    "green": "#4d8a57",
    "grey": "#8c8a88",
    "orange": "#e0803a",
    "pink": "#e59bb0",
    "purple": "#7a5aa0",
    "red": "#c0392f",
    "teal": "#2f8f8a",
    "white": "#ffffff",
    "yellow": "#ecc94b",
}


def colour_of(name: str) -> str:
    """ "Blue" → "#3568a8"; empty for a name that is no plain colour."""
    return BASIC.get(name.strip().lower(), "")
