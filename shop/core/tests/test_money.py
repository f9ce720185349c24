from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.money import Money, minor_of, round_half_up


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_sharing_loses_no_cent(minor, weights):
    parts = Money(minor, "EUR").share(weights)
    assert sum(part.minor for part in parts) == minor
    assert len(parts) == len(weights)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_no_share_is_off_by_more_than_one_unit(minor, weights):
    exact = [minor * weight / sum(weights) for weight in weights]
    assert all(
        abs(part.minor - due) < 1 for part, due in zip(Money(minor, "EUR").share(weights), exact, strict=True)
    )


@pytest.mark.parametrize(
    ("amount", "minor"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("0.4999", 0)]
)
def test_halves_go_away_from_zero(amount, minor):
    assert round_half_up(Decimal(amount)) == minor


def test_discounts_are_spread_by_largest_remainder():
    assert [m.minor for m in Money(1000, "EUR").share([1999, 1999, 1999])] == [334, 333, 333]
    assert [m.minor for m in Money(500, "EUR").share([10000, 5000, 700])] == [319, 159, 22]


def test_currencies_never_mix():
    with pytest.raises(ValueError, match="cannot be added"):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(123456, "EUR"), "en", "€1,234.56"),
        (Money(123456, "EUR"), "de", "1.234,56\xa0€"),
        (Money(1235, "JPY"), "en", "¥1,235"),
        (Money(1234, "KWD"), "en", "KWD1.234"),
    ],
)
def test_people_read_it_in_their_language(money, locale, text):
    assert money.format(locale) == text


@pytest.mark.parametrize(
    ("amount", "currency", "minor"), [("12.5", "EUR", 1250), ("12.5", "JPY", 13), ("1.2345", "KWD", 1235)]
)
def test_major_units_become_minor_ones(amount, currency, minor):
    assert Money.from_decimal(Decimal(amount), currency).minor == minor


def test_what_was_typed_becomes_minor_units_and_nothing_stays_nothing():
    assert minor_of(Decimal("4.9"), "EUR") == 490
    assert minor_of(Decimal("490"), "JPY") == 490
    assert minor_of(Decimal("0"), "EUR") == 0
    assert minor_of(None, "EUR") is None
