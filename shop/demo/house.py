"""The demo shop itself: its name and address, its policy pages and the pictures of its home page."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.html import format_html, format_html_join

from cart.models import GiftOption
from catalog.models import Hero
from shop.core.models import Page, Shop
from shop.demo import pictures
from shop.demo.catalogue import read

GIFTS = [
    (GiftOption.Kind.WRAP, "Contour paper", "Recycled paper with our contour lines, cotton ribbon", 390),
    (GiftOption.Kind.WRAP, "Plain linen wrap", "A cloth that is used again", 690),
    (GiftOption.Kind.CARD, "Greeting card", "We write your message on it by hand", 250),
]
BUTTONS = ["Browse the prints", "Browse Orbits", "Browse the mugs"]


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}."""
    data = read("catalogue")
    load_shop(data)
    load_pages()
    load_heroes(data["media"]["heroes"])
    load_gifts()
    return {"pages": Page.objects.count(), "home pictures": Hero.objects.count()}


def load_shop(data: dict) -> None:
    given = data["shop"]
    shop, _made = Shop.objects.update_or_create(
        pk=1,
        defaults={
            "name": given["name"],
            "tagline": given["tagline"],
            "currency": given["currency"],
            "country": given["tax_display_country"],
            "prices_include_tax": given["prices_include_tax"],
            "demo_notice": given["demo_notice"],
            "company": "Isoline Studio (demo)",
            "street": "Linienweg 11",
            "postcode": "1010",
            "city": "Wien",
            "email": "hello@isoline.example",
            "phone": "+43 1 5550011",
            "return_days": 30,
            "free_delivery_from_minor": 6000,
        },
    )
    if not shop.share_image:
        prepared = pictures.prepared(data["media"]["share_image"])
        shop.share_image.save(prepared.name.removeprefix("photos/"), ContentFile(prepared.content))


def load_gifts() -> None:
    for position, (kind, name, text, price) in enumerate(GIFTS):
        GiftOption.objects.update_or_create(
            kind=kind,
            name=name,
            currency="EUR",
            defaults={"text": text, "price_minor": price, "position": position},
        )


def load_pages() -> None:
    for position, row in enumerate(read("pages")["pages"]):
        sections = format_html_join("", "{}", ((section(part),) for part in row["sections"]))
        body = format_html('<p class="notice">{}</p>{}', row["notice"], sections)
        Page.objects.update_or_create(
            slug=row["slug"], defaults={"title": row["title"], "body": body, "position": position}
        )


def section(part: dict) -> str:
    words = format_html_join("", "<p>{}</p>", ((text,) for text in part["paragraphs"]))
    return format_html("<h2>{}</h2>{}", part["heading"], words)


def load_heroes(rows: list[dict]) -> None:
    for position, row in enumerate(rows):
        known = Hero.objects.filter(heading=row["heading"]).first()
        photo = known.photo if known else pictures.photo(row)
        Hero.objects.update_or_create(
            heading=row["heading"],
            defaults={
                "photo": photo,
                "text": row["text"],
                "link": f"{row['link'].rstrip('/')}/",
                "link_label": BUTTONS[position],
                "free_side": row["free_side"],
                "position": position,
            },
        )
