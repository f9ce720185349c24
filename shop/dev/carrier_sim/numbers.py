"""Tracking numbers with the carriers' own check digits."""

import secrets


def ups(account: str, service: str) -> str:
    """1Z, account, service, a serial number of seven digits, and a check digit (letters count as UPS's table says)."""
    body = account + service + f"{secrets.randbelow(10**7):07d}"
    digits = [int(letter) if letter.isdigit() else (ord(letter) - 63) % 10 for letter in body]
    total = sum(digits[0::2]) + 2 * sum(digits[1::2])
    return f"1Z{body}{-total % 10}"


def fedex() -> str:
    """Twelve digits: eleven and their sum, weighted 3-1-7 from the left, modulo 11 and 10."""
    body = "7" + f"{secrets.randbelow(10**10):010d}"
    total = sum(int(digit) * (3, 1, 7)[place % 3] for place, digit in enumerate(body))
    return body + str(total % 11 % 10)
