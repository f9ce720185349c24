from django.db import transaction
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkout import addresses, filling, hinting, quoting, showing, starting
from checkout.forms import AddressForm, DetailsForm, typed
from checkout.shipping_rates import countries
from checkout.vat_ids import VatIdRefused
from checkout.views.guards import in_checkout
from shop.accounts.models.address import PostalAddress
from shop.core.http import see_other


@require_http_methods(["GET", "POST"])
@in_checkout
def edit(request, checkout):
    """Who and where to: the first page."""
    if request.method == "GET":
        form, billing = _forms(checkout, initial=_known(request, checkout), billed=checkout.billing or {})
        return _page(request, checkout, form, billing)
    if "refresh" in request.POST:
        form, billing = _forms(
            checkout,
            initial=typed(request.POST) | {"bill_elsewhere": "bill_elsewhere" in request.POST},
            billed=typed(request.POST, "billing"),
        )
        return _page(request, checkout, form, billing)
    form, billing = _forms(
        checkout, request.POST, initial=typed(request.POST), billed=typed(request.POST, "billing")
    )
    wants_billing = "bill_elsewhere" in request.POST
    if not form.is_valid() or (wants_billing and not billing.is_valid()):
        return _page(request, checkout, form, billing, status=422)
    try:
        with transaction.atomic():
            user = request.user if request.user.is_authenticated else None
            filling.set_contact(checkout, email=form.cleaned_data["email"], user=user)
            filling.set_address(
                checkout, address=form.address, billing=billing.address if wants_billing else None
            )
            filling.set_company(
                checkout, vat_id=form.cleaned_data["vat_id"], po_number=form.cleaned_data["po_number"]
            )
    except filling.NotDelivered as refusal:
        form.add_error("country", refusal.message)
        return _page(request, checkout, form, billing, status=422)
    except VatIdRefused as refusal:
        form.add_error("vat_id", refusal.message)
        return _page(request, checkout, form, billing, status=422)
    starting.hold(checkout)
    return see_other("checkout:delivery")


def _forms(checkout, data=None, *, initial, billed):
    """The form of the delivery address and that of the billing address, each with its country's fields."""
    offered = countries()
    country = initial.get("country") or checkout.country
    country = country if country in offered else (offered or [""])[0]
    everywhere = addresses.all_countries()
    bill_country = billed.get("country") or country
    bill_country = bill_country if bill_country in everywhere else country
    form = DetailsForm(
        data,
        initial=initial | {"country": country},
        country=country,
        countries=addresses.country_choices(offered),
    )
    billing = AddressForm(
        data if data and "bill_elsewhere" in data else None,
        initial=dict(billed) | {"country": bill_country},
        prefix="billing",
        country=bill_country,
        countries=addresses.country_choices(everywhere),
        section="billing",
    )
    return form, billing


def _known(request, checkout) -> dict:
    """What the checkout knows; else what the shop or the buyer's address book does."""
    known = {name: value for name, value in checkout.as_dict().items() if value}
    known |= {"email": checkout.email, "bill_elsewhere": bool(checkout.billing)}
    known |= {"vat_id": checkout.vat_id, "po_number": checkout.po_number}
    if not request.user.is_authenticated:
        return known
    wanted = request.GET.get("address", "")
    book = request.user.addresses.all()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 12:
        book = book.filter(pk=wanted)
    elif known.get("street"):
        return known
    entry = book.first()
    chosen = {name: getattr(entry, name) for name in PostalAddress.FIELDS} if entry else {}
    return known | chosen | {"email": checkout.email or request.user.email}


def _page(request, checkout, form, billing, *, status=200):
    basket = quoting.load(checkout)
    context = showing.context(checkout, basket, quoting.calculate(basket), step="details") | {
        "form": form,
        "billing": billing,
        "errors": _errors(form) + _errors(billing, before=_("Billing address:")),
        "has_errors": status == 422,
        "meant_email": hinting.suggestion(form["email"].value() or ""),
        "book": list(request.user.addresses.all()) if request.user.is_authenticated else [],
    }
    return render(request, "checkout/details.html", context, status=status)


def _errors(form, *, before="") -> list[dict]:
    """Each mistake, with a link to its field, in the order in which the fields are seen."""
    return [
        {"href": f"#{field.id_for_label}", "text": f"{before} {error}".strip()}
        for field in form
        for error in field.errors
    ]
