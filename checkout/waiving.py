"""Downloads begin at once, so a consumer in the EU is asked to agree that his right of withdrawal ends with it.

Directive 2011/83/EU, Art. 16 (m): the right is lost only with his express consent and his acknowledgement, kept on the order
and confirmed by mail. Companies, known by their VAT id, have no such right; outside the EU nothing is asked.
"""

from catalog.models import Product
from checkout.models import Checkout
from checkout.quote import Quote

MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)  # of the EU and the EEA


def is_asked(checkout: Checkout, quote: Quote) -> bool:
    """Whether the payment page asks for the consent, and the order needs it."""
    country = (checkout.billing or {}).get("country") or checkout.country
    is_download = any(line.kind == Product.Kind.DIGITAL for line in quote.lines)
    return is_download and country in MEMBERS and not checkout.vat_id
