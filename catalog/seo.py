"""What pages tell machines: canonical addresses and structured data, saying nothing that the page does not show.

Source: Google Search Central, product structured data. EANs of the ranges that GS1 keeps for use inside a company (those
beginning with 2 or 04) mean nothing elsewhere and are left out.
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from catalog.presenting import ProductPage
from shop.core.http import absolute
from shop.core.models import Shop

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


def shop_data(shop: Shop) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "OnlineStore", "name": shop.name, "url": absolute("/")}
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
    """The variant that the page shows, for the price that the page shows."""
    product, variant = page.product, page.variant
    data: dict[str, Any] = {
        "@type": "Product",
        "name": (variant.title and f"{product.name}, {variant.title}") or product.name,
        "description": product.short_description or product.description[:300],
        "sku": variant.sku,
        "image": [absolute(image.src) for image in page.images],
        "brand": {"@type": "Brand", "name": product.brand or shop.name},
        "offers": _offer(page, shop),
    }
    if variant.ean13 and not variant.ean13.startswith(("2", "04")):
        data["gtin13"] = variant.ean13
    if page.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(page.rating),
            "reviewCount": page.rating_count,
        }
        data["review"] = [_review(review) for review in page.voices.reviews[:3]]
    return data


def _offer(page: ProductPage, shop: Shop) -> dict[str, Any]:
    there = "InStock" if page.is_available else "OutOfStock"
    return {
        "@type": "Offer",
        "url": absolute(page.variant.get_absolute_url()),
        "price": str(page.price.amount.to_decimal()),
        "priceCurrency": page.price.amount.currency,
        "availability": f"https://schema.org/{there}",
        "itemCondition": "https://schema.org/NewCondition",
        "hasMerchantReturnPolicy": _returns(shop),
    }


def _returns(shop: Shop) -> dict[str, Any]:
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": shop.country,
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": shop.return_days,
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
