"""The documents of a product: PDFs that its page lists with their size, in the seller's order.

What a file is says its content, not its name: a PDF begins with its mark and ends with its end (ISO 32000-1, 7.5). One that
runs scripts or starts programs when it is opened is refused. Files that no document names any more are swept, a day later.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from catalog.models import ProductDocument
from catalog.models.document import FOLDER
from shop.core.errors import Refused
from shop.core.wording import said

MOST_MB = 20
GRACE = timedelta(days=1)  # a file is written a moment before its row
DOES_THINGS = (b"/JavaScript", b"/Launch", b"/RichMedia")


class NotADocument(Refused):
    """No PDF, damaged, too large, or one that does things by itself."""


def check(upload: File) -> None:
    """Raises NotADocument."""
    if not 0 < (upload.size or 0) <= MOST_MB * 2**20:
        raise NotADocument(_("A document has at most %(most)s MB.") % {"most": MOST_MB})
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise NotADocument(_("This is no PDF, or it is damaged. Save it as a PDF anew."))
    if any(mark in content for mark in DOES_THINGS):
        raise NotADocument(_("This PDF runs a script or starts something. Save it without."))


def plain(document: ProductDocument) -> dict[str, Any]:
    """As the search row keeps it for the product's page."""
    return {
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "name": document.file.name,
        "size": document.size,
    }


def shown(documents: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """title, url, about ("Data sheet, PDF, 340 KB"); those in the page's language and in none before the others."""
    language = get_language() or ""
    ordered = sorted(documents, key=lambda one: one["language"] not in ("", language))
    return [
        {
            "title": said(one["title"]),
            "url": default_storage.url(one["name"]),
            "about": _about(one, language),
            "lang": one["language"],
        }
        for one in ordered
    ]


def sweep(*, dry_run: bool = False) -> int:
    """Drop the files that no document names; returns how many."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    paths = [f"{FOLDER}/{name}" for name in names]
    named = set(ProductDocument.objects.filter(file__in=paths).values_list("file", flat=True))
    gone = [path for path in paths if path not in named and _is_old(path)]
    for path in [] if dry_run else gone:
        default_storage.delete(path)
    return len(gone)


def _about(one: dict[str, Any], language: str) -> str:
    parts = [str(ProductDocument.Kind(one["kind"]).label), "PDF", filesizeformat(one["size"])]
    if one["language"] and one["language"] != language:
        parts.append(str(get_language_info(one["language"])["name_local"]))
    return ", ".join(parts)


def _is_old(path: str) -> bool:
    try:
        return default_storage.get_modified_time(path) < timezone.now() - GRACE
    except FileNotFoundError:
        return False
