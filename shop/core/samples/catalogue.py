"""What the sample pages of the catalogue show."""

from datetime import UTC, datetime

from shop.core.samples import eur, picture


class Category:
    def __init__(self, name: str, url: str):
        self.name, self.url = name, url

    def get_absolute_url(self) -> str:
        return self.url


def card(name: str, kind: str, file: str, minor: int, **more: object) -> dict:
    return {
        "url": "/styleguide/pages/product/",
        "name": name,
        "kind": kind,
        "image": picture(f"{file}-1", name),
        "from": more.pop("lowest", False),
        "price": eur(minor),
    } | more


TOP_CATEGORIES = [
    Category("Prints", "/styleguide/pages/listing/"),
    Category("Everyday Objects", "/styleguide/pages/listing-empty/"),
    Category("Digital", "/styleguide/pages/search/"),
    Category("Gifts", "/styleguide/pages/product-sold-out/"),
]

CARDS = [
    card(
        "Contour No. 11",
        "Art print",
        "contour-eleven",
        2900,
        lowest=True,
        rating=4.6,
        rating_count=38,
        hint="4 sizes, 3 frames",
    ),
    card(
        "Quarter Turn",
        "Art print",
        "quarter-turn",
        2800,
        was=eur(3500),
        rating=4.1,
        rating_count=19,
        badge={"kind": "sale", "label": "20 % off"},
    ),
    card(
        "Lilac Dusk",
        "Art print",
        "lilac-dusk",
        3400,
        lowest=True,
        rating=4.9,
        rating_count=54,
        hint="3 sizes",
    ),
    card(
        "Three Arches",
        "Art print",
        "three-arches",
        2700,
        rating=4.3,
        rating_count=33,
        badge={"kind": "warn", "label": "Only 3 left"},
    ),
    card(
        "Switchback Mug",
        "Stoneware, 330 ml",
        "switchback-mug",
        2200,
        rating=4.4,
        rating_count=40,
        swatches=[{"colour": "#d9706b", "name": "Coral"}, {"colour": "#2d4f9e", "name": "Cobalt"}],
    ),
    card("Terrazzo Mug", "Stoneware, 330 ml", "terrazzo-mug", 2200, rating=4.5, rating_count=47),
    card(
        "Overprint T-shirt",
        "Organic cotton",
        "overprint-tee",
        3600,
        rating=4.6,
        rating_count=54,
        hint="6 sizes",
    ),
    card(
        "Stair Study in Lilac, or How a City Looks Before Somebody Has Drawn It",
        "Art print",
        "stair-study",
        3900,
        badge={"kind": "info", "label": "New"},
    ),
    card(
        "Ribbon Notebook",
        "A5, 160 pages",
        "ribbon-notebook",
        1800,
        was=eur(2200),
        rating=4.8,
        rating_count=68,
        badge={"kind": "sale", "label": "18 % off"},
    ),
    card(
        "Halftone Moon",
        "Art print",
        "halftone-moon",
        4500,
        rating=4.7,
        rating_count=21,
        sold_out=True,
        badge={"kind": "out", "label": "Sold out"},
    ),
    card("Dusk Wallpapers", "Download", "dusk-wallpapers", 900),
    card("Rosette", "Art print", "rosette", 3200, lowest=True, rating=4.2, rating_count=12),
]

TILES = [
    {
        "name": name,
        "url": "/styleguide/pages/listing/",
        "image": picture(f"tile-{file}", name, size=(800, 1000)),
    }
    for name, file in (
        ("Prints", "prints"),
        ("Mugs", "mugs"),
        ("T-shirts", "t-shirts"),
        ("Notebooks", "notebooks"),
    )
]

HERO = {
    "image": picture(
        "hero-1", "Living room with three framed prints on a sage wall", size=(2000, 900), colour="#b9b5a5"
    ),
    "heading": "Every sheet grows from one number",
    "text": "Numbered prints on cotton paper, drawn by code in our studio.",
    "url": "/styleguide/pages/listing/",
    "link": "Shop all prints",
    "side": "left",
}

PROMISES = [
    {
        "icon": "truck",
        "title": "Free delivery over €60",
        "text": "Within the EU, in two to four days",
        "url": "#",
    },
    {
        "icon": "returns",
        "title": "30 days to return",
        "text": "Print the label, drop off the parcel",
        "url": "#",
    },
    {
        "icon": "lock",
        "title": "Pay as you like",
        "text": "Card, bank transfer or cash on delivery",
        "url": "#",
    },
]

BREADCRUMB = [
    {"name": "Home", "url": "/styleguide/pages/home/"},
    {"name": "Prints", "url": "/styleguide/pages/listing/"},
    {"name": "Terrain", "url": ""},
]

FACETS = [
    {
        "name": "technique",
        "label": "Technique",
        "open": True,
        "values": [
            {"value": "contour", "label": "Contour map", "count": 18, "checked": False},
            {"value": "flow", "label": "Flow field", "count": 4, "checked": False},
            {"value": "truchet", "label": "Truchet", "count": 11, "checked": False},
            {"value": "moire", "label": "Moiré", "count": 0, "checked": False},
        ],
    },
    {
        "name": "colour",
        "label": "Colour",
        "open": True,
        "values": [
            {"value": v, "label": v.capitalize(), "count": n, "checked": v == "blue", "colour": c}
            for v, n, c in (
                ("blue", 14, "#2f5d8a"),
                ("orange", 9, "#d9773b"),
                ("green", 12, "#4f7f55"),
                ("black", 6, "#222222"),
                ("lilac", 5, "#a58bc4"),
                ("red", 7, "#b8402e"),
                ("yellow", 4, "#e2b53e"),
                ("white", 3, "#f4f1ea"),
                ("brown", 2, "#7a5238"),
                ("pink", 2, "#e39aa6"),
            )
        ],
    },
    {
        "name": "size",
        "label": "Size",
        "open": False,
        "values": [
            {"value": v, "label": v, "count": n, "checked": False}
            for v, n in (("A4", 12), ("A3", 11), ("50 × 70 cm", 18))
        ],
    },
]

SORTS = [
    {"value": "", "label": "Most popular", "checked": True},
    {"value": "newest", "label": "Newest", "checked": False},
    {"value": "price", "label": "Price, low to high", "checked": False},
    {"value": "-price", "label": "Price, high to low", "checked": False},
    {"value": "rating", "label": "Best rated", "checked": False},
]

PAGES = [{"number": n, "url": f"?page={n}", "current": n == 2} for n in (1, 2, 3)] + [
    {"number": 0},
    {"number": 9, "url": "?page=9"},
]

GALLERY = [
    picture("contour-eleven-1", "Contour No. 11 in an oak frame", colour="#d6cdbf"),
    picture("contour-eleven-2", "Contour No. 11, 50 × 70 cm, above a sofa"),
    picture("contour-eleven-3", "Detail: the corner of the sheet with its number"),
    picture("contour-mug-1", "Contour Mug, which has the same pattern"),
]

OPTIONS = [
    {
        "legend": "Size",
        "name": "size",
        "chosen": "A3",
        "values": [
            {"value": "a4", "label": "A4"},
            {"value": "a3", "label": "A3", "checked": True},
            {"value": "50x70", "label": "50 × 70 cm"},
            {"value": "70x100", "label": "70 × 100 cm", "sold_out": True, "disabled": True},
        ],
    },
    {
        "legend": "Frame",
        "name": "frame",
        "chosen": "Oak frame",
        "values": [
            {"value": "none", "label": "Unframed"},
            {"value": "oak", "label": "Oak frame", "checked": True, "colour": "#c79d62"},
            {"value": "black", "label": "Black frame", "colour": "#222222"},
        ],
    },
]

HISTOGRAM = [
    {"stars": s, "count": n, "share": 100 * n // 38, "url": f"?stars={s}"}
    for s, n in ((5, 27), (4, 8), (3, 2), (2, 1), (1, 0))
]

REVIEWS = [
    {
        "rating": 5,
        "title": "Found an island in it",
        "text": "The lines are finer than in the picture and the paper has weight. My daughter has named three of the bays.",
        "name": "Katharina W.",
        "verified": True,
        "variant": "A3, oak frame",
        "date": datetime(2026, 10, 28, tzinfo=UTC),
    },
    {
        "rating": 4,
        "title": "Beautiful, frame a little light",
        "text": "Print is perfect. The oak is paler than I expected but it has grown on me.",
        "name": "Jonas",
        "verified": True,
        "date": datetime(2026, 10, 3, tzinfo=UTC),
        "reply": {
            "name": "Isoline",
            "text": "Thank you, Jonas. Oak darkens within its first year on the wall.",
        },
    },
]
