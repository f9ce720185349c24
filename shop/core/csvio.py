"""Tables as CSV, in and out, a record at a time: a file of any size takes the same memory.

What people upload was written by a spreadsheet: with a comma, a semicolon or a tab between cells, as UTF-8 (with or
without a mark), UTF-16 or Windows-1252. All of that is found out, nothing is asked. A record that cannot be read is
handed over with its line and what is wrong; the next one is read all the same.

Cells that a spreadsheet would run as a formula get an apostrophe in front on the way out, which is taken off on the way in
(OWASP, "CSV Injection"): `neutralise` and `restore` undo each other for every text.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from shop.core.errors import Refused

MAX_CELL = 200_000  # characters; the longest description anybody wrote has 65,000
MAX_LINE = 16_000_000
SAMPLE = 64 * 1024
DELIMITERS = ",;\t"
ACTIVE = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f]")

csv.field_size_limit(MAX_CELL)


class NotCsv(Refused):
    """The file is no table that can be read; the message says why."""


@dataclass(frozen=True)
class Shape:
    """How a file is written. `skip` lines stand before its header."""

    encoding: str
    delimiter: str
    skip: int = 0


@dataclass(frozen=True)
class Record:
    """One record of the file. `line` is where it begins, counted as an editor counts; `error` is empty if it was read."""

    line: int
    cells: list[str] = field(default_factory=list)
    error: str = ""


def shape_of(file: BinaryIO) -> Shape:
    """Find out how `file` is written; reads it once from its beginning. Raises NotCsv."""
    encoding = _encoding_of(file)
    head = _head(file, encoding)
    if not head:
        raise NotCsv(_("The file is empty."))
    if UNREADABLE.search("".join(head)):
        raise NotCsv(_("This is not a text file. Save the table as CSV and send that."))
    if found := re.fullmatch(r"sep=([,;\t])\s*", head[0], re.IGNORECASE):
        return Shape(encoding, found[1], skip=1)
    widths = {mark: _width(head, mark) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: widths[mark])
    if widths[delimiter] < 2:
        raise NotCsv(_("The first line names only one column. Separate columns with commas or semicolons."))
    return Shape(encoding, delimiter)


def read(file: BinaryIO, shape: Shape) -> Iterator[Record]:
    """All records of the file, the header first; empty lines are left out."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=shape.encoding, newline="")
    try:
        lines = _lines(text)
        for _number in range(shape.skip):
            next(lines, None)
        yield from _records(csv.reader(lines, delimiter=shape.delimiter), shape.skip)
    finally:
        text.detach()


def written(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The rows as UTF-8 CSV, in pieces; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        if out.tell() > SAMPLE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def neutralise(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if ACTIVE.match(text) else text


def restore(text: str) -> str:
    """What was neutralised, as it was."""
    return text[1:] if text.startswith("'") and ACTIVE.match(text) else text


def _records(reader: Iterator[list[str]], skipped: int) -> Iterator[Record]:
    while True:
        line = reader.line_num + skipped + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Record(line, error=_("A cell is longer than %(max)s characters.") % {"max": MAX_CELL})
            continue
        except UnicodeError:
            yield Record(line, error=_("The rest of the file is damaged: it is not text."))
            return
        if any(cell.strip() for cell in cells):
            yield _checked(line, cells)


def _checked(line: int, cells: list[str]) -> Record:
    if any("\x00" in cell for cell in cells):
        return Record(line, error=_("The line holds characters that no text has."))
    return Record(line, [restore(cell) for cell in cells])


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise NotCsv(_("The file has a line of more than 16 million characters."))
        yield line


def _encoding_of(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(SAMPLE)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig" if _decodes(file, "utf-8") else _no_text()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if _decodes(file, "utf-16") else _no_text()
    if b"\x00" in head:
        return _without_mark(file, head)
    return next((name for name in ("utf-8", "cp1252") if _decodes(file, name)), "") or _no_text()


def _without_mark(file: BinaryIO, head: bytes) -> str:
    """UTF-16 that does not say so: of mostly Latin text every other byte is zero."""
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) * 2 > len(zeros) and _decodes(file, name):
            return name
    return _no_text()


def _no_text() -> str:
    raise NotCsv(_("This is not a text file. Save the table as CSV and send that."))


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(1024 * 1024):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _head(file: BinaryIO, encoding: str) -> list[str]:
    """The first lines, whole where they are short enough."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    return decoder.decode(file.read(SAMPLE)).splitlines(keepends=True)


def _width(head: list[str], delimiter: str) -> int:
    try:
        return len(next(csv.reader(head, delimiter=delimiter), []))
    except csv.Error:
        return 0
