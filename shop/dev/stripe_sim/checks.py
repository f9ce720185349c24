"""Rules that several endpoints share: addresses to return to, metadata, statement descriptors."""

import re
from typing import Any
from urllib.parse import urlsplit

from shop.dev.stripe_sim.errors import ApiError, invalid

MOST_KEYS, KEY_LENGTH, VALUE_LENGTH = 50, 40, 500
FORBIDDEN_IN_DESCRIPTOR = re.compile(r"""[<>\\'"*]""")


def check_url(url: str, *, param: str) -> str:
    """The URL; refuses what is not absolute http or https."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
        raise invalid("Not a valid URL", param=param, code="url_invalid")
    return url


def merged_metadata(old: dict[str, str] | None, new: Any) -> dict[str, str]:
    """Metadata after an update: keys are added, changed, or with an empty value removed; an empty string removes all."""
    if new == "":
        return {}
    merged = {name: value for name, value in {**(old or {}), **(new or {})}.items() if value != ""}
    if len(merged) > MOST_KEYS:
        raise invalid(f"Metadata can only have up to {MOST_KEYS} keys.", param="metadata")
    for name, value in merged.items():
        if len(name) > KEY_LENGTH:
            raise invalid(
                f"Metadata keys can be up to {KEY_LENGTH} characters long: {name}", param="metadata"
            )
        if len(str(value)) > VALUE_LENGTH:
            raise invalid(
                f"Metadata values can have up to {VALUE_LENGTH} characters, but you passed in a value that is "
                f"{len(str(value))} characters. Invalid value: {value}",
                param=f"metadata[{name}]",
            )
    return {name: str(value) for name, value in merged.items()}


def check_descriptor(text: str | None, *, param: str) -> None:
    """What may stand on a card statement: 22 characters, a letter among them, none of < > \\ ' " *."""
    if not text:
        return
    if len(text) > 22:
        raise ApiError(f"The statement descriptor must be at most 22 characters: {text}", param=param)
    if FORBIDDEN_IN_DESCRIPTOR.search(text) or not re.search("[A-Za-z]", text):
        raise ApiError(
            "The statement descriptor must contain at least one alphabetic character and none of < > \\ ' \" *.",
            param=param,
        )


def unset_empty(params: dict, *names: str) -> dict:
    """The given fields, with an empty string (which unsets) as None."""
    return {name: params[name] if params[name] != "" else None for name in names if name in params}
