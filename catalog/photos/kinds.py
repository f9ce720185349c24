"""Why a file is no picture that we can read, in words that help: told by what is in it, never by its name."""

from django.utils.translation import gettext as _

READABLE = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
KINDS = {
    b"GIF8": "GIF",
    b"%PDF": "PDF",
    b"%!PS": "EPS",
    b"\xc5\xd0\xd3\xc6": "EPS",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"8BPS": "Photoshop",
    b"PK\x03\x04": "ZIP",
}
HEIC = {b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc"}


def why_not(head: bytes) -> str:
    """What to tell about a file that begins with `head` and could not be read as JPEG, PNG or WebP."""
    if not head:
        return _("The file is empty.")
    if head.startswith(READABLE) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return _("The picture is damaged or cut short. Send it again, or save it anew first.")
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return _(
            "This is a HEIC picture, as telephones make them. Save it as JPEG first, or set the camera to “most compatible”."
        )
    if b"<svg" in head.lower():
        return _("SVG files can contain programs. Send a JPEG, PNG or WebP file.")
    for start, name in KINDS.items():
        if head.startswith(start):
            return _("This is a %(kind)s file. Send a JPEG, PNG or WebP file.") % {"kind": name}
    return _("This is not a picture we can read. Send a JPEG, PNG or WebP file.")
