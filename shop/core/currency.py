"""How many minor units make one of a currency, for us and for Stripe.

Our exponents are ISO 4217's. Stripe differs for a few (docs.stripe.com/currencies): ISK and UGX travel with two decimals
although they have none. UGX is described in two contradictory ways there, so it is not offered.
"""

ZERO_DECIMAL = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def exponent(currency: str) -> int:
    """Digits after the point: EUR 2, JPY 0, KWD 3."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
