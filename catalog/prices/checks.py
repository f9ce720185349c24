"""Held against pricing itself, product by product: what lists show, and what the history of public prices says last."""

from collections.abc import Iterator

from catalog.models import Product, Variant
from catalog.prices.noting import last_states, state_of
from catalog.pricing import Price, known_prices
from shop.core import clock
from shop.core.models import Shop

BATCH = 1000


def wrong_rows() -> Iterator[str]:
    """Products whose search row shows another price than the cheapest and dearest that everybody is asked for."""
    currency = Shop.current().currency
    for products in _batches(Product.objects.filter(search__isnull=False).select_related("search")):
        variants = list(Variant.objects.filter(product__in=products, is_active=True))
        known = known_prices(variants, currency=currency, at=clock.now(), is_fresh=True)
        found: dict[int, list[Price]] = {product.pk: [] for product in products}
        for variant in variants:
            if variant.pk in known:
                found[variant.product_id].append(known[variant.pk])
        for product in products:
            amounts = sorted(price.amount.minor for price in found[product.pk]) or [0]
            row = product.search
            is_listed = product.status == Product.Status.ACTIVE and bool(found[product.pk])
            if (amounts[0], amounts[-1], is_listed) != (row.price_minor, row.price_max_minor, row.is_listed):
                yield f"lists price {product.slug} wrongly: reindex mends it"


def wrong_histories() -> Iterator[str]:
    """Variants whose last row in the history is not what everybody is asked for now."""
    currencies = Shop.current().currencies
    for variants in _batches(Variant.objects.select_related("product")):
        ids = [variant.pk for variant in variants]
        for currency in currencies:
            known = known_prices(variants, currency=currency, at=clock.now(), is_fresh=True)
            last = last_states(ids, currency=currency)
            for variant in variants:
                written = last[variant.pk][1] if variant.pk in last else (None, False)
                if written != state_of(variant, known.get(variant.pk)):
                    yield f"the price history of {variant.sku} in {currency} is behind: reindex mends it"


def _batches(rows) -> Iterator[list]:
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield found
        last = found[-1].pk
