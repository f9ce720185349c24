"""A file comes in: what it is, is found out at once and shown; nothing of it is believed yet.

The file is kept among the private papers, where only the shop's workers read it.
"""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.importing.formats import FORMATS, columns, format_of
from catalog.models import ImportRun, StockLocation
from catalog.products import owning
from shop.core import csvio, events
from shop.core.csvio import NotCsv

MAX_BYTES = 512 * 1024 * 1024


def upload(
    file: File, *, name: str = "", format: str = "", location: StockLocation | None = None, by: Any = None
) -> ImportRun:
    """Keep the file and say how it is written. `format` overrules what the header tells. Raises NotCsv.

    What the file says of stock is counted at `location`, else at the place that is asked first. What a seller's staff
    brings in is its seller's, and touches nothing else.
    """
    if file.size > MAX_BYTES:
        raise NotCsv(_("The file is larger than %(mb)s MB.") % {"mb": MAX_BYTES // 1024 // 1024})
    seller = getattr(by, "seller_id", None)
    shape = csvio.shape_of(file)  # type: ignore[arg-type]
    header = next((record.cells for record in csvio.read(file, shape) if not record.error), [])  # type: ignore[arg-type]
    chosen = format or format_of(header)
    fields = {field for _header, field in columns(header, chosen)}
    if not FORMATS[chosen].recognises(fields):
        raise NotCsv(_("The columns are not those of %(format)s.") % {"format": FORMATS[chosen].label})
    run = ImportRun(
        name=(name or file.name or "products.csv")[-200:],
        format=chosen,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        skip=shape.skip,
        columns=columns(header, chosen),
        location=location or owning.places_of(seller).first(),
        seller_id=seller,
        started_by=by if getattr(by, "pk", None) else None,
    )
    file.seek(0)
    run.file.save("products.csv", file, save=False)
    return _keep(run, by)


@transaction.atomic
def _keep(run: ImportRun, by: Any) -> ImportRun:
    run.save()
    events.record("import_run.uploaded", run, by=by)
    return run
