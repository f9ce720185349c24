"""What lists need to know of the filter attributes: their names, order and kinds, and the colours of their choices.

Small, the same for everybody, and asked for by every list: kept in the cache for a minute, and dropped when a seller changes
an attribute.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.utils.text import slugify

from catalog.models import Attribute, AttributeChoice

ALWAYS = {"availability", "offer", "rating"}  # groups that every list offers
OWN = ALWAYS | {"brand"}  # groups that no attribute or option makes
KEY = "catalog:guides"
SECONDS = 60


@dataclass(frozen=True)
class Guide:
    """Of one filter group. `places` is {choice: its place in the seller's order}, `colours` {choice: "#1f5f5b"}."""

    label: str
    kind: str
    unit: str = ""
    position: int = 0
    places: dict[str, int] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)


Guides = Mapping[str, Guide]


def group_of(name: str) -> str:
    """ "Paper weight" → "paper-weight": how a group is called in tokens and in URLs."""
    slug = slugify(name, allow_unicode=True)
    return f"{slug}-own" if slug in OWN else slug


def guides() -> Guides:
    """{group: its guide}; two queries at most once a minute. Asked once a page, and handed on."""
    found: Guides | None = cache.get(KEY)
    if found is None:
        found = _read()
        cache.set(KEY, found, SECONDS)
    return found


def forget() -> None:
    """A seller has changed an attribute or its choices."""
    cache.delete(KEY)


def _read() -> dict[str, Guide]:
    attributes = {attribute.pk: attribute for attribute in Attribute.objects.filter(is_filter=True)}
    found = {
        pk: Guide(attribute.name, attribute.kind, attribute.unit, attribute.position)
        for pk, attribute in attributes.items()
    }
    for place, choice in enumerate(AttributeChoice.objects.filter(attribute__in=attributes)):
        found[choice.attribute_id].places[choice.name] = place
        if choice.color:
            found[choice.attribute_id].colours[choice.name] = choice.color
    return {group_of(guide.label): guide for guide in found.values()}
