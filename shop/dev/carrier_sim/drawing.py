"""Two ways to put a label on paper, without any library: a PDF page, and a PNG picture turned as UPS turns it.

A drawing is a list of marks on a 4 × 6 inch page, in points from its lower left corner:
("text", x, y, size, words) and ("bar", x, y, width, height).
"""

import struct
import unicodedata
import zlib

WIDTH, HEIGHT = 288, 432
DOTS = 2.5  # per point: 180 dpi
# Fourteen segments: a top, b/c right, d bottom, e/f left, g h middle, i j k upper \ | /, l m n lower / | \
SEGMENTS = {
    "a": (0, 6, 4, 6), "b": (4, 3, 4, 6), "c": (4, 0, 4, 3), "d": (0, 0, 4, 0), "e": (0, 0, 0, 3), "f": (0, 3, 0, 6),
    "g": (0, 3, 2, 3), "h": (2, 3, 4, 3), "i": (0, 6, 2, 3), "j": (2, 3, 2, 6), "k": (2, 3, 4, 6), "l": (0, 0, 2, 3),
    "m": (2, 0, 2, 3), "n": (2, 3, 4, 0), ".": (2, 0, 2, 0.4),
}  # fmt: skip
STROKES = """
0=abcdef 1=bck 2=abghed 3=abcdh 4=fghbc 5=afghcd 6=afedcgh 7=abc 8=abcdefgh 9=abcdfgh A=abcefgh B=abcdjmh C=adef
D=abcdjm E=adefgh F=aefgh G=acdefh H=bcefgh I=adjm J=bcde K=efgkn L=def M=bcefik N=bcefin O=abcdef P=abefgh Q=abcdefn
R=abefghn S=acdfgh T=ajm U=bcdef V=efkl W=bcefln X=ikln Y=ikm Z=adkl -=gh /=kl +=ghjm .=.
"""
LETTERS = dict(pair.split("=") for pair in STROKES.split())


def pdf(marks: list[tuple], *, title: str) -> bytes:
    """One page, PDF 1.4, the viewer's own Helvetica."""
    stream = zlib.compress("\n".join(_pdf_mark(mark) for mark in marks).encode("cp1252", "replace"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R" % (WIDTH, HEIGHT)
        + b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % _escape(title).encode("cp1252", "replace"),
    ]
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def png(marks: list[tuple]) -> bytes:
    """A grey picture, turned a quarter to the left: UPS sends its 4 × 6 labels lying on their side."""
    wide, high = round(WIDTH * DOTS), round(HEIGHT * DOTS)
    page = [bytearray(b"\xff" * wide) for _ in range(high)]
    for mark in marks:
        if mark[0] == "bar":
            _fill(page, *mark[1:])
        else:
            _write(page, *mark[1:])
    turned = [bytes(row[column] for row in page) for column in range(wide - 1, -1, -1)]
    raw = zlib.compress(b"".join(b"\0" + row for row in turned), 9)
    head = struct.pack(">IIBBBBB", high, wide, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", raw) + _chunk(b"IEND", b"")


def _pdf_mark(mark: tuple) -> str:
    if mark[0] == "bar":
        return "{:.2f} {:.2f} {:.2f} {:.2f} re f".format(*mark[1:])
    _, x, y, size, words = mark
    return f"BT /F {size} Tf {x} {y} Td ({_escape(words)}) Tj ET"


def _escape(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _write(page: list[bytearray], x: float, y: float, size: float, words: str) -> None:
    step, pen = size * 0.11, max(size * 0.09, 0.6)
    plain = unicodedata.normalize("NFKD", words.upper()).encode("ascii", "ignore").decode()
    for position, letter in enumerate(plain):
        left = x + position * step * 6
        for x1, y1, x2, y2 in (SEGMENTS[name] for name in LETTERS.get(letter, "")):
            dots = 1 if x1 == x2 or y1 == y2 else 12
            for dot in range(dots):
                along = dot / dots
                wide = abs(x2 - x1) * step if dots == 1 else 0
                high = abs(y2 - y1) * step if dots == 1 else 0
                at_x, at_y = left + (x1 + (x2 - x1) * along) * step, y + (y1 + (y2 - y1) * along) * step
                _fill(page, at_x, at_y, wide + pen, high + pen)


def _fill(page: list[bytearray], x: float, y: float, width: float, height: float) -> None:
    left, right = (max(0, min(round(edge * DOTS), len(page[0]))) for edge in (x, x + width))
    top, bottom = (max(0, min(round((HEIGHT - edge) * DOTS), len(page))) for edge in (y + height, y))
    for row in page[top:bottom]:
        row[left:right] = b"\0" * (right - left)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
