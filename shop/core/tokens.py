"""Numbers that are read aloud and secrets that are not."""

import re
import secrets

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: none is taken for another on the telephone.
READABLE = "34679ACDEFGHJKMNPQRTUVWXY"


def readable_number(groups: int = 2) -> str:
    """Four characters a group, e.g. "K7F4-9QXM": two groups are 1.5 × 10^11 numbers; the caller's UNIQUE has the last word."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(groups))


def as_written(typed: str, *, groups: int = 4) -> str:
    """A readable number as people type it ("k7f4 9qxm", "#K7F49QXM"), the way we write it: "K7F4-9QXM"."""
    signs = re.sub(r"[^0-9A-Z]", "", typed[:200].upper())[: 4 * groups]
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def secret_token() -> str:
    """192 bits, safe in a URL."""
    return secrets.token_urlsafe(24)
