"""Answers and guards that every view may wear."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast
from urllib.parse import urljoin

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render, resolve_url
from django.views.decorators.csrf import csrf_exempt

from shop.core import doorway
from shop.core.keeping import is_anybodys, kept_page

View = Callable[..., HttpResponse]
AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase])


MOST_BYTES = 512 * 1024  # of a notice from outside


class UnreadableBody(Exception):
    """No body, or one that is longer than anybody has reason to send."""


class SeeOther(HttpResponseRedirect):
    """303: the answer to a POST is a page that may be reloaded."""

    status_code = 303


def see_other(to: Any, *args: Any, **kwargs: Any) -> SeeOther:
    """`to` is a URL name, a path or an object with get_absolute_url."""
    return SeeOther(resolve_url(to, *args, **kwargs))


def absolute(path: str) -> str:
    """A path of this shop with its address in front; what lies on another host stays as it is."""
    return urljoin(f"{settings.SHOP_URL}/", path)


def body_of(request: HttpRequest) -> bytes:
    """What a machine sent us; never reads more than it will use. Raises UnreadableBody."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if not 0 < length <= MOST_BYTES:
        raise UnreadableBody("no body, or one that is too long")
    return request.body


def client_ip(request: HttpRequest) -> str:
    """The visitor's address; forwarded headers count only from as many proxies as SHOP_PROXIES names."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    nearest: str = request.META.get("REMOTE_ADDR", "")
    return hops[-proxies] if proxies and len(hops) >= proxies else nearest


def private(view: View) -> View:
    """Nobody but this visitor may keep the answer."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return inner


def content_policy(directives: dict[str, Any]) -> Callable[[AnyView], AnyView]:
    """The answer has these directives of the Content-Security-Policy in place of the shop's own.

    django-csp's decorator, whose type knows only views without arguments.
    """
    return cast(Callable[[AnyView], AnyView], csp_replace(directives))


def shared_page(
    view: View | None = None, *, tag: Callable[..., str] | None = None, is_noticed: bool = False
) -> Any:
    """A page that is the same for every anonymous visitor, so that Django and a CDN may keep it for a moment.

    It must touch neither session nor CSRF token. A visitor with a session, or who chose a currency, gets it fresh and
    unshared. `tag` names what it shows, from the view's arguments: shop.core.keeping.forget(tag) makes it stale.
    `is_noticed`: every visit must reach the view around it, so it is never handed out at the door (shop.core.doorway).
    """
    if view is None:
        return partial(shared_page, tag=tag, is_noticed=is_noticed)

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_anybodys(request):
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response
        tags = [tag(*args, **kwargs)] if tag else ["lists"]
        if not is_noticed:
            doorway.note(request, tags=tags)
        return kept_page(request, lambda: view(request, *args, **kwargs), tags=tags)

    return inner


SAME_ORIGIN_VIEWS: set[str] = set()  # read by the test that lists them


def same_origin(view: View) -> View:
    """For forms on cached pages, which carry no token: only our own pages may post here.

    Accepted: Sec-Fetch-Site "same-origin"; without that header an Origin equal to the site. With neither the visitor gets
    the same form once more on a page of his own, with a token. Everything else is refused.
    """
    SAME_ORIGIN_VIEWS.add(f"{view.__module__}.{view.__qualname__}")

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site == "same-origin" or (site is None and origin == f"{request.scheme}://{request.get_host()}"):
            return view(request, *args, **kwargs)
        if site in ("cross-site", "same-site") or (site is None and origin is not None):
            return render(request, "403.html", status=403)
        return _with_token(request, view, args, kwargs)

    return inner


def _guarded(*_args: Any, **_kwargs: Any) -> HttpResponse:
    """Stands before the guard for a view that is not exempt from its question."""
    return HttpResponse()


def _with_token(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
    if request.POST.get("csrfmiddlewaretoken"):
        guard = CsrfViewMiddleware(_guarded)
        guard.process_request(request)
        if refused := guard.process_view(request, _guarded, args, kwargs):
            return refused
        return view(request, *args, **kwargs)
    get_token(request)
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    response = render(
        request, "core/confirm_post.html", {"fields": fields, "action": request.get_full_path()}
    )
    response["Cache-Control"] = "private, no-store"
    return response
