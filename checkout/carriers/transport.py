"""The one way out to a carrier's API, for our own calls and for those that the karrio library makes.

karrio is imported by `library()` at the first call and not before: it is large, and only workers need it. As it comes it
sends without a time limit, sends again what failed while Sentry watches, passes whole requests to Sentry, and on import
switches off the verification of certificates for the whole process. Here it gets our `send` instead: a limit for the
whole exchange, one attempt, verified certificates, no redirects.
"""

import gzip
import json
import logging
import ssl
import time
import urllib.error
import urllib.request
import warnings
from dataclasses import dataclass
from email.message import Message
from functools import cache
from http.client import HTTPException
from io import BytesIO
from types import SimpleNamespace

from django.conf import settings
from django.utils.translation import gettext as _

from .base import CarrierUnavailable

log = logging.getLogger(__name__)
MAX_BYTES = 20_000_000
CHUNK = 65_536


class NotAuthorized(Exception):
    """The carrier did not accept our token or credentials (401, 403)."""


@dataclass
class Answer:
    """A complete response, with the names that karrio expects of urllib's."""

    status: int
    headers: Message
    body: bytes

    def read(self) -> bytes:
        return self.body

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *problem: object) -> None:
        pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """No carrier redirects; whoever does must not be handed our token."""

    def redirect_request(self, *args, **kwargs):
        return None


def send(request: urllib.request.Request, timeout: float | None = None) -> Answer:
    """Send once. Raises NotAuthorized, CarrierUnavailable (no answer, 429, 3xx, 5xx), HTTPError (other 4xx)."""
    began = time.monotonic()
    deadline = began + settings.SHOP_CARRIER_TIMEOUT
    status = 0
    try:
        with _opener().open(request, timeout=settings.SHOP_CARRIER_TIMEOUT) as response:
            status = response.status
            return Answer(status, response.headers, _read(response, deadline=deadline))
    except urllib.error.HTTPError as error:
        status = error.code
        raise _meaning(error, deadline=deadline) from None
    except (OSError, EOFError, ValueError, HTTPException) as problem:
        raise CarrierUnavailable("", _("The carrier did not answer.")) from problem
    finally:
        milliseconds = round((time.monotonic() - began) * 1000)
        host = request.host
        log.info(
            "carrier call: %s %s -> %s in %s ms",
            request.get_method(),
            host,
            status or "no answer",
            milliseconds,
        )


def ask(
    method: str, url: str, *, token: str, headers: dict[str, str] | None = None, body: dict | None = None
) -> dict:
    """A call of our own: JSON out, JSON in. Errors as `send`; an answer that is no object is CarrierUnavailable."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {token}")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    return as_object(send(request).read())


def as_object(body: bytes) -> dict:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CarrierUnavailable("", _("The carrier's answer cannot be read."))
    return found


@cache
def library() -> SimpleNamespace:
    """karrio's parts that we use, tamed."""
    from loguru import logger
    from PIL import ImageFile

    logger.disable("karrio")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of PyPDF2, on which it stands
        from karrio.core.utils import helpers

    ssl._create_default_https_context, ImageFile.LOAD_TRUNCATED_IMAGES = ssl.create_default_context, False
    helpers._urlopen_with_span = send
    import karrio.core.models as models
    import karrio.lib as lib
    import karrio.mappers.fedex as fedex
    import karrio.mappers.ups as ups
    from karrio.core.errors import ParsedMessagesError

    class SilentTracer(lib.Tracer):
        """karrio keeps every request and answer in memory; we do not."""

        def trace(self, data, *args, **kwargs):
            return data

    return SimpleNamespace(
        models=models,
        lib=lib,
        ups=ups,
        fedex=fedex,
        Tracer=SilentTracer,
        ParsedMessagesError=ParsedMessagesError,
    )


@cache
def _opener() -> urllib.request.OpenerDirector:
    context = ssl.create_default_context()
    return urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))


def _read(response, *, deadline: float) -> bytes:
    """The whole body before the deadline: a server that sends a byte now and then must not hold a worker."""
    parts, size = [], 0
    while part := response.read1(CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES or time.monotonic() > deadline:
            raise TimeoutError("the answer is too long or too slow")
    expected = response.headers.get("Content-Length")
    if expected and expected.isdigit() and size < int(expected):
        raise EOFError("the answer was cut off")
    body = b"".join(parts)
    if body[:2] != b"\x1f\x8b":
        return body
    with gzip.GzipFile(fileobj=BytesIO(body)) as packed:
        return packed.read(MAX_BYTES)


def _meaning(error: urllib.error.HTTPError, *, deadline: float) -> Exception:
    """The exception that a refusal deserves; the body of a 4xx is kept for whoever reads it."""
    if error.code in (401, 403):
        return NotAuthorized()
    if error.code == 429 or error.code >= 500 or error.code < 400:
        return CarrierUnavailable("", _("The carrier's service is down at the moment."))
    try:
        body = _read(error, deadline=deadline)
    except (OSError, EOFError):
        return CarrierUnavailable("", _("The carrier did not answer."))
    return urllib.error.HTTPError(error.url, error.code, error.reason, error.headers, BytesIO(body))
