"""Pages that need no shop: the style guide, the error pages, what is said while the shop is closed."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone, translation

from shop.core import maintenance, plain_pages
from shop.core.limits import TooMany
from shop.core.middleware import TooManyTries
from shop.core.money import Money
from shop.core.views import errors, styleguide


def rendered(source: str, /, **context) -> str:
    return Template("{% load design %}" + source).render(Context(context))


@pytest.mark.parametrize("name", list(styleguide.PAGES))
@pytest.mark.django_db
def test_sample_pages_have_one_heading_and_no_inline_style(client, name):
    page = client.get(f"/styleguide/pages/{name}/").content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert " style=" not in page
    assert "{%" not in page and "{{" not in page
    assert page.count('role="status"') == 1


@pytest.mark.django_db
def test_the_style_guide_shows_every_component(client):
    page = client.get("/styleguide/")
    assert page.status_code == 200
    assert "Style guide" in page.content.decode()
    assert client.get("/styleguide/mail/").status_code == 200
    assert client.get("/styleguide/pages/nothing/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../settings.py", "nothing.webp", "..%2f__init__.py"])
def test_only_pictures_of_the_demo_are_given_out(client, name):
    assert client.get(f"/styleguide/pictures/{name}").status_code == 404


@pytest.mark.django_db
def test_cached_pages_hold_nothing_personal(client):
    page = client.get("/styleguide/pages/listing/")
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert not page.cookies


@pytest.mark.django_db
def test_a_missing_page_says_so_and_leads_on(client):
    answer = client.get("/no-such-page/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Page not found" in page and 'role="search"' in page and 'content="noindex"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("view", "problem", "status"),
    [
        (errors.permission_denied, Exception(), 403),
        (errors.bad_request, Exception(), 400),
        (errors.bad_request, RequestDataTooBig(), 413),
        (errors.not_found, Exception(), 404),
    ],
)
def test_error_pages_have_their_status_and_a_way_on(rf, view, problem, status):
    answer = view(rf.get("/somewhere/"), problem)
    assert answer.status_code == status
    assert b'href="/"' in answer.content and b"<h1>" in answer.content


@pytest.mark.django_db
def test_a_refused_form_explains_cookies(rf):
    answer = errors.csrf_failure(rf.post("/cart/lines/"))
    assert answer.status_code == 403
    assert "cookies" in answer.content.decode()


def test_a_failure_is_told_without_database_or_files(rf):
    request = rf.get("/")
    request.reference = "abc123<"
    answer = errors.server_error(request)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "There is a problem" in page and "abc123&lt;" in page and "Your cart is kept" in page
    assert len(plain_pages.STYLE) <= 4000
    assert f"<style>{plain_pages.STYLE}</style>" in page
    assert f"'sha256-{plain_pages.STYLE_HASH}'" in answer["Content-Security-Policy"]
    assert "/static/" not in page and "<script" not in page


def fails(request):
    raise ZeroDivisionError


urlpatterns = [path("fails/", fails)]
handler500 = "shop.core.views.errors.server_error"


def test_a_failure_in_a_view_gets_that_page(client, settings):
    client.raise_request_exception = False
    settings.ROOT_URLCONF = __name__
    answer = client.get("/fails/")
    assert answer.status_code == 500
    assert "There is a problem" in answer.content.decode()
    assert "sha256" in answer["Content-Security-Policy"]


def test_who_tries_too_often_is_told_when_to_come_back(rf, db):
    handle = TooManyTries(lambda request: None).process_exception
    answer = handle(rf.get("/"), TooMany("That was too often.", seconds=90))
    assert (answer.status_code, answer["Retry-After"]) == (429, "90")
    assert "That was too often." in answer.content.decode()
    assert handle(rf.get("/"), ValueError()) is None


@pytest.fixture
def closable(settings, tmp_path):
    settings.SHOP_DATA = tmp_path
    return maintenance.middleware(lambda request: "the shop")


def visit(path="/", *, staff=False):
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(is_staff=staff)
    return request


def test_an_open_shop_answers(closable):
    assert closable(visit()) == "the shop"


def test_a_closed_shop_says_when_it_opens(closable):
    until = timezone.now() + timedelta(hours=1)
    maintenance.close(until=until)
    answer = closable(visit("/products/mug/"))
    assert answer.status_code == 503
    assert 3500 <= int(answer["Retry-After"]) <= 3600
    assert f"{timezone.localtime(until):%H:%M}" in answer.content.decode()
    maintenance.reopen()
    assert closable(visit()) == "the shop"


def test_a_closed_shop_whose_time_is_over_promises_minutes(closable):
    maintenance.close(until=timezone.now() - timedelta(hours=1))
    answer = closable(visit())
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "few minutes" in answer.content.decode()


def test_staff_and_health_go_on_while_closed(closable):
    maintenance.close(until=None)
    assert closable(visit(staff=True)) == "the shop"
    assert closable(visit("/health/")) == "the shop"
    assert closable(visit("/admin/")) == "the shop"
    assert closable(visit()).status_code == 503


def test_the_command_closes_and_opens(settings, tmp_path, capsys):
    settings.SHOP_DATA = tmp_path
    call_command("maintenance", "on", "--until", "23:59")
    assert "closed until 23:59" in capsys.readouterr().out
    call_command("maintenance", "off")
    assert "The shop is open." in capsys.readouterr().out
    with pytest.raises(CommandError, match="14:30"):
        call_command("maintenance", "on", "--until", "soon")
    assert maintenance.closing() is None


def test_money_is_written_in_the_language_of_the_page():
    price = Money(123450, "EUR")
    assert rendered("{{ price|money }}", price=price) == "€1,234.50"
    with translation.override("de"):
        assert rendered("{{ price|money }}", price=price) == "1.234,50\xa0€"
    assert rendered('{{ minor|money:"JPY" }}', minor=500) == "¥500"
    assert rendered("{{ text|money }}", text="Free") == "Free"
    assert rendered("{{ none|money }}", none=None) == ""


def test_a_page_of_the_merchant_brings_no_script():
    html = '<h2 id="a">A</h2><p onclick="x()">b<script>alert(1)</script><a href="javascript:x">c</a></p>'
    shown = rendered("{{ html|cleaned }}", html=html)
    assert '<h2 id="a">A</h2>' in shown
    assert "script" not in shown and "onclick" not in shown


def test_icons_are_drawn_in_place_and_say_nothing():
    drawn = rendered('{% icon "cart" %}')
    assert drawn.startswith('<svg class="icon"') and 'aria-hidden="true"' in drawn and "<path" in drawn


def test_the_page_is_offered_in_each_language(rf):
    found = rendered(
        "{% languages as all %}{% for l in all %}{{ l.code }}={{ l.url }} {% endfor %}",
        request=rf.get("/help/terms/?a=1"),
    )
    assert found.split() == ["en=/help/terms/?a=1", "de=/de/help/terms/?a=1"]


def test_ratings():
    stars = rendered('{% include "components/rating.html" with value=4.6 count=38 only %}')
    assert '<rect width="4.6"' in stars and "4.6 out of 5" in stars
