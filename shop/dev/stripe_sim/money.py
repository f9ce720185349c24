"""Amounts: whole minor units, the least and the most that may be charged, and how Stripe prints them in its messages.

https://docs.stripe.com/currencies: minor units, minimum and maximum amounts.
"""

from shop.dev.stripe_sim.errors import ApiError, invalid

CODES = (
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf "
    "clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr "
    "ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr "
    "mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd "
    "shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw"
)
CURRENCIES = set(CODES.split())
ZERO_DECIMAL = {
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
}
THREE_DECIMAL = {"bhd", "jod", "kwd", "omr", "tnd"}
WHOLE_UNITS_ONLY = {"isk", "ugx"}  # written with two decimals, which must be 00
SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "cad": "CA$", "aud": "A$", "chf": "CHF"}
MINIMUM = {
    "usd": 50, "eur": 50, "gbp": 30, "chf": 50, "cad": 50, "aud": 50, "dkk": 250, "nok": 300, "sek": 300, "pln": 200,
    "czk": 1500, "huf": 17500, "ron": 200, "bgn": 100, "jpy": 50, "hkd": 400, "nzd": 50, "sgd": 50, "mxn": 1000,
    "thb": 1000, "myr": 200, "aed": 200, "inr": 50, "brl": 50,
}  # fmt: skip
MAXIMUM = 99_999_999


def shown(amount: int, currency: str) -> str:
    """`€12.50`, `¥500`, `12.500 KWD`: as in Stripe's messages."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, rest = divmod(amount, 10**places)
    number = f"{whole:,}" + (f".{rest:0{places}d}" if places else "")
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency.upper()}"


def check_amount(amount: int, currency: str, *, param: str = "amount") -> None:
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer"
        )
    if amount < MINIMUM.get(currency, 1):
        least = shown(MINIMUM[currency], currency)
        raise ApiError(f"Amount must be at least {least} {currency}", param=param, code="amount_too_small")
    if amount > MAXIMUM:
        raise ApiError(
            f"Amount must be no more than {shown(MAXIMUM, currency)}", param=param, code="amount_too_large"
        )
    whole_tens = currency in THREE_DECIMAL and amount % 10
    if whole_tens or (currency in WHOLE_UNITS_ONLY and amount % 100):
        unit = 10 if whole_tens else 100
        raise ApiError(
            f"Invalid amount: amounts in {currency} must be a multiple of {unit}.",
            param=param,
            code="invalid_charge_amount",
        )


def check_currency(currency: str, *, param: str = "currency") -> str:
    """The currency in lower case, which is how it is kept and shown."""
    if currency.lower() not in CURRENCIES:
        listed = ", ".join(sorted(CURRENCIES))
        raise invalid(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {listed}", param=param
        )
    return currency.lower()
