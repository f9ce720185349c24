"""What a customer agrees to when he presses the button, as one mark to compare."""

import hashlib
import json
from collections.abc import Mapping

from checkout.quote import Quote, plain


def fingerprint(found: Quote, told: Mapping[str, object]) -> str:
    """Of what the customer agrees to: goods, prices, taxes, way of delivery, addresses.

    Not of the days of arrival: they move at every cut-off. Nor of photographs, weights and the like.
    """
    agreed = {
        "lines": [
            (
                line.variant_id,
                line.quantity,
                line.unit_minor,
                line.total_minor,
                plain(line.taxes),
                [(part.variant_id, part.quantity) for part in line.parts],
                plain([dict(answer) for answer in line.custom]),
                plain(line.ships_by),
                [(one.promotion_id, one.amount_minor) for one in line.adjustments],
            )
            for line in found.lines
        ],
        "charges": [(one.kind, one.name, one.total_minor, plain(one.taxes)) for one in found.charges],
        "shipping": found.shipping
        and (found.shipping.method_id, found.shipping.price_minor, plain(found.shipping.taxes)),
        "sums": (found.currency, found.prices_include_tax, found.tax_minor, found.total_minor),
        "tenders": [(tender.purse, tender.amount_minor) for tender in found.tenders],
        "told": plain(dict(told)),
    }
    return hashlib.sha256(json.dumps(agreed, sort_keys=True).encode()).hexdigest()
