"""The page of a product that is no longer sold: what it was, and what may take its place. Nothing can be bought there.

It answers 200 and asks robots not to list it (docs/decisions/0011-retired-products.md).
"""

from dataclasses import dataclass
from typing import Any

from catalog.models import Product, ProductSearch
from catalog.photos.pictures import Picture
from catalog.presenting import crumbs_of, facts_of
from catalog.recommendations.suggesting import rows_beside


@dataclass(frozen=True)
class RetiredPage:
    crumbs: list[dict]
    images: list[Picture]
    facts: list[tuple[str, str]]
    alternatives: list[dict[str, Any]]

    @property
    def branch(self) -> dict | None:
        """The deepest category that it was in."""
        return self.crumbs[-2] if len(self.crumbs) > 2 else None


def retired_page(product: Product, row: ProductSearch) -> RetiredPage:
    """In one query, given its search row."""
    photos = [Picture.from_json(photo) for photo in row.page["photos"]]
    return RetiredPage(
        crumbs=crumbs_of(product, row),
        images=[photo for photo in photos if photo],
        facts=facts_of(row),
        alternatives=rows_beside(product, row).similar,
    )
