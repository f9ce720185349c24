"""What pages tell machines: canonical addresses and structured data, saying nothing that the page does not show.

Source: Google Search Central, product structured data. EANs of the ranges that GS1 keeps for use inside a company (those
beginning with 2 or 04) mean nothing elsewhere and are left out. What delivery costs is checkout's to know and depends on
the cart: it is told to merchants' accounts, not here.
"""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from catalog.presenting import ProductPage, images_of, is_preorder
from catalog.prices.reading import period_of
from catalog.pricing import Price
from catalog.products.unit_pricing import Unit
from catalog.translating import said_title
from shop.core.http import absolute
from shop.core.models import Shop
from shop.core.wording import said

if TYPE_CHECKING:
    from catalog.products.choosing import Offered

# What schema.org has a property for, by the names that sellers give to choices; any other is an additionalProperty.
PROPERTIES = {
    "size": "size",
    "größe": "size",
    "colour": "color",
    "color": "color",
    "farbe": "color",
    "material": "material",
    "pattern": "pattern",
    "muster": "pattern",
}
UNIT_CODES: dict[
    str, tuple[str, str]
] = {  # UN/CEFACT Recommendation 20: of the content, and of what the price is said for
    Unit.GRAM: ("GRM", "KGM"),
    Unit.KILOGRAM: ("KGM", "KGM"),
    Unit.MILLILITRE: ("MLT", "LTR"),
    Unit.LITRE: ("LTR", "LTR"),
    Unit.CENTIMETRE: ("CMT", "MTR"),
    Unit.METRE: ("MTR", "MTR"),
    Unit.SQUARE_METRE: ("MTK", "MTK"),
    Unit.PIECE: ("C62", "C62"),
}
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_json_ld(data: dict[str, Any]) -> SafeString:
    """Fit for the inside of a script element: nothing in it can end the element."""
    text = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False)
    return mark_safe(text.translate(ESCAPES))  # nosec B308 B703 (escaped one line above)


def breadcrumb_data(crumbs: list[dict]) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": crumb["name"], "item": absolute(crumb["url"])}
            for number, crumb in enumerate(crumbs, start=1)
        ],
    }


def list_data(cards: list[dict]) -> dict[str, Any]:
    """The products of one page of a list, in its order."""
    return {
        "@type": "ItemList",
        "numberOfItems": len(cards),
        "itemListElement": [
            {"@type": "ListItem", "position": number, "url": absolute(card["url"])}
            for number, card in enumerate(cards, start=1)
        ],
    }


def site_data(shop: Shop) -> dict[str, Any]:
    """The shop as a place to search in."""
    return {
        "@type": "WebSite",
        "name": shop.name,
        "url": absolute(reverse("catalog:home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": absolute(reverse("catalog:search")) + "?q={search_term_string}",
            "query-input": "required name=search_term_string",
        },
    }


def shop_data(shop: Shop) -> dict[str, Any]:
    """Who sells."""
    data: dict[str, Any] = {"@type": "OnlineStore", "name": shop.name, "url": absolute("/")}
    data["logo"] = absolute(static("img/apple-touch-icon.png"))
    if shop.company:
        data["legalName"] = shop.company
    if shop.street:
        data["address"] = {
            "@type": "PostalAddress",
            "streetAddress": shop.street,
            "postalCode": shop.postcode,
            "addressLocality": shop.city,
            "addressCountry": shop.country,
        }
    if shop.vat_id:
        data["vatID"] = shop.vat_id
    if shop.email:
        data["contactPoint"] = {
            "@type": "ContactPoint",
            "email": shop.email,
            "contactType": "customer service",
        }
    if shop.share_image:
        data["image"] = absolute(shop.share_image.url)
    return data | {"hasMerchantReturnPolicy": _returns(shop)}


def product_data(page: ProductPage, shop: Shop) -> dict[str, Any]:
    """A product without choices is a Product; with choices, a ProductGroup that has a Product for each variant."""
    if len(page.offered) == 1:
        return {"@type": "Product"} | _own(page, page.offered[0], shop) | _common(page, shop)
    product = page.product
    return (
        {"@type": "ProductGroup", "name": product.name}
        | _common(page, shop)
        | {
            "url": absolute(product.get_absolute_url()),
            "productGroupID": str(product.pk),
            "variesBy": _varies_by(page),
            "hasVariant": [
                {"@type": "Product"} | _own(page, variant, shop) | _choices(page, variant)
                for variant in page.offered
            ],
        }
    )


def _common(page: ProductPage, shop: Shop) -> dict[str, Any]:
    """What all variants share."""
    product = page.product
    data: dict[str, Any] = {
        "description": product.short_description or product.description[:300] or product.name,
        "brand": {"@type": "Brand", "name": product.brand or shop.name},
        "image": [absolute(image.src) for image in page.images],
    }
    if page.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(page.rating),
            "reviewCount": page.rating_count,
        }
        data["review"] = [_review(review) for review in page.voices.reviews[:3]]
    return data


def _own(page: ProductPage, variant: "Offered", shop: Shop) -> dict[str, Any]:
    product = page.product
    data: dict[str, Any] = {
        "name": f"{product.name}, {said_title(variant.title)}" if variant.title else product.name,
        "sku": variant.sku,
        "offers": _offer(page, variant, shop),
    }
    if images := images_of(product.search, variant):
        data["image"] = [absolute(images[0].src)]
    if is_public_ean(variant.ean13):
        data["gtin13"] = variant.ean13
    return data


def is_public_ean(ean: str) -> bool:
    return bool(ean) and not ean.startswith(("2", "04"))


def property_of(option: str) -> str:
    """ "Colour" → "color"; empty where schema.org has no word for it."""
    return PROPERTIES.get(option.strip().lower(), "")


def _varies_by(page: ProductPage) -> list[str]:
    names = [property_of(option["name"]) for option in page.product.search.page["options"]]
    return [f"https://schema.org/{name}" for name in dict.fromkeys(names) if name]


def _choices(page: ProductPage, variant: "Offered") -> dict[str, Any]:
    data: dict[str, Any] = {}
    others = []
    for option in page.product.search.page["options"]:
        value = next((value["name"] for value in option["values"] if value["id"] in variant.value_ids), "")
        if not value:
            continue
        if known := property_of(option["name"]):
            data[known] = said(value)
        else:
            others.append({"@type": "PropertyValue", "name": said(option["name"]), "value": said(value)})
    return data | ({"additionalProperty": others} if others else {})


def _offer(page: ProductPage, variant: "Offered", shop: Shop) -> dict[str, Any]:
    price = page.prices[variant.pk]
    data = {
        "@type": "Offer",
        "url": absolute(variant.get_absolute_url()),
        "price": str(price.amount.to_decimal()),
        "priceCurrency": price.amount.currency,
        "availability": f"https://schema.org/{_availability(variant)}",
        "itemCondition": "https://schema.org/NewCondition",
        "hasMerchantReturnPolicy": _no_returns(shop) if page.product.is_personal else _returns(shop),
    }
    if variant.content_amount:
        data["priceSpecification"] = _unit_price(price, variant.content_amount, variant.content_unit)
    if page.seller:
        data["seller"] = {
            "@type": "Organization",
            "name": page.seller["name"],
            "url": absolute(page.seller["url"]),
        }
    if is_preorder(variant) and variant.by_day:
        data["availabilityStarts"] = variant.by_day.isoformat()
    _starts_at, ends_at = period_of(price.list_id)
    if ends_at:
        data["priceValidUntil"] = ends_at.isoformat(timespec="minutes")
    return data


def _availability(variant: "Offered") -> str:
    if is_preorder(variant):
        return "PreOrder"
    return "InStock" if variant.free > 0 else "OutOfStock"


def _returns(shop: Shop) -> dict[str, Any]:
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": shop.country,
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": shop.return_days,
    }


def _no_returns(shop: Shop) -> dict[str, Any]:
    """What is made to the buyer's own wishes cannot be sent back, and its page says so."""
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": shop.country,
        "returnPolicyCategory": "https://schema.org/MerchantReturnNotPermitted",
    }


def _unit_price(price: Price, amount: Decimal, unit: str) -> dict[str, Any]:
    """The price for so much, and for how much the page says it: Google, "unit pricing" of merchant listings."""
    code, base = UNIT_CODES[unit]
    return {
        "@type": "UnitPriceSpecification",
        "price": str(price.amount.to_decimal()),
        "priceCurrency": price.amount.currency,
        "referenceQuantity": {
            "@type": "QuantitativeValue",
            "value": f"{amount.normalize():f}",
            "unitCode": code,
            "valueReference": {"@type": "QuantitativeValue", "value": "1", "unitCode": base},
        },
    }


def _review(review: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": review["name"]},
        "datePublished": review["date"].date().isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": review["rating"]},
        "name": review["title"],
        "reviewBody": review["text"],
    }
