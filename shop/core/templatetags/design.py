"""What the components need beyond plain values: icons, money, languages.

`{% icon "cart" %}` draws an icon of static/img/icons.svg into the page itself: no request, no flash, and it works in a
fragment or a cached part of a page just as in a whole one.
"""

import re
from functools import lru_cache
from pathlib import Path

import nh3
from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from shop.core import parts, remarks, wording
from shop.core.http import absolute
from shop.core.money import Money

register = template.Library()

SPRITE = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
# What a page written by the merchant may contain; everything else is dropped.
PAGE_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "a", "strong", "em", "b", "i", "br", "blockquote", "address"}
PAGE_TAGS |= {"dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"}
PAGE_ATTRIBUTES = {
    "a": {"href"},
    "h2": {"id"},
    "h3": {"id"},
    "th": {"scope", "data-label"},
    "td": {"data-label"},
}
SYMBOL = re.compile(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>')


@lru_cache(maxsize=1)
def symbols() -> dict[str, str]:
    """Name → drawing of every icon in the sprite."""
    return dict(SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """The icon `name`, as large as the text around it. It says nothing to a screen reader: words stand beside it."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f" {extra}" if extra else "",
        mark_safe(symbols()[name]),  # nosec B308 B703 (our own file)
    )


@register.simple_tag
def part(template: str, **values: object) -> SafeString:
    """`{% part "components/product_card.html" card=card %}`: an include of a part that follows from these values alone.

    What was drawn once is remembered (shop.core.parts), so it must ask neither the request nor the clock.
    """
    return parts.drawn(template, values)


@register.filter
def money(value: object, currency: str = "") -> str:
    """`{{ price|money }}` of a Money, `{{ minor|money:"EUR" }}` of minor units; text that is already formatted stays."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Money(value, currency).format()
    return str(value) if isinstance(value, Money) else str(value or "")  # 0.00 is an amount, too


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> list[dict[str, object]]:
    """This page in each language of the shop: code, name in that language, url, whether it is the present one."""
    request: HttpRequest | None = context.get("request")
    here = request.get_full_path() if request else "/"
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "url": translate_url(here, code),
            "current": code == get_language(),
        }
        for code, _name in settings.LANGUAGES
    ]


@register.simple_tag
def alternates(canonical: str) -> list[dict[str, str]]:
    """The page in each language of the shop for hreflang, and last, as "x-default", the first language for all others.

    Empty without an address, and where there is only one language.
    """
    if not canonical or len(settings.LANGUAGES) < 2:
        return []
    path = canonical.removeprefix(settings.SHOP_URL)
    found = {code: absolute(translate_url(path, code)) for code, _name in settings.LANGUAGES}
    found["x-default"] = found[settings.LANGUAGE_CODE]
    return [{"code": code, "url": url} for code, url in found.items()]


@register.filter
def cleaned(html: str) -> SafeString:
    """A page's own HTML without scripts, styles and whatever else could do harm."""
    return mark_safe(nh3.clean(html, tags=PAGE_TAGS, attributes=PAGE_ATTRIBUTES))  # nosec B308 B703 (cleaned right here)


register.filter("in_words", remarks.in_words)
register.filter("said", wording.said)
