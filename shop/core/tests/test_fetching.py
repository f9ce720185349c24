import http.server
import socket
import ssl
import threading
import time
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

import pytest

from shop.core import fetching
from shop.core.fetching import NotFetched, fetch, is_public

SECRET = b"the keys of the house"
SECONDS = 1.0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Says nothing."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        act = getattr(self, f"_{urlsplit(self.path).path.strip('/')}", self._file)
        try:
            act()
        except OSError:
            self.close_connection = True

    def _file(self, content=SECRET, **headers):
        self.send_response(200)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, status, **headers):
        self.send_response(status)
        for name, value in ({"Content-Length": "0"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _hop(self):
        self._answer(302, Location=unquote(self.path.split("to=", 1)[1]))

    def _loop(self):
        self._answer(302, Location="/loop")

    def _gone(self):
        self._answer(404)

    def _broken(self):
        self._answer(503)

    def _large(self):
        self._file(b"x" * 200_000)

    def _liar(self):
        """Names no length and never stops."""
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 10_000)

    def _packed(self):
        self._file(Content_Encoding="gzip")

    def _silent(self):
        time.sleep(5)

    def _drip(self):
        """A byte now and then, so that no single read ever waits long."""
        self.send_response(200)
        self.end_headers()
        for _n in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads, running.block_on_close, running.asked = True, False, []
        running.port = running.server_address[1]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def allowed(server, settings):
    settings.SHOP_FETCH_ALLOWED = [f"127.0.0.1:{server.port}"]
    return f"http://127.0.0.1:{server.port}"


def get(url, most_bytes=100_000, seconds=SECONDS):
    return fetch(url, most_bytes=most_bytes, seconds=seconds)


def test_brings_the_file_and_follows_a_redirect(allowed, server):
    assert get(f"{allowed}/a b.jpg?c=d e") == SECRET
    assert server.asked == [("/a%20b.jpg?c=d%20e", f"127.0.0.1:{server.port}")]
    assert get(f"{allowed}/hop?to=/other") == SECRET


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://127.1:{port}/",
        "http://0x7f000001:{port}/",
        "http://2130706433:{port}/",
        "http://0:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://192.168.1.1/",
        "https://172.16.0.9/",
        "http://0.0.0.0/",
        "http://255.255.255.255/",
        "http://224.0.0.1/",
        "http://8.8.8.8:6379/",
        "http://8.8.8.8:22/",
    ],
)
def test_goes_to_no_private_place_and_no_unusual_port(server, url, settings):
    """The control: with this place allowed, the same server gives its secret away."""
    with pytest.raises(NotFetched, match="private network") as refusal:
        get(url.format(port=server.port))
    assert server.asked == [] and not refusal.value.data.get("again")
    settings.SHOP_FETCH_ALLOWED = [f"127.0.0.1:{server.port}"]
    assert get(f"http://127.0.0.1:{server.port}/") == SECRET


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "begins with https"),
        ("gopher://127.0.0.1/x", "begins with https"),
        ("ftp://example.com/a.jpg", "begins with https"),
        ("//example.com/a.jpg", "begins with https"),
        ("http:///a.jpg", "begins with https"),
        ("http://ada:secret@8.8.8.8/", "name and password"),
        ("http://[::1", "not an address"),
        ("http://example.com:99999/", "not an address"),
        (f"http://{'a' * 70}.com/", "not an address"),
        ("", "begins with https"),
    ],
)
def test_refuses_what_is_no_address_of_the_web(url, words):
    with pytest.raises(NotFetched, match=words):
        get(url)


@pytest.mark.parametrize(
    "to",
    ["http://169.254.169.254/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd", "http://localhost:1/"],
)
def test_a_redirect_passes_the_same_gate(allowed, to):
    with pytest.raises(NotFetched, match=r"private network|begins with"):
        get(f"{allowed}/hop?to={to}")


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [answer("8.8.8.8"), answer("10.0.0.1")])
    with pytest.raises(NotFetched, match="private network"):
        get("http://photos.example/")


def answer(number, port=80):
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))


def rebinding(monkeypatch, server):
    """A name that is public when it is looked at and ours when it is connected to."""
    told, real = [], socket.getaddrinfo

    def lie(host, *args, **kwargs):
        if host != "rebind.example":
            return real(host, *args, **kwargs)
        told.append(host)
        return [answer("8.8.8.8") if len(told) == 1 else answer("127.0.0.1", server.port)]

    monkeypatch.setattr(socket, "getaddrinfo", lie)


def test_connects_to_the_number_that_was_looked_at(monkeypatch, server):
    rebinding(monkeypatch, server)
    tried = []

    def connect(address, **_options):
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotFetched, match="could not be reached"):
        get("http://rebind.example/")
    assert tried == [("8.8.8.8", 80)] and server.asked == []


def test_looking_first_and_connecting_by_name_would_have_been_fooled(monkeypatch, server):
    rebinding(monkeypatch, server)
    assert fetching.look_at("http://rebind.example/").numbers == ("8.8.8.8",)
    with urlopen(f"http://rebind.example:{server.port}/") as answer:  # noqa: S310
        assert answer.read() == SECRET


@pytest.mark.parametrize(
    ("path", "words", "again"),
    [
        ("gone", "404", False),
        ("broken", "503", True),
        ("large", "larger than", False),
        ("liar", "larger than", False),
        ("packed", "packed", False),
        ("loop", "without end", False),
        ("silent", "took too long", True),
        ("drip", "took too long", True),
    ],
)
def test_says_what_went_wrong_in_time(allowed, path, words, again):
    began = time.monotonic()
    with pytest.raises(NotFetched, match=words) as refusal:
        get(f"{allowed}/{path}")
    assert bool(refusal.value.data.get("again")) is again
    assert time.monotonic() - began < SECONDS + 1


def test_a_server_that_is_away_may_be_asked_again(settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    settings.SHOP_FETCH_ALLOWED = [f"127.0.0.1:{port}"]
    with pytest.raises(NotFetched, match="could not be reached") as refusal:
        get(f"http://127.0.0.1:{port}/")
    assert refusal.value.data["again"]


def test_an_https_server_must_prove_its_name(server, settings):
    """One that speaks plain HTTP instead is not talked to."""
    settings.SHOP_FETCH_ALLOWED = [f"127.0.0.1:{server.port}"]
    with pytest.raises(NotFetched, match="could not be reached") as refusal:
        get(f"https://127.0.0.1:{server.port}/")
    assert isinstance(refusal.value.__cause__, ssl.SSLError)


@pytest.mark.parametrize("number", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_numbers_are_public(number):
    assert is_public(number)
