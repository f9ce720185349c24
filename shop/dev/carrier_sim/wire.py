"""What comes in and what goes out: one request, one reply, and replies that are raised."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Reply:
    """An answer. A dict becomes JSON; `packed` sends it compressed, asked for or not, as FedEx does."""

    status: int
    body: dict | list | bytes
    content_type: str = "application/json"
    packed: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[bytes, dict[str, str]]:
        body = (
            self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        )
        headers = {"Content-Type": self.content_type, **self.headers}
        if self.packed:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        return body, headers


class Problem(Exception):
    """The carrier refuses: raised anywhere below a route, sent as its `reply`."""

    def __init__(self, reply: Reply):
        super().__init__(reply.status)
        self.reply = reply


@dataclass
class Call:
    """One request as the routes see it; header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict | None:
        """The body as an object, or None when it is not one."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body.decode("latin-1")).items()}

    def bearer(self) -> str:
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""


def dig(data: Any, path: str) -> Any:
    """`dig(body, "Shipment.Package.0.Weight")`: the value at a path, or None; one-element lists may be left out."""
    for step in path.split("."):
        if isinstance(data, list) and not step.isdigit():
            data = data[0] if data else None
        if isinstance(data, list):
            data = data[int(step)] if int(step) < len(data) else None
        elif isinstance(data, dict):
            data = data.get(step)
        elif step != "0":
            return None
    return data


def text(data: object, path: str) -> str:
    """The text at a path, stripped; empty when there is none."""
    found = dig(data, path)
    return "" if found is None or isinstance(found, dict | list) else str(found).strip()
