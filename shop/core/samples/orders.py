"""What the sample pages of cart, checkout, orders, account and help show."""

from datetime import UTC, datetime

from shop.core.samples import eur, picture

LINES = [
    {
        "id": 1,
        "url": "/styleguide/pages/product/",
        "image": picture("contour-eleven-1"),
        "name": "Contour No. 11",
        "options": "A3, oak frame",
        "unit": eur(11000),
        "total": eur(11000),
        "quantity": 1,
        "max": 49,
        "update_url": "/styleguide/pages/cart/",
        "remove_url": "/styleguide/pages/cart/",
        "save_url": "/styleguide/pages/cart/",
    },
    {
        "id": 2,
        "url": "/styleguide/pages/product/",
        "image": picture("switchback-mug-1"),
        "name": "Switchback Mug",
        "options": "Coral",
        "unit": eur(1980),
        "was": eur(2200),
        "total": eur(3960),
        "quantity": 2,
        "max": 2,
        "update_url": "/styleguide/pages/cart/",
        "remove_url": "/styleguide/pages/cart/",
        "save_url": "/styleguide/pages/cart/",
        "notice": {"kind": "warn", "text": "Only 2 left. The price has fallen by €2.20 since you added it."},
    },
]

TOTALS = {
    "rows": [
        {"label": "Subtotal", "amount": eur(14960)},
        {"label": "Autumn in print", "note": "10 % off mugs", "amount": eur(-440), "kind": "discount"},
        {"label": "Delivery to Austria", "note": "Standard, 25–27 Nov", "amount": "Free"},
    ],
    "total_label": "Total",
    "total": eur(14520),
    "total_note": "includes €24.20 VAT",
}

STEPS = [
    {"label": "Details", "state": "done", "url": "/styleguide/pages/checkout-details/"},
    {"label": "Delivery", "state": "current", "url": ""},
    {"label": "Payment", "state": "next", "url": ""},
]


def steps(current: int) -> list[dict]:
    names = [
        ("Details", "checkout-details"),
        ("Delivery", "checkout-delivery"),
        ("Payment", "checkout-payment"),
    ]
    return [
        {
            "label": label,
            "url": f"/styleguide/pages/{page}/",
            "state": "done" if n < current else "current" if n == current else "next",
        }
        for n, (label, page) in enumerate(names)
    ]


TIMELINE = [
    {"title": "Ordered", "state": "done", "at": datetime(2026, 11, 20, 9, 12, tzinfo=UTC)},
    {"title": "Packed", "state": "done", "at": datetime(2026, 11, 20, 13, 40, tzinfo=UTC)},
    {
        "title": "On its way",
        "state": "current",
        "at": datetime(2026, 11, 21, 6, 5, tzinfo=UTC),
        "text": "Left the depot in Vienna",
    },
    {"title": "Delivered", "state": "next", "text": "Expected 25–27 November"},
]

SUMMARY = [
    {"term": "Contact", "text": "ada@example.com", "url": "#", "link": "Change", "of": "contact"},
    {
        "term": "Deliver to",
        "lines": ["Ada Brunner", "Lindengasse 12", "1070 Vienna", "Austria"],
        "url": "#",
        "link": "Change",
        "of": "delivery address",
    },
    {
        "term": "Delivery",
        "text": "Standard, arrives 25–27 Nov",
        "url": "#",
        "link": "Change",
        "of": "delivery",
    },
]

ADDRESS = ["Ada Brunner", "Lindengasse 12", "Top 7", "1070 Vienna", "Austria"]

ORDERS = [
    {
        "number": "TQ4-8KD-2F7",
        "date": datetime(2026, 11, 20, 9, 12, tzinfo=UTC),
        "status": "On its way",
        "kind": "info",
        "total": eur(14520),
        "pictures": [picture("contour-eleven-1"), picture("switchback-mug-1")],
    },
    {
        "number": "TQ3-XW9-H4M",
        "date": datetime(2026, 9, 2, 18, 3, tzinfo=UTC),
        "status": "Delivered",
        "kind": "ok",
        "total": eur(3600),
        "pictures": [picture("overprint-tee-1")],
    },
    {
        "number": "TQ1-6RP-9CA",
        "date": datetime(2026, 6, 14, 11, 47, tzinfo=UTC),
        "status": "Refunded",
        "kind": "",
        "total": eur(2200),
        "pictures": [picture("terrazzo-mug-1")],
    },
]

ACCOUNT_TILES = [
    {"icon": "package", "title": "Orders", "text": "3 orders, one on its way"},
    {"icon": "truck", "title": "Track", "text": "Where your parcel is now"},
    {"icon": "returns", "title": "Returns", "text": "Send something back"},
    {"icon": "pin", "title": "Addresses", "text": "2 addresses kept"},
    {"icon": "card", "title": "Cards", "text": "Visa ending in 4242"},
    {"icon": "heart", "title": "Wishlist", "text": "5 things saved"},
    {"icon": "user", "title": "Details", "text": "Name, email, password"},
    {"icon": "leave", "title": "Sign out", "text": "See you soon"},
]

HELP_PAGES = [
    {"title": title, "url": "#", "current": title == "Delivery"}
    for title in ("Delivery", "Returns", "Contact", "Terms", "Privacy", "Cookies")
]

RATES = [
    {"country": "Austria, Germany", "days": "2–3 working days", "standard": "€4.90", "express": "€12.90"},
    {"country": "Other EU countries", "days": "3–6 working days", "standard": "€7.90", "express": "€19.90"},
    {"country": "Switzerland, Norway", "days": "4–8 working days", "standard": "€14.90", "express": "€29.90"},
]
