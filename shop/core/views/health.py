"""For load balancers: is this process able to serve? Says no word about what runs here."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from shop.core.plain_pages import AWAY_SECONDS


def show(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "unavailable"}, status=503, headers={"Retry-After": str(AWAY_SECONDS)})
    return JsonResponse({"status": "ok"})
