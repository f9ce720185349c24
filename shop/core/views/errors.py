"""Pages for when something is wrong: in the customer's words, with a way on."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
