"""Asking about a product, from its cached page or from a page of its own."""

import hashlib

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from catalog.models import Product
from catalog.voices import asking
from catalog.voices.question_forms import QuestionForm
from shop.accounts.buyers import normalise
from shop.core import limits
from shop.core.http import client_ip, private, same_origin, see_other
from shop.core.models import told

PER_VISITOR = {"limit": 10, "seconds": 3600}
PER_ADDRESS = {"limit": 5, "seconds": 24 * 3600}  # the answer is mailed to it: nobody may flood a stranger


@same_origin
@private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, slug):
    product = _product(slug)
    form = QuestionForm(request.POST if request.method == "POST" else None, auto_id="ask_%s")
    if request.method != "POST" or not form.is_valid():
        return _page(request, product, form, status=422 if form.errors else 200)
    given = form.cleaned_data
    try:
        _count(request, given["email"])
    except limits.TooMany as refusal:
        form.add_error(None, refusal.message)
        return _page(request, product, form, status=429)
    asking.ask(product, text=given["text"], asked_by=given["asked_by"], email=given["email"])
    return see_other("catalog:question_sent", slug)


@private
@require_GET
def thank(request, slug):
    return render(request, "catalog/question_sent.html", {"product": _product(slug)})


def _product(slug) -> Product:
    return told(get_object_or_404(Product.objects.published(), slug=slug))


def _page(request, product, form, *, status):
    return render(request, "catalog/question.html", {"product": product, "form": form}, status=status)


def _count(request, email: str) -> None:
    limits.hit(f"question:{client_ip(request)}", **PER_VISITOR)
    if email:
        address = hashlib.sha256(normalise(email).encode()).hexdigest()[:24]
        limits.hit(f"question-by:{address}", **PER_ADDRESS)
