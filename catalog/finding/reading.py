"""Pages that read the catalogue hold the database for half a second at most, whatever somebody asks of them."""

from collections.abc import Callable
from functools import wraps

from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import QueryCanceled

MOST_MS = 500
# Lists cut short begin at the same row each time: scans do not join one that is under way.
LIMITS = "SELECT set_config('statement_timeout', %s, true), set_config('synchronize_seqscans', 'off', true)"


def brief(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No query of the view runs longer than MOST_MS; the visitor is told to ask for less (503, never kept)."""

    @wraps(view)
    def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            with transaction.atomic(savepoint=False), connection.cursor() as cursor:
                cursor.execute(LIMITS, [str(MOST_MS)])
                try:
                    return view(request, *args, **kwargs)
                except Http404 as error:  # no fault of the database's: nothing is to be rolled back
                    gone = error
            raise gone
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
        response = render(
            request, "catalog/too_much.html", {"query": request.GET.get("q", "")[:100]}, status=503
        )
        response["Retry-After"] = "5"
        return response

    return inner
