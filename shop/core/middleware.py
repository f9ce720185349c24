"""What every request passes: a reference for the log, the language of its URL, and the headers of a careful site."""

import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware as DjangoLocaleMiddleware
from django.shortcuts import render
from django.utils import translation

from shop.core.limits import TooMany

PERMISSIONS_POLICY = (
    'camera=(), microphone=(), geolocation=(), usb=(), payment=(self "https://js.stripe.com")'
)
GetResponse = Callable[[HttpRequest], HttpResponse]


class Referenced(HttpRequest):
    """A request with the reference that the log and the error page share."""

    reference: str


def request_log(get_response: GetResponse) -> Callable[[Referenced], HttpResponse]:
    """Gives the request its reference."""

    def middleware(request: Referenced) -> HttpResponse:
        request.reference = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=request.reference, path=request.path)
        return get_response(request)

    return middleware


def headers(get_response: GetResponse) -> GetResponse:
    """A view that says nothing about caching answers this visitor only ; only cached pages name more."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def largest_body(get_response: GetResponse) -> GetResponse:
    """Answers 413 before anything of a body that is too large is read; sellers may send more than visitors."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_staff_side = request.path.startswith("/admin/")
        most = settings.SHOP_STAFF_BODY_MAX_MB if is_staff_side else settings.SHOP_BODY_MAX_MB
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > most * 1024 * 1024:
            raise RequestDataTooBig(f"{length} bytes")
        return get_response(request)

    return middleware


class TooManyTries:
    """Who tries too often where no form says so itself gets a page that does (429)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooMany):
            return None
        response = render(request, "429.html", {"words": exception.message}, status=429)
        response["Retry-After"] = str(exception.data.get("seconds", 60))
        return response


class LocaleMiddleware(DjangoLocaleMiddleware):
    """The language is in the URL and nowhere else, so answers do not vary by Accept-Language."""

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
