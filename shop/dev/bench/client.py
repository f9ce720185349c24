"""A small HTTP client on asyncio: one keep-alive connection, one cookie jar. Lean, so that it measures the shop, not itself."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

FIELD = re.compile(rb'<input[^>]*?type="hidden"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"')


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def hidden_fields(self) -> dict[str, str]:
        """All hidden fields of the page, e.g. the token."""
        return {name.decode(): value.decode() for name, value in FIELD.findall(self.body)}


@dataclass
class Visitor:
    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    address: str = ""  # told as X-Forwarded-For: many customers do not share one
    _line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, **fields: str) -> Answer:
        return await self._ask("POST", path, urlencode(fields).encode())

    async def follow(self, answer: Answer) -> Answer:
        """The page that a redirect leads to."""
        while answer.status in (301, 302, 303):
            target = urlsplit(answer.headers["location"])
            answer = await self.get(target.path + (f"?{target.query}" if target.query else ""))
        return answer

    async def close(self) -> None:
        if self._line:
            self._line[1].close()

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        self.requests += 1
        began = time.perf_counter()
        for fresh in (False, True):
            if fresh or self._line is None:
                self._line = await asyncio.open_connection(self.host, self.port)
            try:
                self._line[1].write(self._head(method, path, body) + body)
                status, headers, content = await self._read(*self._line)
                break
            except (ConnectionError, asyncio.IncompleteReadError):
                if fresh:
                    raise
        return Answer(status, headers, content, time.perf_counter() - began)

    def _head(self, method: str, path: str, body: bytes) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept: text/html"]
        if self.address:
            lines.append(f"X-Forwarded-For: {self.address}")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines += [f"Origin: http://{self.host}:{self.port}", "Sec-Fetch-Site: same-origin"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _read(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[int, dict[str, str], bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.split("\r\n")
        headers: dict[str, str] = {}
        for line in filter(None, rest):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                key, _, cookie = value.strip().split(";", 1)[0].partition("=")
                self.cookies[key] = cookie
            headers[name.lower()] = value.strip()
        body = await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            writer.close()
            self._line = None
        return int(first.split()[1]), headers, body


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return b""
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)
