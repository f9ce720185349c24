import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shop.core import http

request_of = RequestFactory()


@http.same_origin
def view(request):
    return HttpResponse("done")


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
@pytest.mark.django_db
def test_only_our_own_pages_may_post(headers, accepted):
    answer = view(request_of.post("/cart/lines/", headers=headers))
    assert (answer.status_code == 200) == accepted
    assert (answer.content == b"done") == accepted


@pytest.mark.django_db
def test_an_old_browser_is_asked_once_more_with_a_token(client):
    answer = view(request_of.post("/cart/lines/", {"variant": "7"}))
    assert answer.status_code == 200
    assert b"csrfmiddlewaretoken" in answer.content
    assert b'name="variant" value="7"' in answer.content


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.9"), (1, "203.0.113.7"), (2, "198.51.100.1")])
def test_forwarded_addresses_count_only_from_our_own_proxies(settings, proxies, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = request_of.get(
        "/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}, REMOTE_ADDR="10.0.0.9"
    )
    assert http.client_ip(request) == seen


@pytest.mark.django_db
class TestSharedPages:
    def page(self, request):
        return http.shared_page(lambda _request: HttpResponse("the same for all"))(request)

    def test_may_be_kept_by_everybody(self):
        answer = self.page(request_of.get("/"))
        assert "s-maxage=30" in answer["Cache-Control"]
        assert not answer.cookies

    def test_answer_304_to_who_has_them(self):
        first = self.page(request_of.get("/"))
        assert self.page(request_of.get("/", headers={"If-None-Match": first["ETag"]})).status_code == 304

    def test_are_not_shared_with_a_session(self, settings):
        request = request_of.get("/")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "abc"
        assert self.page(request)["Cache-Control"] == "private, no-store"

    def test_are_made_once_while_they_are_fresh(self, settings):
        settings.SHOP_PAGE_CACHE_SECONDS = 30
        made = []

        @http.shared_page
        def view(request):
            made.append(1)
            return HttpResponse("x")

        path = f"/?{id(made)}"
        view(request_of.get(path))
        view(request_of.get(path))
        assert made == [1]


@pytest.mark.parametrize("length", ["", "0", "-1", "x", str(http.MOST_BYTES + 1)])
def test_a_body_that_is_missing_or_endless_is_not_read(length):
    request = request_of.post("/hooks/", b"{}", content_type="application/json")
    assert http.body_of(request) == b"{}"
    request = request_of.post("/hooks/", b"{}", content_type="application/json", CONTENT_LENGTH=length)
    with pytest.raises(http.UnreadableBody):
        http.body_of(request)


def test_addresses_in_mails_and_for_machines_are_whole(settings):
    settings.SHOP_URL = "https://shop.example"
    assert http.absolute("/products/mug/") == "https://shop.example/products/mug/"
    assert http.absolute("https://media.example/a.jpg") == "https://media.example/a.jpg"
