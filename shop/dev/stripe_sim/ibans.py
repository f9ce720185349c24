"""Test IBANs (https://docs.stripe.com/testing?payment-method=sepa-direct-debit) and how their debits end.

A debit is `processing` first, always. Any other IBAN whose check digits are right ends well.
"""

from shop.dev.stripe_sim.errors import ApiError

# What becomes of the debit: (outcome, whether it takes its time: three minutes with Stripe).
OUTCOMES = {
    "DE89370400440532013000": ("succeeded", False),
    "DE08370400440532013003": ("succeeded", True),
    "DE62370400440532013001": ("failed", False),
    "DE78370400440532013004": ("failed", True),
    "DE35370400440532013002": ("disputed", False),
    "AT611904300234573201": ("succeeded", False),
    "AT321904300235473204": ("succeeded", True),
    "AT861904300235473202": ("failed", False),
    "AT051904300235473205": ("failed", True),
    "AT591904300235473203": ("disputed", False),
    "FR1420041010050500013M02606": ("succeeded", False),
    "FR3020041010050500013M02609": ("succeeded", True),
    "FR8420041010050500013M02607": ("failed", False),
    "FR7920041010050500013M02600": ("failed", True),
    "FR5720041010050500013M02608": ("disputed", False),
    "NL39RABO0300065264": ("succeeded", False),
}


def check_digits_right(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return (
        turned.isascii()
        and turned.isalnum()
        and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
    )


def clean_iban(given: str) -> str:
    """The IBAN without spaces, in capitals; refuses one that cannot exist."""
    iban = given.replace(" ", "").upper()
    if not 15 <= len(iban) <= 34 or not iban[:2].isalpha() or not check_digits_right(iban):
        raise ApiError(
            "The IBAN you entered is invalid.", code="invalid_bank_account_iban", param="sepa_debit[iban]"
        )
    return iban


def outcome_of(iban: str) -> tuple[str, bool]:
    return OUTCOMES.get(iban, ("succeeded", False))
