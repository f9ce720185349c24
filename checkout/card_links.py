"""The printable page of a gift card is opened by a link that carries its code, encrypted: nothing of it is stored.

Whoever has the link has the code, like whoever has the card in his hand; so the link is a secret of the mail.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def token_for(code: str) -> str:
    return _safe().encrypt(code.encode()).decode().rstrip("=")


def code_in(token: str) -> str:
    """Empty when the link is not ours."""
    try:
        return _safe().decrypt((token + "=" * (-len(token) % 4)).encode()).decode()
    except (InvalidToken, ValueError):
        return ""


def _safe() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"till.gift-card-link" + key.encode()).digest()))
        for key in keys
    )
