"""Shared pages: how long they are kept, what makes them stale, and who builds them anew. The cache is the real one."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from shop.core import http, keeping
from shop.core.cache import FailOpenRedisCache

request_of = RequestFactory()


class Pages:
    """A slow page that counts how often it was built, at an address of its own."""

    def __init__(self, seconds=0.0, status=200):
        self.path, self.built, self.lock = f"/{uuid.uuid4().hex}/", 0, Lock()
        self.tag, self.seconds, self.status = uuid.uuid4().hex, seconds, status
        self.view = http.shared_page(self._build, tag=lambda: self.tag)

    def _build(self, _request):
        with self.lock:
            self.built += 1
            number = self.built
        time.sleep(self.seconds)
        return HttpResponse(f"page {number}", status=self.status)

    def get(self, **headers):
        return self.view(request_of.get(self.path, headers=headers))

    def at_once(self, visitors=8) -> set[str]:
        with ThreadPoolExecutor(visitors) as pool:
            return {answer.text for answer in pool.map(lambda _n: self.get(), range(visitors))}

    def grow_old(self, seconds):
        key = keeping.key_of(request_of.get(self.path))
        kept = cache.get(key)
        cache.set(key, replace(kept, born=kept.born - seconds))


@pytest.fixture(autouse=True)
def keeps(settings):
    settings.SHOP_PAGE_CACHE_SECONDS = 30


def test_a_fresh_page_is_built_once_and_tells_its_age():
    page = Pages()
    assert page.get().text == page.get().text == "page 1"
    page.grow_old(20)
    answer = page.get()
    assert (answer.text, answer["Age"]) == ("page 1", "20")
    assert page.get(if_none_match=answer["ETag"]).status_code == 304


def test_a_page_past_its_time_is_built_anew():
    page = Pages()
    page.get()
    page.grow_old(31)
    assert page.get().text == "page 2"


@pytest.mark.django_db(transaction=True)
def test_an_event_makes_a_page_stale_once_its_transaction_stands():
    page = Pages()
    page.get()
    with transaction.atomic():
        keeping.forget(page.tag)
        assert page.get().text == "page 1"
    assert page.get().text == page.get().text == "page 2"
    keeping.forget(keeping.EVERYTHING)
    assert page.get().text == "page 3"


def test_what_is_forgotten_while_a_page_is_built_makes_it_stale_at_once(monkeypatch):
    page = Pages()
    monkeypatch.setattr(keeping.transaction, "on_commit", lambda call, **_how: call())
    build = page._build

    def overtaken(request):
        answer = build(request)
        if page.built == 1:
            keeping.forget(page.tag)
        return answer

    page.view = http.shared_page(overtaken, tag=lambda: page.tag)
    assert page.get().text == "page 1" and page.get().text == "page 2" and page.get().text == "page 2"


def test_of_many_visitors_at_once_one_builds_and_the_others_wait():
    page = Pages(seconds=0.3)
    assert page.at_once() == {"page 1"} and page.built == 1


def test_the_others_get_the_stale_page_while_one_builds():
    page = Pages()
    page.get()
    page.grow_old(40)
    page.seconds = 0.3
    assert page.at_once() == {"page 1", "page 2"} and page.built == 2


def test_nobody_gets_a_page_older_than_a_minute():
    page = Pages()
    page.get()
    page.grow_old(61)
    page.seconds = 0.3
    assert page.at_once() == {"page 2"}


def test_control_without_the_lock_everybody_builds(monkeypatch):
    page = Pages(seconds=0.3)
    monkeypatch.setattr(FailOpenRedisCache, "add", lambda *_args, **_kwargs: True)
    page.at_once()
    assert page.built == 8


def test_a_dead_cache_fails_open(monkeypatch, settings):
    dead = FailOpenRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(keeping, "cache", dead)
    page = Pages()
    assert page.get().status_code == page.get().status_code == 200 and page.built == 2
    FailOpenRedisCache._rests_until = 0.0


def test_only_good_answers_are_kept():
    page = Pages(status=404)
    assert page.get().status_code == page.get().status_code == 404 and page.built == 2


def test_a_builder_that_fails_lets_the_next_one_try():
    page = Pages()
    good, page.view = page.view, http.shared_page(lambda _request: 1 / 0, tag=lambda: page.tag)
    with pytest.raises(ZeroDivisionError):
        page.get()
    page.view = good
    began = time.monotonic()
    assert page.get().text == "page 1" and time.monotonic() - began < 1
