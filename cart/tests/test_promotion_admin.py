"""The sellers' screens of promotions and codes."""

import csv
import io
import re

import pytest
from django.core.management import CommandError, call_command

from cart import making
from cart.models import Coupon, CouponBatch, Promotion
from cart.promotion_form import CouponForm, PromotionForm
from cart.summing_up import in_words
from cart.tests.factories import make_promotion
from catalog.tests.factories import make_category, make_variant
from shop.tests.people import grace

pytestmark = pytest.mark.django_db

PLAIN = {
    "name": "Print week",
    "is_active": "on",
    "kind": "percent",
    "percent": "10",
    "currency": "EUR",
    "reaches": "goods",
    "counts": "goods",
    "lane": "2",
    "priority": "0",
}


def filled(**over) -> PromotionForm:
    return PromotionForm({**PLAIN, **over})


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"percent": "101"}, "__all__"),
        ({"percent": ""}, "__all__"),
        ({"kind": "amount"}, "amount"),
        ({"kind": "amount", "amount": "5", "currency": ""}, "currency"),
        ({"min_total": "9.999"}, "min_total"),
        ({"kind": "gift"}, "gifts"),
        ({"kind": "tiers", "steps": "fifty = five"}, "steps"),
        ({"kind": "tiers", "steps": "50 = 500"}, "steps"),
        ({"kind": "tiers", "steps": ""}, "steps"),
        ({"kind": "tiers", "steps": "50 = 5", "currency": ""}, "currency"),
        ({"kind": "buy_get", "buy_quantity": "2"}, "__all__"),
        ({"countries": "Austria"}, "countries"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(over, field):
    form = filled(**over)
    assert not form.is_valid() and field in form.errors


def test_amounts_and_steps_are_in_the_promotions_currency():
    form = filled(kind="tiers", steps="50 = 5\n100,50 = 12.5 %", min_total="49.90", countries="at, de")
    assert form.is_valid(), form.errors
    row = form.save()
    assert (row.tiers, row.min_total_minor, row.countries) == (
        [[5000, 500], [10_050, 1250]],
        4990,
        ["AT", "DE"],
    )
    assert PromotionForm(instance=row).initial["steps"] == "50.00 = 5\n100.50 = 12.5"


def test_says_in_one_sentence_what_it_means():
    make_promotion("free_delivery", name="Delivery on us", lane=3)
    prints = make_category("Prints")
    found = make_promotion(
        categories=[prints], ends_at="2026-11-30T12:00Z", min_total_minor=5000, is_for_first_order=True
    )
    found.refresh_from_db()
    assert in_words(found) == (
        "10 % off on Prints, from €50.00 on, for a first order, until 30 November 2026, together with Delivery on us."
    )


def test_a_seller_makes_one_tries_it_and_sees_what_it_would_do(client):
    client.force_login(grace())
    answer = client.post("/admin/cart/promotion/add/", PLAIN | {"percent": "25"})
    assert answer.status_code == 302, re.findall(r"errorlist.*?</ul>", answer.content.decode(), re.S)
    row = Promotion.objects.get()
    assert "25 % off" in client.get(f"/admin/cart/promotion/{row.pk}/change/").content.decode()
    assert client.get("/admin/cart/promotion/").status_code == 200
    mug = make_variant(price_minor=2000)
    shown = client.get(
        f"/admin/cart/promotion/{row.pk}/trial/", {"goods": f"{mug.sku} 3", "delivery": "4.90"}
    )
    assert "€49.90" in shown.content.decode() and "-€15.00" in shown.content.decode()
    wrong = client.get(f"/admin/cart/promotion/{row.pk}/trial/", {"goods": "NOSUCH"}).content.decode()
    assert "There is no NOSUCH." in wrong


def test_codes_are_kept_plain_and_once():
    promotion = make_promotion(codes={"WELCOME10": {}})
    form = CouponForm({"code": "welcome 10", "promotion": promotion.pk, "is_active": "on"})
    assert not form.is_valid() and "code" in form.errors
    form = CouponForm({"code": "summer-26", "promotion": promotion.pk, "is_active": "on"})
    assert form.is_valid() and form.save().code == "SUMMER26"
    assert not CouponForm({"code": "a b", "promotion": promotion.pk}).is_valid()


def test_a_batch_is_made_and_exported(client):
    promotion = make_promotion(codes={})
    client.force_login(grace())
    data = {"name": "Trade fair", "promotion": promotion.pk, "wanted": "25", "uses": "1", "prefix": "fair"}
    assert client.post("/admin/cart/couponbatch/add/", data).status_code == 302
    batch = CouponBatch.objects.get()
    assert "25 of 25" in client.get("/admin/cart/couponbatch/").content.decode()
    answer = client.get(f"/admin/cart/couponbatch/{batch.pk}/codes.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    codes = {row[0] for row in rows[1:]}
    assert rows[0][0] == "code" and len(codes) == 25
    assert all(re.fullmatch(r"FAIR[2-9A-HJ-NP-Z]{16}", code) for code in codes)
    assert client.get("/admin/cart/coupon/").status_code == 200


def test_the_command_goes_on_where_it_stopped(capfdbinary, monkeypatch):
    monkeypatch.setattr(making, "STEP", 10)
    promotion = make_promotion(codes={})
    batch = making.order_batch(promotion, name="Mailing", wanted=25)
    next(making.make(batch))
    call_command("make_coupons", "--batch", str(batch.pk))
    assert Coupon.objects.count() == 25
    assert capfdbinary.readouterr().out.count(b"\r\n") == 26
    with pytest.raises(CommandError, match="holds by itself"):
        call_command("make_coupons", str(make_promotion().pk), "5")
    with pytest.raises(CommandError, match="no such promotion"):
        call_command("make_coupons", "999999", "5")
    call_command("make_coupons", str(promotion.pk), "5", "--dry-run")
    assert Coupon.objects.count() == 25
