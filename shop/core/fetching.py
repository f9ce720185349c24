"""Fetches a file from an address that somebody typed, without becoming a door into our own network.

Only http and https, on their usual ports. A name is resolved once, every address that it has must be public, and the
connection goes to exactly the address that was looked at: a name that changes its mind meanwhile changes nothing.
Redirects are followed by hand, each through the same gate. An exchange has one deadline, whatever the other side does.

Source: OWASP ASVS 5.0, V13.2.4 and V15.3.2 (server-side request forgery).
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from shop.core.errors import Refused

PORTS = {"http": 80, "https": 443}
MOST_HOPS = 4
CHUNK = 64 * 1024
REDIRECTS = {301, 302, 303, 307, 308}
PATH_SAFE = "/%:@!$&'()*+,;=~-._"
NAT64 = ipaddress.ip_network("64:ff9b::/96")
COMPATIBLE = ipaddress.ip_network("::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotFetched(Refused):
    """Nothing came, and why. `data["again"]` is true where another try later may help."""


@dataclass(frozen=True)
class Target:
    """An address that was looked at, with the numbers that may be connected to."""

    scheme: str
    host: str
    port: int
    path: str
    numbers: tuple[str, ...]


def fetch(url: str, *, most_bytes: int, seconds: float = 20.0) -> bytes:
    """The content behind `url`. Raises NotFetched."""
    deadline = time.monotonic() + seconds
    for _hop in range(MOST_HOPS):
        with _asked(look_at(url), deadline) as answer:
            if answer.status not in REDIRECTS:
                return _content(answer, most_bytes)
            url = urljoin(url, answer.headers.get("Location", ""))
    raise NotFetched(_("The address leads from one page to the next without end."))


def look_at(url: str) -> Target:
    """Take `url` apart and resolve its name. Raises NotFetched where we do not go."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise NotFetched(_("This is not an address we can read.")) from error
    if parts.scheme not in PORTS or not host:
        raise NotFetched(_("Give an address that begins with https:// or http://."))
    if parts.username is not None or parts.password is not None:
        raise NotFetched(_("Leave the name and password out of the address."))
    path = quote(parts.path or "/", safe=PATH_SAFE)
    query = f"?{quote(parts.query, safe=PATH_SAFE + '?')}" if parts.query else ""
    numbers = _resolved(host, port)
    if not all(_may_go(number, parts.scheme, port) for number in numbers):
        raise NotFetched(_("This address lies in a private network; we fetch from public ones only."))
    return Target(parts.scheme, host, port, path + query, numbers)


def is_public(number: str) -> bool:
    """Whether an IP address is reachable by everybody; those that carry another inside are judged by that one."""
    ip: Address = ipaddress.ip_address(number.partition("%")[0])
    if inner := _carried(ip):
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not getattr(ip, "is_site_local", False)


def _carried(ip: Address) -> ipaddress.IPv4Address | None:
    """::ffff:127.0.0.1, 2002:7f00:1::, 64:ff9b::7f00:1 and the like."""
    if ip.version == 4:
        return None
    if ip in NAT64 or (ip in COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _may_go(number: str, scheme: str, port: int) -> bool:
    if f"{number}:{port}" in settings.SHOP_FETCH_ALLOWED:
        return True
    return port == PORTS[scheme] and is_public(number)


def _resolved(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(
            _("There is no server called %(host)s.") % {"host": host[:100]}, again=True
        ) from error
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


class _Pinned(http.client.HTTPConnection):
    """Connects to the numbers that were looked at, and speaks to the host that was named."""

    def __init__(self, target: Target, *, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target

    def connect(self) -> None:
        self.sock = self._connected()
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)

    def _connected(self) -> socket.socket:
        for number in self._target.numbers:
            try:
                return socket.create_connection((number, self._target.port), timeout=self.timeout)
            except OSError as error:
                failure = error
        raise failure


@contextmanager
def _asked(target: Target, deadline: float) -> Iterator[http.client.HTTPResponse]:
    """The answer, as long as the block lasts. When the deadline comes the line is cut, however busy it is."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise NotFetched(_("The server took too long."), again=True)
    connection = _Pinned(target, timeout=left)
    cut = threading.Event()
    try:
        connection.connect()
        line = connection.sock
        clock = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [line, cut])
        clock.daemon = True
        clock.start()
        try:
            connection.request(
                "GET", target.path, headers={"Accept-Encoding": "identity", "Accept": "image/*"}
            )
            yield connection.getresponse()
        finally:
            clock.cancel()
            _hang_up(line)
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = _("The server took too long.") if cut.is_set() else _("The server could not be reached.")
        raise NotFetched(words, again=True) from error
    finally:
        connection.close()
    if cut.is_set():
        raise NotFetched(_("The server took too long."), again=True)


def _cut(line: socket.socket, cut: threading.Event) -> None:
    cut.set()
    _hang_up(line)


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


def _content(answer: http.client.HTTPResponse, most_bytes: int) -> bytes:
    if answer.status != 200:
        again = answer.status >= 500 or answer.status in (408, 425, 429)
        raise NotFetched(
            _("The server answered “%(status)s”.") % {"status": f"{answer.status} {answer.reason[:60]}"},
            again=again,
        )
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched(_("The server sent the file packed, which we did not ask for."))
    kept = bytearray()
    while chunk := answer.read(min(CHUNK, most_bytes + 1 - len(kept))):
        kept += chunk
        if len(kept) > most_bytes:
            megabytes = most_bytes // 1024 // 1024
            raise NotFetched(_("The file is larger than %(mb)s MB.") % {"mb": megabytes})
    return bytes(kept)
