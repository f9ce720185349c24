"""The address book of the account: here, because only the checkout knows how each country writes its addresses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from checkout import addresses
from checkout.forms import BookForm, typed
from shop.accounts import address_book
from shop.accounts.models import Address
from shop.core.errors import Refused
from shop.core.http import see_other
from shop.core.models import Shop


@login_required
@require_GET
def index(request):
    entries = list(request.user.addresses.all())
    shown = [(entry, addresses.format_lines(entry)) for entry in entries]
    context = {"shown": shown, "is_full": len(entries) >= Address.MOST, "section": "addresses"}
    return render(request, "accounts/addresses.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request):
    return _edit(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request, pk):
    return _edit(request, get_object_or_404(request.user.addresses, pk=pk))


@login_required
@require_http_methods(["GET", "POST"])
def remove(request, pk):
    entry = get_object_or_404(request.user.addresses, pk=pk)
    if request.method == "POST":
        address_book.remove(entry)
        messages.success(request, _("The address is deleted."))
        return see_other("checkout:addresses")
    context = {"entry": entry, "lines": addresses.format_lines(entry), "section": "addresses"}
    return render(request, "accounts/address_removal.html", context)


def _edit(request, entry):
    known = entry.as_dict() | {"is_default": entry.is_default} if entry else {}
    form = _form(request, known)
    if request.method == "POST" and "refresh" not in request.POST and form.is_valid():
        wishes = {"address": form.address, "is_default": form.cleaned_data["is_default"]}
        try:
            if entry:
                address_book.change(entry, **wishes)
            else:
                address_book.keep(request.user, **wishes)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The address is saved."))
            return see_other("checkout:addresses")
    context = {"form": form, "entry": entry, "section": "addresses"}
    return render(request, "accounts/address.html", context, status=422 if form.errors else 200)


def _form(request, known: dict) -> BookForm:
    """With the fields of the country that is chosen; another country only changes the fields (`refresh`)."""
    everywhere = addresses.all_countries()
    country = request.POST.get("country") or known.get("country") or Shop.current().country
    country = country if country in everywhere else everywhere[0]
    if request.method == "POST" and "refresh" in request.POST:
        known = typed(request.POST) | {"is_default": "is_default" in request.POST}
    data = request.POST if request.method == "POST" and "refresh" not in request.POST else None
    initial = {"name": request.user.name} | known | {"country": country}
    return BookForm(data, initial=initial, country=country, countries=addresses.country_choices(everywhere))
