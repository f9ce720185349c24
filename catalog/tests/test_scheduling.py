"""Going on sale and being retired at a moment said beforehand."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalog import publishing
from catalog.models import Product
from catalog.products import scheduling
from catalog.tests.factories import make_product, make_variant
from shop.core.models import Event
from shop.tests.people import grace

pytestmark = pytest.mark.django_db


def draft(**moments):
    """With something to sell; `publish_at=-1` is an hour ago."""
    return make_variant(product=make_product(published=False, **hours(moments)), stock=3).product


def hours(moments):
    return {name: timezone.now() + timedelta(hours=n) for name, n in moments.items()}


def told(name):
    return Event.objects.filter(name=name).count()


def test_what_is_due_goes_on_sale_once():
    teapot, later = draft(publish_at=-1, retire_at=5), draft(publish_at=1)
    assert scheduling.carry_out() == 1
    teapot.refresh_from_db(), later.refresh_from_db()
    assert (teapot.status, teapot.publish_at, later.status) == ("active", None, "draft")
    assert teapot.retire_at and teapot.published_at
    assert scheduling.carry_out() == 0 and told("product.published") == 1


def test_what_is_due_to_be_retired_is_retired_and_never_published_first():
    both = draft(publish_at=-2, retire_at=-1)
    assert scheduling.carry_out() == 1
    both.refresh_from_db()
    assert (both.status, both.publish_at, both.retire_at) == ("retired", None, None)
    assert (told("product.published"), told("product.retired")) == (0, 1)


def test_a_draft_without_anything_to_sell_stays_due():
    empty = make_product(published=False, **hours({"publish_at": -1}))
    assert scheduling.carry_out() == 0
    empty.refresh_from_db()
    assert (empty.status, told("product.published")) == ("draft", 0) and empty.publish_at
    make_variant(product=empty)
    assert scheduling.carry_out() == 1


def test_taking_it_off_sale_ends_its_schedule():
    teapot = draft(publish_at=-1)
    publishing.publish(teapot)
    publishing.unpublish(teapot)
    assert scheduling.carry_out() == 0 and Product.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("moments", "field"),
    [
        ({"publish_at": -1}, "publish_at"),
        ({"retire_at": -1}, "retire_at"),
        ({"publish_at": 3, "retire_at": 2}, "retire_at"),
    ],
)
def test_refuses_moments_that_are_past_or_out_of_order(moments, field):
    teapot = draft()
    wanted = {"publish_at": None, "retire_at": None} | hours(moments)
    with pytest.raises((scheduling.PastMoment, scheduling.WrongOrder)) as refusal:
        scheduling.schedule(teapot, **wanted)
    assert refusal.value.data["field"] == field
    teapot.refresh_from_db()
    assert (teapot.publish_at, teapot.retire_at, told("product.scheduled")) == (None, None, 0)


def test_what_is_on_sale_cannot_go_on_sale_later():
    teapot = make_variant().product
    with pytest.raises(scheduling.PastMoment):
        scheduling.schedule(teapot, publish_at=timezone.now() + timedelta(hours=1), retire_at=None)


def test_a_seller_sets_moments_of_the_shops_clock(client):
    from catalog.tests.test_admin import form_of, variant_row

    client.force_login(grace())
    teapot = draft()
    url = f"/admin/catalog/product/{teapot.pk}/change/"
    row = variant_row(id=teapot.variants.get().pk, sku=teapot.variants.get().sku)
    same = {"made_in_days": 0, "custom_fields-TOTAL_FORMS": 0, "custom_fields-INITIAL_FORMS": 0}
    moment = same | {"publish_at_0": "2999-07-01", "publish_at_1": "09:30:00"}
    answer = client.post(url, form_of(teapot, variants=[row], **moment))
    assert answer.status_code == 302, answer.context["errors"]
    teapot.refresh_from_db()
    assert teapot.publish_at.isoformat() == "2999-07-01T07:30:00+00:00"
    assert Event.objects.get(name="product.scheduled").actor == grace()
    shown = re.search(r"Draft, on sale from ([^<]*2999[^<]*)", client.get("/admin/catalog/product/").text)
    assert shown and "30" in shown[1] and "9" in shown[1]

    past = same | {"publish_at_0": "2001-07-01", "publish_at_1": "09:30:00"}
    page = client.post(url, form_of(teapot, variants=[row], **past))
    assert page.status_code == 200 and "Choose a moment that lies ahead" in page.text


def carried_out_by_two() -> list[int]:
    def run(_n):
        try:
            return scheduling.carry_out()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


@pytest.fixture
def slow_steps(monkeypatch):
    """Both have seen what is due before either carries it out; no other guard stands behind the claim."""
    retire = publishing.retire

    def slowly(product):
        time.sleep(0.2)
        retire(product)

    monkeypatch.setattr(publishing, "retire", slowly)
    monkeypatch.setattr(
        Product, "move_to", lambda self, new, **changes: Product.objects.filter(pk=self.pk).update(status=new)
    )


@pytest.mark.django_db(transaction=True)
def test_two_tasks_at_once_carry_it_out_once(slow_steps):
    draft(retire_at=-1)
    assert sorted(carried_out_by_two()) == [0, 1]
    assert told("product.retired") == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_they_would_do_it_twice(slow_steps, monkeypatch):
    draft(retire_at=-1)
    monkeypatch.setattr(scheduling, "_claim", lambda *_args: True)
    assert carried_out_by_two() == [1, 1]
    assert told("product.retired") == 2
