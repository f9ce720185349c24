"""The demo's pictures. They are our own and clean, so they are stored as they are; a worker makes their renditions."""

from pathlib import Path

from catalog import photographing
from catalog.models import Photo, Product, Variant

FOLDER = Path(__file__).parent


def photo(given: dict, *, product: Product | None = None, position: int = 0) -> Photo:
    """A row and its file; `given` has file (below this folder), alt, color, width and height."""
    return photographing.keep(prepared(given), product=product, alt=given["alt"], position=position)


def prepared(given: dict) -> photographing.Prepared:
    path = FOLDER / given["file"]
    content = path.read_bytes()
    name = photographing.name_for(content, path.suffix.lstrip("."))
    return photographing.Prepared(content, name, given["width"], given["height"], given["color"])


def load(pairs: list[tuple[Product, dict]], by_sku: dict[str, Variant]) -> None:
    """The photos that products do not have yet, each tied to the variants that it shows."""
    known = {(shown.product_id, shown.file.name): shown for shown in Photo.objects.exclude(product=None)}
    link = Photo.variants.through
    links = []
    for product, row in pairs:
        for position, given in enumerate(row["photos"]):
            shown = known.get((product.pk, prepared(given).name)) or photo(
                given, product=product, position=position
            )
            links += [
                link(photo=shown, variant=by_sku[line["sku"]])
                for line in row["variants"]
                if line.get("photo") == given["file"]
            ]
    link.objects.bulk_create(links, ignore_conflicts=True)
