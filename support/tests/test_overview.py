"""The sellers' first page: what there is to do, how the shop is doing, and what a new shop still needs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.tests.factories import make_variant
from checkout.tests.factories import make_tax, make_zone
from shop.core.models import Shop
from shop.tests.people import ada, grace
from shop.tests.walk import make_order
from support.reports import first_run, overview

pytestmark = pytest.mark.django_db


def page(client):
    client.force_login(grace())
    return client.get(reverse("admin:index")).content.decode()


class TestFirstRun:
    def test_an_empty_shop_has_everything_before_it(self, client):
        assert not any(step.is_done for step in first_run.all_steps())
        assert "Before you open" in page(client)

    def test_each_step_ticks_itself_off_and_then_the_list_is_gone(self, client):
        Shop.objects.create(pk=1, name="Isoline", company="Isoline Studio", email="hello@isoline.example")
        make_tax("AT", "20")
        make_zone()
        make_variant(stock=3)
        open_steps = [step.text for step in first_run.all_steps() if not step.is_done]
        assert open_steps == ["Place a test order"]
        make_order()
        assert first_run.steps_to_take() == []
        assert "Before you open" not in page(client)

    def test_only_who_may_set_up_the_shop_sees_it(self, client):
        person = ada(is_staff=True)
        client.force_login(person)
        assert "Before you open" not in client.get(reverse("admin:index")).content.decode()


def test_what_waits_is_counted_and_leads_to_its_rows(client):
    make_order(at="cod")
    entry = next(entry for entry in overview.to_do() if "to pick" in entry.text)
    assert entry.text == "1 order to pick"
    client.force_login(grace())
    assert client.get(entry.url).status_code == 200
    assert "1 order to pick" in page(client)


def test_sales_are_the_sum_of_confirmed_orders(client):
    first, second = make_order(at="cod"), make_order(at="cod")
    today = overview.figures(overview.sold_by_day(), currency="EUR")[0]
    assert today.sales.minor == first.total_minor + second.total_minor
    assert (today.orders, today.average.minor) == (2, (first.total_minor + second.total_minor) // 2)
    assert overview.daily_sales(overview.sold_by_day(), currency="EUR")[-1][1] == today.sales


def test_a_period_stands_beside_the_one_before_it_and_today_beside_none():
    today = timezone.localdate()
    sold = {
        today - timedelta(days=ago): overview.Takings(minor, 1)
        for ago, minor in {0: 100, 6: 200, 7: 150, 13: 50, 29: 100, 30: 200, 59: 600, 60: 9900}.items()
    }
    found = [(one.sales.minor, one.orders, one.change) for one in overview.figures(sold, currency="EUR")]
    assert found == [(100, 1, None), (300, 2, 50), (600, 5, -25)]


def test_costs_no_more_for_many_orders(client, django_assert_max_num_queries):
    for _ in range(3):
        make_order(at="cod")
    client.force_login(grace())
    client.get(reverse("admin:index"))
    with django_assert_max_num_queries(20):
        client.get(reverse("admin:index"))
