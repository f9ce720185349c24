"""Which pages are measured: taken from the synthetic catalogue through the shop's own database."""

from dataclasses import dataclass

import psycopg

from shop.dev.bench.measuring import WentWrong


@dataclass(frozen=True)
class Sample:
    category: str
    product: str
    three_products: list[str]
    word: str
    words: str


def sample(database_url: str) -> Sample:
    with psycopg.connect(database_url) as db:
        products = db.execute(
            """SELECT p.slug, p.name FROM catalog_product p
               JOIN catalog_variant v ON v.product_id = p.id JOIN catalog_stockitem s ON s.variant_id = v.id
               WHERE p.status = 'active' GROUP BY p.id HAVING min(s.on_hand - s.reserved) > 50 AND count(v.id) = 1
               ORDER BY p.id LIMIT 3"""
        ).fetchall()
        category = db.execute(
            """SELECT c.slug FROM catalog_category c JOIN catalog_product_categories pc ON pc.category_id = c.id
               GROUP BY c.id ORDER BY count(*) DESC LIMIT 1"""
        ).fetchone()
    if category is None or not products:
        raise WentWrong("the catalogue has nothing to measure")
    paths = [f"/products/{slug}/" for slug, _name in products]
    return Sample(
        f"/c/{category[0]}/", paths[0], paths, products[0][1].split()[0], "+".join(products[0][1].split()[:3])
    )
