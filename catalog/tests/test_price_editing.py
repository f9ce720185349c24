import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import ListPrice, ProductSearch, PublicPrice
from catalog.prices.editing import BadSheet, apply_sheet, read_sheet, written
from catalog.pricing import price_for
from catalog.tests.factories import make_price_list, make_variant
from shop.core.models import Event

pytestmark = pytest.mark.django_db


def rows():
    return set(ListPrice.objects.values_list("variant__sku", "from_quantity", "price_minor"))


def test_a_sheet_is_taken_over_with_its_history_and_its_refresh(deliver):
    mug = make_variant(sku="MUG", price_minor=2900)
    prices = make_price_list()
    assert apply_sheet(prices, "SKU;from;price\nMUG;1;25,50\n\nMUG;10;20\n") == 2
    assert rows() == {("MUG", 1, 2550), ("MUG", 10, 2000)}
    assert price_for(mug).amount.minor == 2550
    assert PublicPrice.objects.latest("at").price_minor == 2550
    deliver()
    assert ProductSearch.objects.get().price_minor == 2550
    assert Event.objects.filter(name="price_list.changed", subject_id=prices.pk).count() == 1
    assert written(prices) == "MUG;1;25.50\nMUG;10;20.00"
    assert apply_sheet(prices, written(prices), replaces=True) == 0


def test_a_replacing_sheet_takes_out_what_it_does_not_name():
    mug, cup = make_variant(sku="MUG"), make_variant(sku="CUP", price_minor=1900)
    prices = make_price_list(prices={mug: {1: 2500, 5: 2000}, cup: 1500})
    assert read_sheet(prices, "MUG\t1\t25.00", replaces=True).gone == 2
    assert apply_sheet(prices, "MUG\t1\t25.00", replaces=True) == 2
    assert rows() == {("MUG", 1, 2500)} and price_for(cup).amount.minor == 1900


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("NONE;1;5", "Line 2: there is no SKU NONE."),
        ("MUG;0;5", "Line 2: “0” is not a quantity."),
        ("MUG;1.5;5", "Line 2: “1.5” is not a quantity."),
        ("MUG;99999999999;5", "Line 2: “99999999999” is not a quantity."),
        ("MUG;1;-5", "Line 2: “-5” is not a price."),
        ("MUG;1;five", "Line 2: “five” is not a price."),
        ("MUG;1;NaN", "Line 2: “NaN” is not a price."),
        ("MUG;1;1e99", "Line 2: “1e99” is not a price."),
        ("MUG;1;5.005", "Line 2: “5.005” has too many digits."),
        ("MUG", "Line 2: write SKU; from quantity; price."),
        ("MUG;7;5", "Line 2: MUG stands twice for this quantity."),
    ],
)
def test_a_line_that_cannot_be_understood_is_named_and_nothing_is_changed(line, error):
    make_variant(sku="MUG")
    prices = make_price_list()
    with pytest.raises(BadSheet) as refusal:
        apply_sheet(prices, f"MUG;7;20\n{line}")
    assert refusal.value.data["errors"] == (error,)
    assert not rows() and not Event.objects.exists()


def test_a_long_sheet_asks_no_more_than_a_short_one():
    prices, asked = make_price_list(), []
    for many in (1, 30):
        skus = [make_variant().sku for _ in range(many)]
        with CaptureQueriesContext(connection) as queries:
            apply_sheet(prices, "\n".join(f"{sku};1;5" for sku in skus))
        asked.append(len(queries))
    assert asked[0] == asked[1]
