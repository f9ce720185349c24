"""A return as sellers handle it on its page."""

import pytest

from fulfillment.tests.factories import ask_back, make_order, mug
from fulfillment.tests.pressing import buttons, press, url
from orders.models import Refund

pytestmark = pytest.mark.django_db


def test_a_return_walks_through_its_page(seller):
    order = make_order(at="completed", lines={mug(): 2})
    line = order.lines.get()
    wish = ask_back(order)
    assert buttons(seller, wish) == ["approve", "refuse"]
    press(seller, wish, "approve")
    assert "receive" in buttons(seller, wish)
    press(seller, wish, "receive", **{f"received_{line.pk}": "2"})
    press(seller, wish, "inspect", **{f"condition_{line.pk}": "sellable"})
    assert "58.00" in seller.get(url(wish)).content.decode()
    page = press(seller, wish, "settle", **{f"refunded_{line.pk}": "2", "shipping": "4,90", "deduction": ""})
    assert "62.90" in page
    assert (wish.status, Refund.objects.get().amount_minor) == ("refunded", 6290)
    assert buttons(seller, wish) == []


def test_a_return_is_refused_or_closed_with_a_reason(seller):
    order = make_order(at="completed")
    first, second = order.lines.all()
    wish = ask_back(order, {first.pk: 1})
    assert "Tell the customer why" in press(seller, wish, "refuse", reason="")
    assert wish.status == "requested"
    press(seller, wish, "refuse", reason="Used.")
    assert wish.status == "refused"
    other = ask_back(order, {second.pk: 1})
    for step, fields in [
        ("approve", {}),
        ("receive", {f"received_{second.pk}": 1}),
        ("inspect", {f"condition_{second.pk}": "damaged"}),
        ("close", {"reason": "Worn."}),
    ]:
        press(seller, other, step, **fields)
    assert other.status == "closed"


@pytest.mark.parametrize("value", ["-1", "1e9", "abc", "0.001", "999999999999"])
def test_a_sum_that_makes_no_sense_pays_nothing(seller, value):
    order = make_order(at="completed")
    wish = ask_back(order)
    line_fields = {f"received_{line.pk}": line.quantity for line in order.lines.all()}
    press(seller, wish, "approve")
    press(seller, wish, "receive", **line_fields)
    press(seller, wish, "inspect", **{f"condition_{line.pk}": "sellable" for line in order.lines.all()})
    press(
        seller,
        wish,
        "settle",
        shipping=value,
        deduction="",
        **{f"refunded_{line.pk}": 0 for line in order.lines.all()},
    )
    assert wish.status == "inspected" and not Refund.objects.exists()
