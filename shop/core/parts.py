"""Parts of a page that follow from their values alone, remembered by the process that has drawn them.

A card in a list, the footer: the same values give the same HTML, so there is nothing to make stale, and the second
visitor is not drawn the same card again. Only for templates that ask nothing but what they are given: no request, no
clock, no database. Values are plain ones, or frozen dataclasses made of plain ones.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.db.models import Model
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 2048  # parts in memory, about 5 kB each


@dataclass(frozen=True)
class _Asked:
    key: Hashable
    values: Mapping[str, object] = field(compare=False)


def drawn(template: str, values: Mapping[str, object]) -> SafeString:
    """The HTML of `template` with these values and nothing else, in the language that is active."""
    draw = _draw.__wrapped__ if settings.DEBUG else _draw  # who works on a template sees every change
    return draw(template, get_language(), _Asked(frozen(values), values))


def frozen(value: object) -> Hashable:
    """Equal for equal values; lists and dictionaries, which Python will not hash, become tuples. Raises TypeError.

    >>> frozen({"a": [1, {"b": 2}]})
    (('a', (1, (('b', 2),))),)
    """
    if isinstance(value, Mapping):
        return tuple([(name, frozen(one)) for name, one in value.items()])
    if isinstance(value, (list, tuple)):
        return tuple([frozen(one) for one in value])
    if isinstance(value, Model):
        raise TypeError(f"{value!r} is equal to itself whatever it holds: give the part its values")
    return value


@lru_cache(maxsize=MOST)
def _draw(template: str, _language: str | None, asked: _Asked) -> SafeString:
    return mark_safe(get_template(template).render(dict(asked.values)))  # nosec B308 B703 (our own template)


forget = _draw.cache_clear
