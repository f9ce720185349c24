"""The EU's register of VAT ids (VIES), by its REST address. In workers only.

Source: ec.europa.eu/taxation_customs/vies, "check-vat-number". The member states' own systems stand behind it: each may be
down by itself, which it says in the body of a 200. Given the shop's own VAT id it answers with a consultation number.
"""

import logging
from dataclasses import dataclass

import requests
from django.conf import settings

log = logging.getLogger(__name__)
MAX_BYTES = 64 * 1024


class OutOfReach(Exception):
    """No answer about this VAT id at the moment."""


@dataclass(frozen=True)
class Answer:
    is_valid: bool
    reference: str


def ask(vat_id: str, *, requester: str = "") -> Answer:
    """Whether a business has this VAT id (two letters, then the number). Raises OutOfReach."""
    body = {"countryCode": vat_id[:2], "vatNumber": vat_id[2:]}
    if requester:
        body |= {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
    try:
        answer = requests.post(
            f"{settings.SHOP_VIES_URL}/check-vat-number",
            json=body,
            timeout=settings.SHOP_VIES_TIMEOUT,
            allow_redirects=False,
        )
        told = answer.json() if len(answer.content) <= MAX_BYTES else None
    except (requests.RequestException, ValueError) as problem:
        log.info("VIES does not answer: %s", type(problem).__name__)
        raise OutOfReach from problem
    if answer.status_code != 200 or not isinstance(told, dict) or not isinstance(told.get("valid"), bool):
        log.info("VIES answers %s without a result", answer.status_code)
        raise OutOfReach
    return Answer(told["valid"], str(told.get("requestIdentifier") or "")[:40])
