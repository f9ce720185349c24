"""Small files written so that they are whole or absent, and secret where they hold secrets."""

import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write `text` for the owner's eyes only; a reader never sees half of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as out:
        out.write(text)
    fresh.replace(path)


def secret(path: Path, *, bytes_: int = 24) -> str:
    """The secret kept in `path`; made the first time."""
    try:
        kept = path.read_text().strip()
    except FileNotFoundError:
        kept = ""
    if not kept:
        kept = secrets.token_hex(bytes_)
        write_private(path, kept)
    return kept
