from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing import parsing, texts
from catalog.importing.names import sku_from
from catalog.importing.parsing import BadCell


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12.50", 1250), ("12,5", 1250), ("12", 1200), ("1.234,56", 123456), ("1,234.56", 123456),
        ("1'234.50", 123450), ("1 234,50", 123450), ("1\u00a0234,50", 123450), ("1.234.567", 123456700),
        ("1,234,567.89", 123456789), ("0.125000", None), ("0,10", 10), (".5", 50), ("1234.5000", 123450),
    ],
)  # fmt: skip
def test_reads_prices_of_any_land(text, minor):
    if minor is None:
        with pytest.raises(BadCell, match="decimals"):
            parsing.minor(text, "EUR")
    else:
        assert parsing.minor(text, "EUR") == minor


@pytest.mark.parametrize(
    "text",
    [
        "1.234",
        "1,234",
        "1.23.4",
        "1,2,3",
        "1.234,5.6",
        "12,34.56",
        "-1",
        "-0,01",
        "EUR 5",
        "1e9",
        "NaN",
        "∞",
        "9" * 16,
        "²",
    ],
)
def test_refuses_prices_that_could_mean_two_things_or_nothing(text):
    with pytest.raises(BadCell):
        parsing.minor(text, "EUR")


def test_currencies_have_their_own_decimals():
    assert parsing.minor("1500", "JPY") == 1500
    assert parsing.minor("1.5", "KWD") == 1500
    with pytest.raises(BadCell):
        parsing.minor("1.5", "JPY")


def test_reads_pieces_measures_flags_and_days():
    assert [parsing.pieces(text) for text in ("12", "12.0", "-3", " 7 ")] == [12, 12, 0, 7]
    assert parsing.measure("1,25", "kg", parsing.GRAMS) == 1250
    assert parsing.measure("1", "lbs", parsing.GRAMS) == 454
    assert parsing.measure("10", "in", parsing.MILLIMETRES) == 254
    assert (
        parsing.flag("TRUE") and parsing.flag("1") and not parsing.flag("false") and not parsing.flag("nein")
    )
    assert parsing.day("2026-05-31 00:00:00") == date(2026, 5, 31)
    for call in (
        lambda: parsing.pieces("1.5"),
        lambda: parsing.pieces("many"),
        lambda: parsing.measure("1", "stone", parsing.GRAMS),
        lambda: parsing.measure("-1", "kg", parsing.GRAMS),
        lambda: parsing.flag("perhaps"),
        lambda: parsing.day("31/5"),
    ):
        with pytest.raises(BadCell):
            call()


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs", "Zs", "Cc", "Zl", "Zp"]), min_size=1), max_size=6
    )
)
def test_a_list_in_a_cell_comes_back(parts):
    assert parsing.split(parsing.join(parts)) == parts


def test_descriptions_lose_their_markup_and_keep_their_paragraphs():
    assert texts.plain("<p>One <b>two</b>.</p>\n<p>A<br>B</p>") == "One two.\n\nA\nB"
    assert texts.plain("<ul><li>salt &amp; oil</li><li>tea</li></ul>") == "• salt & oil\n• tea"
    assert texts.plain("<script>alert(1)</script><style>p{}</style>x<img src=x onerror=y>") == "x"
    assert texts.plain("3 < 4 and no markup") == "3 < 4 and no markup"
    assert texts.plain(texts.marked_up("One\ntwo\n\n3 < 4 & five")) == "One\ntwo\n\n3 < 4 & five"


def test_variants_without_a_sku_always_get_the_same():
    assert sku_from("fern-teapot", "Moss") == "FERN-TEAPOT-MOSS" == sku_from("fern-teapot", "Moss")
    long = sku_from("a-very-long-handle-of-a-product-indeed", "Moss", "Large")
    assert len(long) <= 40 and long != sku_from("a-very-long-handle-of-a-product-indeed", "Moss", "Small")
    assert sku_from("茶", "緑") != sku_from("茶", "赤")
