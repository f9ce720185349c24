"""PostgreSQL is away: whoever comes gets the shop's own page (503) that says when to come back, and no cart is lost."""

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from catalog.tests.factories import make_variant
from shop.core import reachable
from shop.dev import ports
from shop.tests.faults.buyers import Buyer, Page, Visitor
from shop.tests.faults.proxy import Proxy
from shop.tests.faults.servers import Servers, database_url, wait_until
from shop.tests.faults.test_trouble import is_ours_alone

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/search/?q=mug", "/cart/", "/orders/track/", "/contact/", "/help/terms/"]
PAGES += ["/de/", "/account/login/", "/no-such-page/", "/products/no-such-thing/"]


@pytest.fixture
def production(shop_floor, valkey_server, tmp_path):
    """Starts the shop as in production (but for TLS) on a database at this port."""
    told = {
        "SHOP_ENV": "production",
        "SHOP_MAIL_FROM": "Shop <hello@shop.example>",
        "SHOP_ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    with Servers(tmp_path, valkey_server.url(), told) as servers:
        yield lambda port, **over: servers.web(workers=1, DATABASE_URL=database_url(port=port), **over)


@pytest.fixture
def database():
    """The database behind a line that can be cut."""
    there = connection.settings_dict
    with Proxy((there["HOST"], int(there["PORT"]))) as proxy:
        yield proxy


def says_come_back(page: Page) -> bool:
    """Ours, whole without any other file, for people and machines alike."""
    assert page.status == 503, f"{page.url}: {page.status}"
    assert is_ours_alone(page)
    assert 1 <= int(page.headers["Retry-After"]) <= 300
    assert (
        "no-store" in page.headers["Cache-Control"] and "sha256-" in page.headers["Content-Security-Policy"]
    )
    assert "hello@shop.example" in page.text and "<style>" in page.text
    return "src=" not in page.text and "<link" not in page.text and "Set-Cookie" not in page.headers


def answers(visitor: Visitor) -> bool:
    try:
        return visitor.get("/health/").status > 0
    except OSError:
        return False


def test_a_shop_that_starts_without_its_database_says_so_on_every_page(production):
    web = production(ports.any_free(), wait=False)
    visitor = Visitor(web.url)
    wait_until(lambda: answers(visitor), seconds=60)

    for path in PAGES:
        assert says_come_back(visitor.get(path)), path
    assert says_come_back(visitor.post("/cart/lines/", {"variant": "1"}))
    visitor.session.cookies.set("sessionid", "a" * 32)
    for path in ["/admin/", "/account/", "/visitor/"]:
        assert says_come_back(visitor.get(path)), path
    health = visitor.get("/health/")
    assert (health.status, health.json) == (503, {"status": "unavailable"}) and health.headers["Retry-After"]
    assert 'lang="de"' in visitor.get("/de/").text


def test_it_goes_away_while_people_shop_and_comes_back(production, database):
    web = production(database.port)
    buyer = Buyer(web.url).fill_cart({make_variant(stock=3): 1})
    assert buyer.get("/cart/").status == 200

    database.cut()
    for path in ["/cart/", "/checkout/", "/products/no-such-thing/"]:
        assert says_come_back(buyer.get(path)), path
    assert says_come_back(buyer.post("/checkout/"))
    assert buyer.get("/health/").status == 503

    database.mend()
    assert buyer.get("/health/").status == 200
    assert buyer.get("/cart/").status == 200 and buyer.has_cart()


def test_its_operator_ends_all_connections_and_nobody_notices(production):
    web = production(int(connection.settings_dict["PORT"]))
    buyer = Buyer(web.url).fill_cart({make_variant(stock=3): 1})
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pid, pg_terminate_backend(pid) {others}")  # noqa: S608
        ended = [pid for pid, _ in cursor.fetchall()]
        assert ended

        def are_gone() -> bool:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [ended])
            return cursor.fetchone() == (0,)

        wait_until(are_gone, seconds=10)
    assert buyer.get("/cart/").status == 200 and buyer.get("/health/").status == 200


@pytest.fixture
def another():
    """A connection of one's own, to be broken."""
    own = DatabaseWrapper(connection.settings_dict | {"CONN_HEALTH_CHECKS": False}, alias=connection.alias)
    yield own
    own.close()


def error_of(call) -> Exception:
    with pytest.raises(Exception) as caught:
        call()
    return caught.value


def ask(one, sql: str):
    with one.cursor() as cursor:
        cursor.execute(sql)


def test_what_means_that_it_has_left(another):
    shut = error_of(lambda: ask(another, "SELECT pg_terminate_backend(pg_backend_pid())"))
    assert reachable.has_left(shut) and reachable.has_left(error_of(lambda: ask(another, "SELECT 1")))
    another.close()
    another.settings_dict = another.settings_dict | {"PORT": ports.any_free()}
    assert reachable.has_left(error_of(lambda: ask(another, "SELECT 1")))
    wrapped = RuntimeError("while drawing")
    wrapped.__cause__ = shut
    assert reachable.has_left(wrapped)


def test_what_is_an_answer_however_unwelcome(another):
    slow = error_of(lambda: ask(another, "SET statement_timeout = 20; SELECT pg_sleep(1)"))
    assert isinstance(slow, OperationalError) and not reachable.has_left(slow)
    with transaction.atomic():
        ask(connection, "LOCK TABLE core_page")
        locked = error_of(lambda: ask(another, "SET lock_timeout = 20; SELECT 1 FROM core_page"))
    assert isinstance(locked, OperationalError) and not reachable.has_left(locked)
    assert not reachable.has_left(error_of(lambda: ask(another, "SELECT 1 FROM no_such_table")))
    assert not reachable.has_left(ValueError("something else")) and not reachable.has_left(None)
