"""Pages for when something is wrong: in the visitor's words, with a way on."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shop.core import plain_pages, reachable


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database is away. Django calls this while it handles the exception."""
    page = plain_pages.away if reachable.has_left(sys.exception()) else plain_pages.problem
    return page(getattr(request, "reference", ""))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the visitor sent more than we take."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
