"""Compile locale/*/LC_MESSAGES/*.po into the .mo files that Django reads: with Babel, so no gettext tools are needed.

The compiled files are committed beside their sources; a test holds them together.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

PLACEHOLDER = re.compile(r"%\(\w+\)s")


def sources() -> list[Path]:
    """Every .po file of the shop."""
    return sorted(
        path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")
    )


def read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parts[-3], abort_invalid=True)


def faults(catalogue: Catalog) -> list[str]:
    """Translations with a placeholder that the English has not, or without one that it has."""
    return [
        f"“{message.id}”: {fault}"
        for message in catalogue
        if is_translated(message)
        for fault in [*message.check(catalogue), *_lost(message)]
    ]


def _lost(message: Message) -> list[str]:
    """A plural may do without its number: "one piece"."""
    if not isinstance(message.id, str):
        return []
    lost = set(PLACEHOLDER.findall(message.id)) - set(PLACEHOLDER.findall(str(message.string)))
    return [f"{name} is lost" for name in sorted(lost)]


def compiled(catalogue: Catalog) -> bytes:
    """Without what is not translated: Babel would put the English there, over Django's own translations."""
    for message in [one for one in catalogue if one.id and not is_translated(one)]:
        catalogue.delete(message.id, context=message.context)
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def is_translated(message: Message) -> bool:
    """All of its forms are, and by a person: a fuzzy one is a guess."""
    forms = [message.string] if isinstance(message.string, str) else message.string or [""]
    return bool(message.id) and all(forms) and not message.fuzzy


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what is wrong, write nothing.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for source in sources():
            catalogue = read(source)
            if wrong := faults(catalogue):
                raise CommandError("\n".join([f"{source} cannot be compiled:", *wrong]))
            done = sum(is_translated(message) for message in catalogue)
            self.stdout.write(f"{source.parts[-3]}: {done} of {len(catalogue)} messages are translated.")
            if not dry_run:
                source.with_suffix(".mo").write_bytes(compiled(catalogue))
