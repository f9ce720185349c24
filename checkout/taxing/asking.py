"""When and of whom taxes are asked: the shop's table, or with SHOP_TAX_PROVIDER=stripe Stripe Tax on top of it."""

import logging
from datetime import date

from django.conf import settings

from checkout.models import Checkout, TaxAnswer, TaxClass
from checkout.taxing import stripe
from checkout.taxing.asked import Asked, Listening, Purchase, as_rows
from checkout.taxing.base import Kind, Taxation

log = logging.getLogger(__name__)
MOST_KEPT = 20  # answers of one checkout


def is_asked() -> bool:
    return bool(settings.SHOP_TAX_PROVIDER == "stripe" and settings.SHOP_STRIPE_SECRET_KEY)


def with_answers(taxation: Taxation, checkout: Checkout, *, on: date, vat_id: str) -> Taxation:
    """The table's taxation, and on top of it what the service has said of this checkout. One query where it is asked.

    Mixed places (digital goods that follow the bill) and exports are the table's own business.
    """
    if not is_asked() or not checkout.street or taxation.there is None or taxation.digital != taxation.there:
        return taxation
    answers = dict(TaxAnswer.objects.filter(checkout=checkout).values_list("key", "taxes"))
    return Asked(
        taxation.home,
        taxation.there,
        taxation.prices_include_tax,
        digital=taxation.digital,
        relief=taxation.relief,
        note=taxation.note,
        purchase=_purchase(taxation, checkout, on=on, vat_id=vat_id),
        answers=answers,
    )


def listening(taxation: Taxation) -> Listening | None:
    """The same, which remembers what it is asked; None where no service is."""
    if not isinstance(taxation, Asked):
        return None
    return Listening(**{name: getattr(taxation, name) for name in Asked.__dataclass_fields__})


def ask(checkout: Checkout, heard: Listening) -> bool:
    """Ask about what was heard, unless that is answered already. Whether there is a new answer.

    Goes over the network: never within a transaction of the caller.
    """
    assert heard.purchase is not None
    parts = heard.heard[-1]
    key = heard.key(parts)
    if key in heard.answers:
        return False
    codes = dict(TaxClass.objects.exclude(stripe_code="").values_list("code", "stripe_code"))
    try:
        ref, taxes = stripe.calculate(parts, heard.purchase, is_inclusive=heard.is_inclusive, codes=codes)
    except stripe.NoAnswer as problem:
        log.warning("Stripe Tax gave no answer, the table's rates hold: %s", problem)
        return False
    rows = [as_rows(each) for each in taxes]
    TaxAnswer.objects.get_or_create(checkout=checkout, key=key, defaults={"taxes": rows, "provider_ref": ref})
    old = TaxAnswer.objects.filter(checkout=checkout).order_by("-pk").values_list("pk", flat=True)[MOST_KEPT:]
    TaxAnswer.objects.filter(pk__in=list(old)).delete()
    return True


def _purchase(taxation: Taxation, checkout: Checkout, *, on: date, vat_id: str) -> Purchase:
    return Purchase(
        currency=checkout.currency,
        country=checkout.country,
        region=checkout.region,
        postcode=checkout.postcode,
        city=checkout.city,
        street=checkout.street,
        vat_id=vat_id,
        relief=taxation.relief.get(Kind.GOODS, ""),
        day=on.isoformat(),
    )
