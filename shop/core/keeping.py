"""Pages that are the same for everybody, kept for a moment.

A page is fresh for SHOP_PAGE_CACHE_SECONDS, unless an event forgets one of its tags. A stale one is built anew by one
process; all others get the stale page meanwhile, but never one older than STALE_SECONDS. Answers tell their age, so that
caches further out do not add theirs on top. Nothing depends on the cache: without it every visitor gets a page made for him.
"""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

STALE_SECONDS = 60
BUILD_SECONDS = 10  # after which another may try
WAIT_SECONDS = 2.0  # for a page that another builds, when there is no old one to show
MOST_KEY = 500
EVERYTHING = "everything"  # the tag that all pages bear
POLICY = "public, max-age=0, s-maxage=30, stale-while-revalidate=30"

Build = Callable[[], HttpResponse]


@dataclass(frozen=True)
class Kept:
    content: bytes
    content_type: str
    etag: str
    born: float  # seconds since 1970
    marks: tuple[str | None, ...]  # of its tags, when building began

    @property
    def age(self) -> float:
        return max(0.0, time.time() - self.born)


def is_anybodys(request: HttpRequest) -> bool:
    """Whether the visitor gets what everybody gets: he neither has a session nor chose a currency."""
    own = {settings.SESSION_COOKIE_NAME, settings.SHOP_CURRENCY_COOKIE_NAME} & request.COOKIES.keys()
    return not own and request.method in ("GET", "HEAD")


def key_of(request: HttpRequest) -> str:
    return f"kept:{settings.SHOP_URL}{request.get_full_path()}"


def names_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The keys of the marks that forgetting one of these tags changes."""
    return tuple(f"pages:{tag}" for tag in (EVERYTHING, *tags))


def kept_page(request: HttpRequest, build: Build, *, tags: Iterable[str]) -> HttpResponse:
    """The page of this address, from the cache if it may be; only answers of 200 are kept."""
    key = key_of(request)
    if not settings.SHOP_PAGE_CACHE_SECONDS or len(key) > MOST_KEY:
        return _answer(request, build())
    names = names_of(tags)
    until = time.monotonic() + WAIT_SECONDS
    while True:
        kept, marks = _look(key, names)
        if kept and _is_fresh(kept, marks):
            return answer_with(request, kept)
        if cache.add(f"building:{key}", 1, BUILD_SECONDS):
            return _build(request, build, key, names)
        if kept and kept.age < STALE_SECONDS:
            return answer_with(request, kept)
        if time.monotonic() > until:
            return _answer(request, build())
        time.sleep(0.02)


def fresh(key: str, names: tuple[str, ...]) -> Kept | None:
    """What is kept under this key, unless it is too old or one of its tags was forgotten."""
    kept, marks = _look(key, names)
    return kept if kept and _is_fresh(kept, marks) else None


def forget(*tags: str) -> None:
    """Pages with one of these tags are stale once the caller's transaction stands."""
    names = {f"pages:{tag}": uuid.uuid4().hex for tag in tags}
    transaction.on_commit(lambda: cache.set_many(names, 2 * STALE_SECONDS), robust=True)


def _look(key: str, names: tuple[str, ...]) -> tuple[Kept | None, tuple[str | None, ...]]:
    found = cache.get_many([key, *names])
    return found.get(key), tuple(found.get(name) for name in names)


def _is_fresh(kept: Kept, marks: tuple[str | None, ...]) -> bool:
    return kept.marks == marks and kept.age < settings.SHOP_PAGE_CACHE_SECONDS


def _build(request: HttpRequest, build: Build, key: str, names: tuple[str, ...]) -> HttpResponse:
    """By whoever holds the lock: another may have built the page before he got it.

    Marks are read before the page is: what is forgotten while it is built makes it stale at once.
    """
    try:
        kept, marks = _look(key, names)
        if kept and _is_fresh(kept, marks):
            return answer_with(request, kept)
        response = build()
        if response.status_code == 200 and not response.streaming:
            content = response.content
            kept = Kept(content, response["Content-Type"], etag_of(content), time.time(), marks)
            cache.set(key, kept, STALE_SECONDS)
        return _answer(request, response)
    finally:
        cache.delete(f"building:{key}")


def answer_with(request: HttpRequest, kept: Kept) -> HttpResponse:
    response = HttpResponse(kept.content, content_type=kept.content_type)
    if int(kept.age):
        response["Age"] = str(int(kept.age))
    return _answer(request, response, etag=kept.etag)


def _answer(request: HttpRequest, response: HttpResponse, *, etag: str = "") -> HttpResponse:
    if response.status_code != 200 or response.streaming:
        return response
    response["Cache-Control"] = POLICY
    response["ETag"] = etag = etag or etag_of(response.content)
    return get_conditional_response(request, etag=etag, response=response) or response


def etag_of(content: bytes) -> str:
    return f'"{hash_of(content)}"'


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]
