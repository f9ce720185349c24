import pytest

from orders.deriving import Books, fulfillment_status, payment_status
from orders.models import OrderLine


@pytest.mark.parametrize(
    ("books", "attempts", "expected"),
    [
        (Books(owed=100, placed=100), [], "unpaid"),
        (Books(owed=100, placed=100), ["processing"], "processing"),
        (Books(owed=100, placed=100), ["authorized"], "authorized"),
        (Books(owed=100, placed=100), ["promised", "canceled"], "unpaid"),
        (Books(owed=100, paid=100, placed=100, captured=100), ["captured"], "paid"),
        (Books(owed=100, paid=30, placed=100, captured=30), ["captured"], "unpaid"),
        (Books(owed=60, paid=60, placed=100, captured=100, refunded=40), [], "partially_refunded"),
        (Books(owed=0, paid=0, placed=100, captured=100, refunded=100), [], "refunded"),
        (
            Books(owed=60, paid=100, placed=100, captured=100),
            [],
            "paid",
        ),  # owed to the customer, not yet sent
        (Books(owed=100, paid=200, placed=100, captured=200), [], "paid"),  # paid twice
        (
            Books(owed=100, paid=100, placed=100, captured=200, refunded=100),
            [],
            "paid",
        ),  # … and one of them back
        (Books(owed=70, paid=70, placed=100, captured=200, refunded=130), [], "partially_refunded"),
        (Books(is_free=True), [], "paid"),
    ],
)
def test_payment_status_follows_from_the_journal(books, attempts, expected):
    assert payment_status(books, attempts=attempts, total_minor=100) == expected


def line(quantity, **done):
    return OrderLine(quantity=quantity, **done)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(2)], "unfulfilled"),
        ([line(2, picked=2)], "unfulfilled"),
        ([line(2, shipped=1)], "partial"),
        ([line(2, shipped=2), line(1)], "partial"),
        ([line(2, shipped=2), line(1, cancelled=1)], "shipped"),
        ([line(2, shipped=2, delivered=1)], "shipped"),
        ([line(2, shipped=2, delivered=2)], "delivered"),
        ([line(2, shipped=2, delivered=2, returned=1)], "delivered"),
        ([line(2, shipped=2, delivered=2, returned=2)], "returned"),
        ([line(2, shipped=2, delivered=1, returned=1)], "shipped"),
        ([line(2, shipped=2, delivered=1, returned=1, undelivered=1)], "delivered"),
        ([line(1, shipped=1, delivered=1), line(1, shipped=1, returned=1, undelivered=1)], "delivered"),
        ([line(1, shipped=1, returned=1, undelivered=1)], "returned"),
        ([line(2, cancelled=2)], "none"),
        ([], "none"),
    ],
)
def test_fulfillment_status_follows_from_the_lines(lines, expected):
    assert fulfillment_status(lines) == expected
