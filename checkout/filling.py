"""What the customer fills in: who, where to, how. Each step refuses on a checkout that is no longer open.

A change of address keeps the way of delivery only where it is offered too. A way of delivery that is not offered for these
goods to this address is refused, wherever its id came from.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from checkout import addresses, live_rates, quoting, vat_ids
from checkout.models import Checkout, ShippingMethod
from checkout.quote import Quote
from checkout.shipping_rates import countries
from checkout.starting import open_one
from shop.core.errors import Refused


class NotDelivered(Refused):
    """Nothing is sent to that country."""


class MethodNotOffered(Refused):
    """That way of delivery does not exist for these goods to this address."""


@transaction.atomic
def set_contact(checkout: Checkout, *, email: str, user=None) -> Checkout:
    checkout = open_one(checkout)
    checkout.email, checkout.user = email.strip(), user or checkout.user
    checkout.save(update_fields=["email", "user", "updated_at"])
    return checkout


@transaction.atomic
def set_address(
    checkout: Checkout, *, address: Mapping[str, str], billing: Mapping[str, str] | None = None
) -> Checkout:
    """Where the goods go and, if elsewhere, the bill: dicts with the fields of PostalAddress.

    Raises addresses.AddressRefused, NotDelivered.
    """
    checkout = open_one(checkout)
    if address.get("country") not in countries():
        raise NotDelivered(_("We do not deliver to this country."))
    for name, value in addresses.clean(address["country"], address).items():
        setattr(checkout, name, value)
    checkout.billing = addresses.clean(billing["country"], billing) if billing else None
    checkout.save()
    basket = quoting.load(checkout)
    live_rates.ask(checkout, pieces=basket.pieces)
    if checkout.shipping_method_id and basket.offer is None:
        checkout.shipping_method = None
        checkout.save(update_fields=["shipping_method"])
    return checkout


@transaction.atomic
def set_company(checkout: Checkout, *, vat_id: str = "", po_number: str = "") -> Checkout:
    """What a business adds: its VAT id, which is then checked, and its own number for this order.

    Raises vat_ids.VatIdRefused.
    """
    checkout = open_one(checkout)
    home = (checkout.billing or {}).get("country") or checkout.country
    checkout.vat_id, checkout.po_number = vat_ids.clean(vat_id, country=home), po_number.strip()
    checkout.save(update_fields=["vat_id", "po_number", "updated_at"])
    if checkout.vat_id:
        vat_ids.ask_for(checkout.vat_id)
    return checkout


@transaction.atomic
def set_method(checkout: Checkout, *, method: ShippingMethod | int) -> Checkout:
    """By row or id. Raises MethodNotOffered."""
    checkout = open_one(checkout)
    wanted = getattr(method, "pk", method)
    if wanted not in [offer.method.pk for offer in quoting.load(checkout).offers]:
        raise MethodNotOffered(_("Choose one of the deliveries that are offered."))
    checkout.shipping_method_id = wanted
    checkout.save(update_fields=["shipping_method", "updated_at"])
    return checkout


def lacks_details(checkout: Checkout) -> bool:
    """Whether the first page is not filled in yet: known without a quote."""
    return not (checkout.email and checkout.name and checkout.street and checkout.country)


def missing_step(checkout: Checkout, quote: Quote) -> str | None:
    """The first page that is not filled in: "details", "delivery", or None when it can be paid."""
    if lacks_details(checkout):
        return "details"
    return None if quote.shipping or not quote.needs_delivery else "delivery"
