"""J16 and the pages for trouble (404, 400, 403, 413, 500, maintenance): in the visitor's words, and nothing of ours in them."""

import re
import socket
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import django
import pytest
import redis
from django.db import connection
from django.utils import timezone

from catalog.tests.factories import make_category, make_variant
from shop.core import maintenance
from shop.dev.place import ROOT
from shop.tests.faults.buyers import Buyer, Page, Visitor
from shop.tests.faults.servers import Servers
from shop.tests.people import PASSWORD, grace

pytestmark = pytest.mark.django_db(transaction=True)
OURS = re.compile(
    rf"Traceback|site-packages|\.py\b|gunicorn/|psycopg|Django|{re.escape(str(ROOT))}|{re.escape(django.__version__)}"
)
FORBIDDEN = [
    "/.git/config",
    "/.git/HEAD",
    "/.env",
    "/.env.example",
    "/shop/settings.py",
    "/manage.py",
    "/static/../shop/settings.py",
    "/static/%2e%2e/shop/settings.py",
    "/static/..%2fmanage.py",
    "/media/../maintenance",
    "/media/%2e%2e/%2e%2e/etc/passwd",
    "/static/css/",
    "/__debug__/",
    "/styleguide/",
    "/dev/mail/",
    "/media/",
]


@pytest.fixture(scope="module")
def production_server(django_db_setup, valkey_process, tmp_path_factory):
    """The shop as in production, but for TLS. One for all tests here: they differ in what it finds in its database."""
    told = {
        "SHOP_ENV": "production",
        "SHOP_MAIL_FROM": "Shop <hello@shop.example>",
        "SHOP_ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    with Servers(tmp_path_factory.mktemp("production"), valkey_process.url(), told) as servers:
        yield servers.web(workers=1)


@pytest.fixture
def production(production_server, shop_floor, valkey_process):
    make_category("Mugs", in_menu=True)
    redis.from_url(valkey_process.url()).flushdb()  # its menu is that of the test before
    return production_server


def raw(url: str, path: str, *, host: str) -> Page:
    """A request that no library would send as it stands."""
    here = urlsplit(url)
    with socket.create_connection((here.hostname, here.port), timeout=10) as there:
        there.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        parts = []
        while part := there.recv(65536):
            parts.append(part)
    head, _, body = b"".join(parts).decode(errors="replace").partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return Page(url + path, int(head.split()[1]), headers, body)


@contextmanager
def gone(table: str):
    """A table is missing: whatever needs it fails as nobody has foreseen."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table}_gone RENAME TO {table}")


def is_ours_alone(page: Page) -> bool:
    """The shop's own page, which says nothing about what it runs on."""
    told = OURS.search(page.text + str(dict(page.headers)))
    assert not told, f"{page.url} tells of {told[0]}"
    server = page.headers.get("Server", "")
    return "<h1>" in page.text and not re.search(r"\d", server) and "X-Powered-By" not in page.headers


def test_pages_of_trouble_in_production(production):
    url = production.url
    visitor = Visitor(url)

    missing = visitor.get("/no-such-page/")
    assert missing.status == 404 and is_ours_alone(missing)
    assert "Page not found" in missing.text and 'content="noindex"' in missing.text
    assert 'role="search"' in missing.text and "/c/mugs/" in missing.links and "/contact/" in missing.links
    german = visitor.get("/de/no-such-page/")
    assert german.status == 404 and 'lang="de"' in german.text

    other_host = raw(url, "/", host="evil.example")
    assert other_host.status == 400 and is_ours_alone(other_host) and "evil.example" not in other_host.text

    refused = visitor.post("/contact/", {"message": "x"})
    assert refused.status == 403 and is_ours_alone(refused)
    assert "cookies" in refused.text and "go back" in refused.text

    form = visitor.get("/contact/").form("/contact/")
    too_much = visitor.post("/contact/", form.fields | {"message": "x" * 3_000_000})
    assert too_much.status == 413 and is_ours_alone(too_much)
    many = visitor.post("/contact/", form.fields | {f"field{n}": "x" for n in range(2500)})
    assert many.status == 400 and is_ours_alone(many)

    for path in FORBIDDEN:
        answer = raw(url, path, host="127.0.0.1")
        assert answer.status in (400, 404), f"{path}: {answer.status}"
        assert "SECRET_KEY" not in answer.text and "repositoryformatversion" not in answer.text, path


def test_a_failure_nobody_foresaw_shows_a_reference_that_the_log_has_too(production):
    buyer = Buyer(production.url).fill_cart({make_variant(stock=3): 1})
    with gone("cart_cartline"):
        failed = buyer.get("/cart/")
    assert failed.status == 500 and is_ours_alone(failed)
    assert "There is a problem" in failed.text and "Your cart is kept" in failed.text
    assert "hello@shop.example" in failed.text and "/static/" not in failed.text
    style = re.search(r"<style>(.*?)</style>", failed.text, re.S)[1]
    assert len(style) <= 4000 and "sha256-" in failed.headers["Content-Security-Policy"]
    reference = re.search(r"Reference for us: (\w+)", failed.text)[1]
    assert reference in production.log and "UndefinedTable" in production.log
    assert buyer.has_cart()


def test_maintenance_says_when_keeps_the_cart_and_lets_staff_in(production, settings):
    settings.SHOP_DATA = production.child.log.parent
    grace()
    buyer, seller = Buyer(production.url), Visitor(production.url)
    buyer.fill_cart({make_variant(stock=3): 1})
    until = timezone.now() + timedelta(minutes=30)
    maintenance.close(until=until)
    try:
        closed = buyer.get("/cart/")
        assert closed.status == 503 and is_ours_alone(closed)
        assert 1700 <= int(closed.headers["Retry-After"]) <= 1800
        assert f"{timezone.localtime(until):%H:%M}" in closed.text and "Your cart is kept" in closed.text
        assert buyer.post("/checkout/").status == 503
        assert buyer.get("/health/").status == 200
        seller.sign_in("grace@example.com", PASSWORD)
        assert seller.get("/").status == seller.get("/cart/").status == seller.get("/admin/").status == 200
    finally:
        maintenance.reopen()
    assert buyer.get("/cart/").status == 200 and buyer.has_cart()
