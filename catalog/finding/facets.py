"""What lists can be filtered by. A product carries tokens, "size:A4"; a filter is a set of tokens of one group.

Options and attributes marked as filters make the groups; availability, reduced prices and stars add theirs. Within a
group any value will do, between groups all must hold; the counts of a group leave that group's own filter out.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.finding.counting import Tally
from catalog.finding.gathering import Facts
from catalog.products.colours import colour_of
from catalog.products.guides import ALWAYS, Guide, Guides, group_of, guides
from catalog.products.kinds import Kind, shown
from shop.core.wording import said

__all__ = ["PREFIX", "group_of", "groups_for_page", "label_of", "tokens_of", "value_label"]

STARS = (4, 3)
SIZES = ["XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL"]
PREFIX = "f-"  # of the names in a URL, so that nothing else in it is taken for a filter


def tokens_of(fact: Facts) -> list[str]:
    """The product's tokens. An option that bears the name of a filter attribute leaves filtering to that attribute."""
    pairs = [
        (option["name"], value["name"])
        for option in fact.options
        if option["name"] not in fact.filter_names
        for value in option["values"]
    ]
    pairs += [(row["name"], _plain(row)) for row in fact.attributes if row["is_filter"]]
    tokens = [f"{group_of(name)}:{value}"[:120] for name, value in pairs]
    return list(dict.fromkeys(tokens + _own_tokens(fact)))


def _plain(row: dict) -> str:
    """ "350 ml": a number is found with its unit."""
    return f"{row['value']} {row['unit']}".strip()


def _own_tokens(fact: Facts) -> list[str]:
    tokens = []
    if any(pieces > 0 for pieces in fact.available.values()):
        tokens.append("availability:in-stock")
    if any(price.compare_at for price in fact.prices.values()):
        tokens.append("offer:reduced")
    if fact.product.brand.strip():
        tokens.append(f"brand:{fact.product.brand.strip()}"[:120])
    if fact.product.seller:
        tokens.append(f"seller:{fact.product.seller.name}"[:120])
    votes = sum(fact.stars.values())
    total = sum(stars * number for stars, number in fact.stars.items())
    return tokens + [f"rating:{stars}" for stars in STARS if votes and total >= stars * votes]


def label_of(group: str, known: Guides) -> str:
    own = {
        "availability": _("Availability"),
        "offer": _("Offers"),
        "rating": _("Rating"),
        "brand": _("Brand"),
        "seller": _("Sold by"),
    }
    if group in own:
        return own[group]
    guide = known.get(group)
    return said(guide.label if guide else group.removesuffix("-own").replace("-", " ").capitalize())


def value_label(group: str, value: str, known: Guides) -> str:
    if group == "availability":
        return _("In stock")
    if group == "offer":
        return _("Reduced")
    if group == "rating" and value.isdigit():
        return ngettext("%(n)d star and up", "%(n)d stars and up", int(value)) % {"n": int(value)}
    if group in ("brand", "seller"):
        return value
    guide = known.get(group)
    return _in_words(guide, value) if guide else said(value)


def _in_words(guide: Guide, value: str) -> str:
    """As the page's language says it; what a visitor has made up in the address stays as it is."""
    plain = value.removesuffix(guide.unit).strip() if guide.unit else value
    try:
        return shown(guide.kind, plain, guide.unit)
    except (ValueError, ArithmeticError):
        return value


def groups_for_page(tallies: Mapping[str, Tally], chosen: Mapping[str, Iterable[str]]) -> list[dict]:
    """What the facet component shows, from {token: Tally}.

    Filtering neither moves nor hides a value. A group that could only ever leave a single product or all is left out.
    """
    known, found = guides(), dict[str, dict[str, Tally]]()
    named = (f"{group}:{value}" for group, values in chosen.items() for value in values)
    for token in [*tallies, *named]:
        group, _colon, value = token.partition(":")
        found.setdefault(group, {})[value] = tallies.get(token, Tally())
    order = sorted(found, key=lambda group: _place_of(group, known))
    return [
        _group(group, found[group], set(chosen.get(group, ())), known)
        for group in order
        if group in chosen or group in ALWAYS or _is_useful(found[group])
    ]


def _place_of(group: str, known: Guides) -> tuple:
    """Attributes in the seller's order, then choices of products, then those of every shop."""
    guide = known.get(group)
    return (group in ALWAYS, group == "rating", guide is None, guide.position if guide else 0, group)


def _is_useful(values: Mapping[str, Tally]) -> bool:
    return len(values) > 1 and max(tally.usual for tally in values.values()) > 1


def _group(group: str, values: Mapping[str, Tally], chosen: set[str], known: Guides) -> dict:
    guide = known.get(group)
    colours = guide.colours if guide else {}
    return {
        "name": f"{PREFIX}{group}",
        "label": label_of(group, known),
        "open": group not in ALWAYS or bool(chosen),
        "values": [
            {
                "value": value,
                "label": value_label(group, value, known),
                "count": values[value].now,
                "is_least": values[value].is_least,
                "checked": value in chosen,
                "colour": colours.get(value) or colour_of(value),
            }
            for value in _in_order(values, guide)
        ],
    }


def _in_order(values: Mapping[str, Tally], guide: Guide | None) -> list[str]:
    """Numbers and dates by size, choices as the seller ordered them, sizes of clothes and stars by size; all else the
    most frequent first."""
    if guide and guide.kind == Kind.NUMBER:
        return sorted(values, key=lambda value: _size(value, guide.unit))
    if guide and guide.kind == Kind.DATE:
        return sorted(values)
    if guide and guide.kind == Kind.BOOLEAN:
        return sorted(values, reverse=True)
    if guide and guide.kind == Kind.CHOICE:
        return sorted(values, key=lambda value: (guide.places.get(value, len(guide.places)), value))
    if all(value in SIZES for value in values):
        return sorted(values, key=SIZES.index)
    if all(value.isdigit() for value in values):
        return sorted(values, key=int, reverse=True)
    return sorted(values, key=lambda value: (-values[value].usual, value))


def _size(value: str, unit: str) -> tuple[Decimal, str]:
    try:
        return Decimal(value.removesuffix(unit).strip()), value
    except InvalidOperation:
        return Decimal(0), value
