"""SKUs for variants that came without one: always the same for the same variant, so that it is found again."""

import hashlib

from django.utils.text import slugify

MOST = 40


def sku_from(*parts: str) -> str:
    """ "contour-mug", "Oak" → "CONTOUR-MUG-OAK"; what is too long, or no Latin letters, ends in a hash."""
    plain = "-".join(slugify(part.replace("ß", "ss")) for part in parts).upper()
    if all(slugify(part) for part in parts) and len(plain) <= MOST:
        return plain
    mark = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8].upper()
    return f"{plain[: MOST - 9].strip('-')}-{mark}".strip("-")
