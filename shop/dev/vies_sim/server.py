"""The HTTP side, on 127.0.0.1 only."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 64 * 1024
CHECK, CONTROL = "/check-vat-number", "/_sim/answers"
COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)


class Server(ThreadingHTTPServer):
    """Port 0 takes any free one. `answers` is {VAT id: word}, `asked` every question, oldest first."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.answers: dict[str, str] = {}
        self.asked: list[dict] = []
        self.ending = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def reset(self) -> None:
        self.answers, self.asked = {}, []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._send(200, {"status": "up"}) if self.path == "/" else self._send(404, {})

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._send(400, _error("VOW-ERR-1"))
        elif self.path == CONTROL:
            self.server.answers |= {str(name): str(word) for name, word in body.items()}
            self._send(200, self.server.answers)
        elif self.path == CHECK:
            self._check(body)
        else:
            self._send(404, {})

    def _check(self, body: dict) -> None:
        self.server.asked.append(body)
        country, number = str(body.get("countryCode", "")), str(body.get("vatNumber", ""))
        word = self.server.answers.get(country + number, "valid")
        if word == "silent":
            self.server.ending.wait(30)
            self.close_connection = True
            return
        if country not in COUNTRIES or not number.isalnum() or len(number) > 12:
            word = "INVALID_INPUT"
        if word.isupper():
            return self._send(200, _error(word))
        self._send(200, _answer(body, is_valid=word == "valid", serial=len(self.server.asked)))

    def _body(self) -> dict | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            return None
        try:
            found = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def _send(self, status: int, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Silent."""


def _answer(body: dict, *, is_valid: bool, serial: int) -> dict:
    """A consultation number only for those who say who asks."""
    return {
        "countryCode": body["countryCode"],
        "vatNumber": body["vatNumber"],
        "requestDate": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "valid": is_valid,
        "requestIdentifier": f"WAPIAAAASIM{serial:05}" if is_valid and body.get("requesterNumber") else "",
        "name": "---",
        "address": "---",
        "traderName": "---",
    }


def _error(word: str) -> dict:
    return {"actionSucceed": False, "errorWrappers": [{"error": word}]}
