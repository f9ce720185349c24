"""The reference of a bank transfer: ISO 11649, "RF", two check digits and the order's number.

Banks check it when it is typed, by the same rule as an IBAN (ISO 7064, modulo 97-10), so that a wrong sign or two
exchanged ones are noticed before the money leaves.
"""

import re
from collections.abc import Iterator

from shop.core.tokens import as_written

LONGEST = 25


def reference_of(number: str) -> str:
    """ "RF21 K7F4 9QXM" for the order K7F4-9QXM: groups of four are easier to type."""
    plain = _plain(number)
    signs = f"RF{_check_digits(plain)}{plain}"
    return " ".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def is_valid(reference: str) -> bool:
    signs = _plain(reference)
    fits = re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", signs)
    return bool(fits) and _modulo(signs[4:] + signs[:4]) == 1


def numbers_in(text: str) -> list[str]:
    """What may be an order's number in a remittance text, as we write them, each once: of all valid references."""
    return list(dict.fromkeys(_found(text.upper())))


def _found(text: str) -> Iterator[str]:
    """Banks cut and join lines, so a reference may run on into what follows. Every valid beginning counts: one in 97 longer
    ones is valid by chance, and whether there is such an order is for others to see."""
    for match in re.finditer(r"RF ?[0-9] ?[0-9]", text):
        signs = _plain(text[match.start() : match.start() + 2 * LONGEST])[:LONGEST]
        for end in range(len(signs), 4, -1):
            if is_valid(signs[:end]):
                yield as_written(signs[4:end])


def _check_digits(plain: str) -> str:
    return f"{98 - _modulo(plain + 'RF00'):02d}"


def _modulo(signs: str) -> int:
    """Letters count as 10 to 35."""
    return int("".join(str(int(sign, 36)) for sign in signs)) % 97


def _plain(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())
