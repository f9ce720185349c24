"""A kept page is handed out at the door, before anybody looks for a session, a route or a policy.

What the house adds to a page on its way out (policies, language) is the same each time, so this process remembers it with
the page's address, and for the next visitor asks the cache alone. A visitor who is somebody (a session, a currency of his
own), an address that this process does not know yet, a page that is stale, a closed shop: all go in as usual.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.core import keeping
from shop.core.maintenance import closing

MOST = 2000  # addresses in memory
OF_THIS_ANSWER = {"Age", "Cache-Control", "Content-Length", "Content-Type", "ETag"}

GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Known:
    """How a kept page leaves the house."""

    names: tuple[str, ...]  # the marks that say whether it is fresh
    headers: Mapping[str, str]


_known: dict[str, Known] = {}
_lock = Lock()


def note(request: HttpRequest, *, tags: list[str]) -> None:
    """The page that answers this request may be handed out at the door from now on, until one of its tags is forgotten."""
    request.at_the_door = keeping.names_of(tags)  # type: ignore[attr-defined]


def forget() -> None:
    _known.clear()


def middleware(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponse:
        if not settings.SHOP_PAGE_CACHE_SECONDS or not keeping.is_anybodys(request):
            return get_response(request)
        key = keeping.key_of(request)
        known = _known.get(key)
        if known and (found := _at_the_door(request, key, known)):
            return found
        response = get_response(request)
        names = getattr(request, "at_the_door", None)
        if names and response.status_code == 200 and not response.cookies:
            _remember(key, Known(names, _headers(response)))
        return response

    return answer


def _at_the_door(request: HttpRequest, key: str, known: Known) -> HttpResponse | None:
    request.get_host()  # raises DisallowedHost, as further inside
    kept = keeping.fresh(key, known.names) if closing() is None else None
    if kept is None:
        return None
    response = keeping.answer_with(request, kept)
    for name, value in known.headers.items():
        response.headers[name] = value
    if response.status_code == 200:
        response.headers["Content-Length"] = str(len(response.content))
    return response


def _headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in OF_THIS_ANSWER}


def _remember(key: str, known: Known) -> None:
    """The oldest address makes room."""
    with _lock:
        _known.pop(key, None)
        while len(_known) >= MOST:
            del _known[next(iter(_known))]
        _known[key] = known
