"""Papers of an order. Their figures are frozen when they are issued; the PDF is drawn from them and may be drawn again.

A receipt says what was bought, what it cost with its taxes, and that it was paid. It is issued once, when the order is
paid, and does not change with what happens later. Drawn by typst from templates/documents/; nothing that a customer
typed is ever read as markup, because the sheet receives it as data.
"""

import json
import re
from uuid import uuid4

import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation

from orders import sheets
from orders.models import Document, Order

FOLDER = settings.BASE_DIR / "templates" / "documents"


def issue_receipt(order: Order) -> Document:
    """The order's receipt with its file; the same one each time."""
    document = Document.objects.filter(order=order, kind=Document.Kind.RECEIPT).first()
    if document is None:
        with translation.override(order.language):
            figures = sheets.figures_of(order)
        document, _made = Document.objects.get_or_create(
            order=order, kind=Document.Kind.RECEIPT, defaults={"figures": figures}
        )
    return ensure_file(document)


def ensure_file(document: Document) -> Document:
    """Draw the PDF if there is none (yet, or any more)."""
    if document.file.name and document.file.storage.exists(document.file.name):
        return document
    content = draw(document)
    document.file.save(f"{document.kind}-{uuid4()}.pdf", ContentFile(content), save=False)
    document.save(update_fields=["file"])
    return document


def draw(document: Document) -> bytes:
    """The PDF, in the order's language."""
    with translation.override(document.figures["language"]):
        sheet = sheets.receipt(document)
    plain = json.dumps(sheet, ensure_ascii=False)
    made = typst.compile(
        FOLDER / "receipt.typ",
        root=FOLDER,
        font_paths=[FOLDER / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": _printable(plain)},
        timestamp=document.issued_at.replace(microsecond=0),
    )
    assert isinstance(made, bytes)
    return made


def _printable(text: str) -> str:
    """The narrow space that some languages write in numbers has no glyph in our font."""
    return re.sub("[\u202f\u2009]", "\u00a0", text)
