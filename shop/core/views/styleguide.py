"""The style guide, in development only: every component in its states, and whole pages with sample data."""

import re

import css_inline
from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from shop.core import samples as house
from shop.core.samples import catalogue, orders
from shop.core.templatetags.design import symbols

PICTURES = settings.BASE_DIR / "shop" / "demo" / "photos"
COLOURS = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")


def asking(words: str, **more: str) -> dict[str, str]:
    """Messages that say what to do."""
    return {"required": words, "invalid": words} | more


class SampleForm(forms.Form):
    """Fields as the checkout asks for them."""

    email = forms.EmailField(
        error_messages=asking("Enter an email address like name@example.com"),
        label="Email address",
        help_text="For the receipt and delivery news.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    name = forms.CharField(
        error_messages=asking("Enter your full name"),
        label="Full name",
        widget=forms.TextInput(attrs={"autocomplete": "shipping name"}),
    )
    country = forms.ChoiceField(
        label="Country",
        choices=[("AT", "Austria"), ("DE", "Germany"), ("CH", "Switzerland")],
        widget=forms.Select(attrs={"autocomplete": "shipping country"}),
    )
    street = forms.CharField(
        error_messages=asking("Enter your street and number"),
        label="Street and number",
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-line1"}),
    )
    extra = forms.CharField(
        label="Flat, company",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-line2"}),
    )
    postcode = forms.CharField(
        error_messages=asking("Enter your postcode"),
        label="Postcode",
        widget=forms.TextInput(attrs={"autocomplete": "shipping postal-code", "inputmode": "numeric"}),
    )
    city = forms.CharField(
        error_messages=asking("Enter your city"),
        label="City",
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-level2"}),
    )
    password = forms.CharField(
        error_messages=asking("Enter your password"),
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-reveal": "Show"}),
    )
    message = forms.CharField(
        error_messages=asking("Write what we can do for you", min_length="Write 20 characters or more"),
        label="Message",
        min_length=20,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": ""}),
    )
    file = forms.FileField(label="Photograph", help_text="JPEG or PNG, at most 5 MB.", required=False)
    news = forms.BooleanField(label="Write to me when there are new prints", required=False)
    topic = forms.ChoiceField(
        error_messages=asking("Choose what it is about"),
        label="What is it about?",
        choices=[("order", "My order"), ("product", "A product"), ("else", "Something else")],
        widget=forms.RadioSelect,
    )


def samples() -> dict:
    """Everything the sample pages may show."""
    shared: dict[str, object] = {
        name.lower(): value
        for module in (catalogue, orders)
        for name, value in vars(module).items()
        if name.isupper()
    }
    return shared | {
        "form": SampleForm(initial={"country": "AT"}),
        "words": [(1, "Poor"), (2, "Fair"), (3, "Good"), (4, "Very good"), (5, "Great")],
        "noindex": True,
        "search_query": "",
        "summary_count": "3 items",
        "summary_total": orders.TOTALS["total"],
    }


PAGES: dict[str, dict] = {
    "home": {},
    "listing": {},
    "listing-empty": {},
    "search": {"search_query": "mug"},
    "search-empty": {"search_query": "conturs"},
    "product": {},
    "product-sold-out": {},
    "cart": {},
    "cart-empty": {},
    "checkout-details": {"steps": orders.steps(0)},
    "checkout-details-error": {"steps": orders.steps(0), "bound": True},
    "checkout-delivery": {"steps": orders.steps(1)},
    "checkout-payment": {"steps": orders.steps(2)},
    "confirming": {},
    "confirmation": {},
    "account": {"section": "home"},
    "orders": {"section": "orders"},
    "order": {"section": "orders"},
    "addresses": {"section": "addresses"},
    "tracking": {},
    "return": {},
    "review": {},
    "article": {},
    "faq": {},
    "contact": {},
    "sign-in": {},
}


def sampled(name: str) -> dict:
    """The sample values of one page; its form has been sent half empty where the page shows errors."""
    values = samples() | PAGES[name]
    if values.get("bound"):
        values["form"] = SampleForm({"email": "ada@example", "name": "Ada Brunner", "country": "AT"})
    return values


def index(request):
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    wrong = SampleForm({"email": "ada@", "country": "AT", "message": "Too short"})
    context = samples() | {
        "icons": sorted(symbols()),
        "colours": COLOURS.findall(tokens),
        "pages_shown": list(PAGES),
        "wrong": wrong,
    }
    return render(request, "styleguide/index.html", context)


def page(request, name: str):
    if name not in PAGES:
        raise Http404
    return render(request, f"styleguide/pages/{name}.html", sampled(name))


def mail(request):
    """The layout of mails with a sample text, as it is sent: the style written into the elements."""
    context = samples() | {"shop": house.SHOP, "shop_url": f"{request.scheme}://{request.get_host()}"}
    response = HttpResponse(css_inline.inline(render_to_string("styleguide/mail.html", context)))
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    return response


def picture(request, name: str):
    """A photograph of the demo shop, where it is installed."""
    path = (PICTURES / name).resolve()
    if path.parent != PICTURES.resolve() or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"))
