"""Handing out a private file after somebody has asked who wants it: by the proxy where there is one, else streamed.

With SHOP_ACCEL_REDIRECT ("/private/") the proxy in front sends the file itself (X-Accel-Redirect), ranges included. Without,
one range is answered as RFC 9110 (section 14) says, so that a download that broke off goes on; of several, all of it is sent.
Whatever it is, it is saved and not opened: a file never runs as a page of the shop.
"""

import re
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import Storage
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def hand_out(
    request: HttpRequest, storage: Storage, path: str, *, name: str, size: int, mark: str
) -> HttpResponse | StreamingHttpResponse:
    """`mark` tells this content from any other, `name` is under which it is saved. Raises FileNotFoundError."""
    if settings.SHOP_ACCEL_REDIRECT:
        response: HttpResponse | StreamingHttpResponse = HttpResponse()
        response["X-Accel-Redirect"] = settings.SHOP_ACCEL_REDIRECT + quote(path)
    else:
        response = _streamed(request, storage, path, size=size, mark=mark)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = f'"{mark}"'
    return response


def _streamed(
    request: HttpRequest, storage: Storage, path: str, *, size: int, mark: str
) -> HttpResponse | StreamingHttpResponse:
    wanted = _range(request, size, mark)
    if wanted == ():
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    first, last = wanted or (0, size - 1)
    file = storage.open(path, "rb")
    file.seek(first)
    answer = FileResponse(_part(file, last - first + 1), status=206 if wanted else 200)
    answer["Content-Length"] = str(last - first + 1)
    answer["Accept-Ranges"] = "bytes"
    if wanted:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer


def _range(request: HttpRequest, size: int, mark: str) -> tuple[int, int] | tuple[()] | None:
    """(first, last) byte; None: all of it; (): there is no such part."""
    found = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or found.groups() == ("", "") or request.headers.get("If-Range", f'"{mark}"') != f'"{mark}"':
        return None
    start, end = found.groups()
    first = int(start) if start else max(0, size - int(end))
    last = min(size - 1, int(end)) if start and end else size - 1
    if first >= size or (not start and not int(end)):
        return ()
    return (first, last) if first <= last else None


def _part(file: IO[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
