"""Refusals: the shop says no, in words that the customer can read.

Whatever else escapes a view is a fault of ours: a 500, logged with a reference.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from shop.core.http import View, see_other


class Refused(Exception):
    """The rule of business says no. `message` is fit for the customer; subclasses attach data."""

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


def back_to(url_name: str) -> Callable[[View], View]:
    """A refusal becomes a message on the page `url_name`, reached with the view's own URL arguments."""

    def outer(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except Refused as refusal:
                messages.error(request, refusal.message)
                return see_other(url_name, **kwargs)

        return inner

    return outer
