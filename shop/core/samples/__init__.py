"""Sample data of the style guide: plain values in the shapes that the components ask for. The shop reads nothing of it."""

from functools import partial

from shop.core.money import Money

eur = partial(Money, currency="EUR")
PICTURES = "/styleguide/pictures/"


def picture(
    name: str, alt: str = "", *, size: tuple[int, int] = (1200, 1200), colour: str = "#c9c3b8"
) -> dict:
    src = f"{PICTURES}{name}.webp"
    return {
        "src": src,
        "large": src,
        "thumb": src,
        "srcset": "",
        "width": size[0],
        "height": size[1],
        "alt": alt,
        "colour": colour,
    }


SHOP = {
    "name": "Isoline",
    "tagline": "Prints and everyday objects, drawn by code.",
    "company": "Isoline Studio GmbH",
    "street": "Lindengasse 12",
    "postcode": "1070",
    "city": "Vienna",
    "email": "hello@isoline.example",
    "currency": "EUR",
    "return_days": 30,
    "free_delivery_from_minor": 6000,
    "demo_notice": "Demo shop: nothing here is for sale, no real payments.",
}
