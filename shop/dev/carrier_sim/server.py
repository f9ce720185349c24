"""The HTTP side: reads a request, lets trouble strike where it is planned, answers, and remembers what was asked."""

import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from . import controls, faults, life, page, pushing, routes
from .store import Store
from .wire import Call, Problem, Reply

log = logging.getLogger("carrier_sim")
MAX_BODY = 5_000_000
REMEMBERED = 1000  # requests
LATE_ONLY = ("slow", "drip")  # these send the right answer
PAGES = {("GET", "/"): page.show, ("POST", "/"): page.move, ("GET", "/label"): page.paper}


class Server(ThreadingHTTPServer):
    """On 127.0.0.1 only, whatever happens; port 0 takes any free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, store: Store):
        super().__init__(("127.0.0.1", port), Handler)
        self.store = store
        self.ending = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def move_parcels(self, *, seconds: float) -> None:
        """Every stage lasts `seconds`: runs until the server ends."""
        while not self.ending.wait(min(seconds, 1.0)):
            for parcel, event in life.advance_due(self.store, seconds=seconds):
                pushing.push(self.store, parcel, event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def _serve(self) -> None:
        call = self._read()
        if call is None:
            return self._send(Reply(413, {"error": "The request is too large."}))
        if call.path.startswith("/_sim/"):
            return self._send(_guarded(controls.answer, self.server.store, call))
        if (call.method, call.path) in PAGES:
            return self._send(_guarded(PAGES[call.method, call.path], self.server.store, call))
        return self._serve_carrier(call)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _serve_carrier(self, call: Call) -> None:
        store, found = self.server.store, routes.find(call)
        if found is None:
            return self._send(
                Reply(404, {"errors": [{"code": "404", "message": "The resource was not found."}]})
            )
        operation, answer = found
        early = faults.take(store, operation, after=False)
        if early and early.kind not in LATE_ONLY:
            self._remember(call, operation, 0)
            return self._strike(early, operation)
        reply = _guarded(answer, store, call)
        self._remember(call, operation, reply.status)
        late = faults.take(store, operation, after=True) if reply.status < 400 else None
        if late and late.kind not in LATE_ONLY:
            return self._strike(late, operation)
        fault = early or late
        if fault and fault.kind == "slow":
            self.server.ending.wait(fault.seconds)
        return self._send(reply, drip=bool(fault and fault.kind == "drip"))

    def _strike(self, fault: faults.Fault, operation: str) -> None:
        if fault.kind == "error":
            return self._send(Reply(fault.status, faults.error_body(operation, fault.status)))
        if fault.kind == "malformed":
            return self._send(Reply(200, b"<html><body>Scheduled maintenance</body></html>", "text/html"))
        if fault.kind == "timeout":
            self.server.ending.wait(fault.seconds)
        self.close_connection = True

    def _read(self) -> Call | None:
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_BODY:
            self.close_connection = True
            return None
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(size)
        return Call(self.command, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

    def _send(self, reply: Reply, *, drip: bool = False) -> None:
        body, headers = reply.encoded()
        self.send_response(reply.status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for start in range(0, len(body), 1 if drip else max(len(body), 1)):
                self.wfile.write(body[start : start + 1] if drip else body)
                if drip and self.server.ending.wait(0.1):
                    break
        except OSError:
            self.close_connection = True  # the shop has hung up

    def _remember(self, call: Call, operation: str, status: int) -> None:
        secret = operation.endswith(".token")
        body = "" if secret else call.body.decode("utf-8", "replace")
        sql = "INSERT INTO requests (at, operation, method, path, status, body) VALUES (?, ?, ?, ?, ?, ?)"
        self.server.store.run(sql, time.time(), operation, call.method, call.path, status, body)
        forget = "DELETE FROM requests WHERE id <= (SELECT max(id) FROM requests) - ?"
        self.server.store.run(forget, REMEMBERED)

    def log_message(self, form: str, *values) -> None:
        log.debug(form, *values)


def _guarded(answer, store: Store, call: Call) -> Reply:
    """A refusal becomes its reply; a fault of the simulator's own is a 500 that says so."""
    try:
        return answer(store, call)
    except Problem as problem:
        return problem.reply
    except Exception:
        log.exception("%s %s", call.method, call.path)
        return Reply(500, {"error": "The simulator itself failed; its log says where."})
