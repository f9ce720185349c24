"""The HTTP server on 127.0.0.1: the API, the pages that a customer's browser sees, and the controls.

It answers only requests whose Host is the loopback's, so that no web page can reach it under a name of its own (DNS rebinding);
the controls want JSON and answer no other origin.
"""

import json
import logging
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from shop.dev.stripe_sim import endpoints, idempotency, pages
from shop.dev.stripe_sim.api import Api, Request
from shop.dev.stripe_sim.controls import Controls
from shop.dev.stripe_sim.delivery import Courier
from shop.dev.stripe_sim.faults import Hangup
from shop.dev.stripe_sim.schedule import Timer
from shop.dev.stripe_sim.sim import Sim
from shop.dev.stripe_sim.store import Store

HOST = "127.0.0.1"
LONGEST_BODY = 1_000_000
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Version",
    "Access-Control-Expose-Headers": "Request-Id",
    "Access-Control-Max-Age": "300",
}
log = logging.getLogger("stripe_sim")


class Server(ThreadingHTTPServer):
    """One simulated account behind one port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, *, state: str | None, secret_key: str, publishable_key: str,
        webhook_url: str | None = None, webhook_secret: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__((HOST, port), Handler)
        url = f"http://{HOST}:{self.server_address[1]}"
        self.sim = Sim(Store(state), secret_key=secret_key, publishable_key=publishable_key, url=url)
        idempotency.forget_unfinished(self.sim)
        self.api, self.courier, self.timer = Api(self.sim), Courier(self.sim), Timer(self.sim)
        self.controls = Controls(self.api, self.courier)
        self.stopping = threading.Event()
        if webhook_url:
            self._listen(webhook_url, webhook_secret)

    def _listen(self, url: str, secret: str | None) -> None:
        """The endpoint of the command line takes the place of the one of an earlier run."""
        with self.sim.store.transaction():
            for endpoint in self.sim.store.find("webhook_endpoint"):
                if endpoint["url"] == url or endpoint.get("_from_command_line"):
                    self.sim.store.remove(endpoint["id"])
            endpoint = endpoints.make(self.sim, url=url, secret=secret)
            self.sim.store.save(endpoint | {"_from_command_line": True})

    def run(self) -> None:
        self.courier.start()
        self.timer.start()
        try:
            self.serve_forever(poll_interval=0.1)
        finally:
            self.stopping.set()
            self.timer.stop()
            self.courier.stop()
            self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("connection from %s broke off", client_address, exc_info=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "stripe_sim"
    sys_version = ""
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self.take("GET")

    def do_POST(self) -> None:
        self.take("POST")

    def do_DELETE(self) -> None:
        self.take("DELETE")

    def do_OPTIONS(self) -> None:
        self.send(204, "", CORS)

    def do_HEAD(self) -> None:
        self.take("GET")

    def take(self, method: str) -> None:
        try:
            self.route(method)
        except Hangup as hangup:
            self.server.stopping.wait(hangup.seconds)
            self.cut()
        except BrokenPipeError:
            self.close_connection = True
        except Exception:
            log.exception("%s %s", method, self.path)
            self.send(
                500,
                '{"error": {"type": "api_error", "message": "A fault of the simulator: see its output."}}',
            )

    def route(self, method: str) -> None:
        where = urlsplit(self.path)
        body = self.body()
        if body is None:
            self.close_connection = True
            self.send(
                413, '{"error": {"type": "invalid_request_error", "message": "Request body too large."}}'
            )
        elif self.headers.get("Host", "").rpartition(":")[0] not in (HOST, "localhost"):
            self.send(403, '{"error": {"message": "This simulator answers on the loopback address only."}}')
        elif where.path.startswith("/v1/"):
            form = body if method == "POST" else where.query
            self.send_api(
                Request(method, unquote(where.path), form, {k.lower(): v for k, v in self.headers.items()})
            )
        elif where.path.startswith("/_sim"):
            self.send_control(method, where.path, body, dict(parse_qsl(where.query)))
        else:
            page = pages.answer(
                self.server.sim, method, where.path, dict(parse_qsl(where.query)), dict(parse_qsl(body))
            )
            self.send(page.status, page.body, page.headers)

    def body(self) -> str | None:
        """The request's body as text; None if it is too long."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return None
        return self.rfile.read(int(length)).decode("utf-8", "replace")

    def send_api(self, request: Request) -> None:
        answer = self.server.api.answer(request)
        self.send(answer.status, answer.body, CORS | answer.headers)

    def send_control(self, method: str, path: str, body: str, query: dict[str, str]) -> None:
        if self.headers.get("Origin", self.server.sim.url) != self.server.sim.url:
            self.send(403, '{"error": "The controls are not for other pages."}')
            return
        try:
            data = json.loads(body) if body else {}
        except ValueError as wrong:
            self.send(400, json.dumps({"error": f"Not JSON: {wrong}"}))
            return
        if not isinstance(data, dict):
            self.send(400, '{"error": "The body must be a JSON object."}')
            return
        status, answer = self.server.controls.answer(method, path.rstrip("/"), data, query)
        self.send(status, json.dumps(answer))

    def send(self, status: int, body: str | bytes, headers: dict[str, str] | None = None) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Cache-Control": "no-store"} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def cut(self) -> None:
        """End the connection without a word, as a broken network does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
