"""For load balancers: is this process able to serve? Says no word about what runs here."""

from django.db import DatabaseError, connection
from django.http import JsonResponse


def show(request):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
