"""Pages that must work when little else does: "There is a problem" (500), "Back soon" and "Back in a moment" (503).

Each is one string, made without database, session, templates or static files; its few rules of style are allowed by their hash.
"""

import base64
import hashlib
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#fbfaf7,#151518);"
    'color:light-dark(#1d1b20,#f3f0ea);font:17px/1.55 "Instrument Sans",system-ui,sans-serif}'
    "main{max-width:34rem;padding:2rem}"
    "h1{font-size:2rem;line-height:1.12;letter-spacing:-.02em;margin:0 0 1rem}"
    "p{margin:0 0 1rem}"
    ".muted{color:light-dark(#5c5862,#b3ada6);font-size:.9375rem}"
    "a{color:light-dark(#1f5f5b,#7fd1c7)}"
    "a:focus-visible{outline:3px solid light-dark(#1b4dd8,#9db8ff);outline-offset:2px}"
)
AWAY_SECONDS = 30  # until a machine may ask again: as long as a database takes to start anew
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PLAIN = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title} · {shop}</title><style>{style}</style></head>
<body><main><h1>{title}</h1>{words}<p class="muted">{contact}</p></main></body></html>
"""


def plain(title: str, paragraphs: list[str], *, status: int) -> HttpResponse:
    """A page of one string. `paragraphs` are plain text; the shop's name and address come from the settings."""
    shop, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    link = f'<a href="mailto:{escape(email)}">{escape(email)}</a>'
    text = PLAIN.format(
        language=escape(get_language() or settings.LANGUAGE_CODE),
        title=escape(title),
        shop=escape(shop or settings.SHOP_URL),
        style=STYLE,
        words="".join(f"<p>{escape(words)}</p>" for words in paragraphs if words),
        contact=escape(_("Questions? Write to %(email)s.")).replace("%(email)s", link),
    )
    return HttpResponse(
        text, status=status, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    )


def problem(reference: str) -> HttpResponse:
    """500. The reference is the one in the log."""
    return plain(
        _("There is a problem"),
        [
            _("Something went wrong on our side. Try again in a minute. Your cart is kept."),
            _("If you were paying: look into your mail first. An order that reached us is confirmed there."),
            _("Reference for us: %(reference)s") % {"reference": reference} if reference else "",
        ],
        status=500,
    )


def away(reference: str) -> HttpResponse:
    """503 while the database is away, which nobody has announced; usually it is back before the visitor is."""
    response = plain(
        _("Back in a moment"),
        [
            _("The shop cannot answer right now. Try again in a minute. Your cart is kept."),
            _("If you were paying: look into your mail first. An order that reached us is confirmed there."),
            _("Reference for us: %(reference)s") % {"reference": reference} if reference else "",
        ],
        status=503,
    )
    response["Retry-After"] = str(AWAY_SECONDS)
    return response


def back_soon(until: str, *, seconds: int) -> HttpResponse:
    """503 while the shop is being worked on. `until` is said to people, `seconds` to machines."""
    when = _("We are working on the shop and will be back at %(until)s.") % {"until": until} if until else ""
    response = plain(
        _("Back soon"),
        [when or _("We are working on the shop and will be back in a few minutes."), _("Your cart is kept.")],
        status=503,
    )
    response["Retry-After"] = str(seconds)
    return response
