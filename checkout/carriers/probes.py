"""`manage.py doctor` tries the credentials of every carrier that is set up. The shop sells without carriers."""

from shop.core.probes import Trouble, probe

from . import CarrierRefused, CarrierUnavailable, available, carrier


def _try(code: str) -> str:
    if code not in available():
        return "not set up"
    try:
        carrier(code).check()
    except CarrierUnavailable as problem:
        remedy = f"Check SHOP_{code.upper()}_URL and the network. Labels wait meanwhile, or are made by hand."
        raise Trouble(problem.message, remedy=remedy, is_fatal=False) from problem
    except CarrierRefused as problem:
        remedy = f"Check SHOP_{code.upper()}_CLIENT_ID, _CLIENT_SECRET and _ACCOUNT (for FedEx also the TRACK pair)."
        raise Trouble(problem.message, remedy=remedy, is_fatal=False) from problem
    return "credentials accepted"


@probe("UPS")
def ups() -> str:
    return _try("ups")


@probe("FedEx")
def fedex() -> str:
    return _try("fedex")
