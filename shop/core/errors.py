"""Refusals: the shop says no, in words that the customer can read.

Whatever else escapes a view is a fault of ours: a 500, logged with a reference.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages

from shop.core.http import see_other


class Refused(Exception):
    """The rule of business says no. `message` is fit for the customer; subclasses attach data."""

    def __init__(self, message: str, **data):
        super().__init__(message)
        self.message = message
        self.data = data


def back_to(url_name: str) -> Callable:
    """A refusal becomes a message on the page `url_name`, reached with the view's own URL arguments."""

    def outer(view):
        @wraps(view)
        def inner(request, **kwargs):
            try:
                return view(request, **kwargs)
            except Refused as refusal:
                messages.error(request, refusal.message)
                return see_other(url_name, **kwargs)

        return inner

    return outer
