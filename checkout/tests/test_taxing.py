"""The worked examples of the documented rounding rules, and properties that hold for any amounts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.taxing import Part, Place, Rate, Taxation, contained, on_top, taxation_for
from checkout.tests.factories import make_tax
from shop.core.models import Shop
from shop.core.money import Money


def place(percent, *, inclusive=True, lines=True, tax_class="standard") -> Place:
    rates = percent if isinstance(percent, tuple) else (Rate("VAT", Decimal(percent)),)
    return Place(is_inclusive=inclusive, rounds_lines=lines, rates={tax_class: rates})


def tax_of(minors, there, *, home=None):
    taxation = Taxation(home or there, there, prices_include_tax=True)
    taxed = taxation.taxes([Part(minor, "standard") for minor in minors])
    return [sum(tax.tax_minor for tax in taxes) for taxes in taxed]


@pytest.mark.parametrize(
    ("minor", "percent", "tax"),
    [(1799, "5", 90), (1099, "6.25", 69)],
)
def test_tax_on_top(minor, percent, tax):
    assert on_top(minor, Decimal(percent)) == tax


@pytest.mark.parametrize(
    ("minor", "percent", "tax"),
    [(299, "4", 12), (11900, "19", 1900), (11900, "20", 1983)],
)
def test_tax_within(minor, percent, tax):
    assert contained(minor, Decimal(percent)) == tax


@pytest.mark.parametrize(
    ("minors", "percent", "inclusive", "by_line", "by_invoice"),
    [
        ([1000, 500], "19", True, 240, 239),
        ([999] * 5, "19", True, 800, 798),
        ([99] * 7, "20", True, 119, 116),
        ([693], "20", True, 116, 116),
        ([1999] * 3, "8.875", False, 531, 532),
    ],
)
def test_rounded_line_by_line_or_by_invoice(minors, percent, inclusive, by_line, by_invoice):
    for lines, expected in ((True, by_line), (False, by_invoice)):
        assert sum(tax_of(minors, place(percent, inclusive=inclusive, lines=lines))) == expected


def test_the_residue_goes_to_the_largest_line():
    assert tax_of([99, 100, 99, 99, 99, 99, 99], place("20", lines=False)) == [17, 14, 17, 17, 17, 17, 17]


@pytest.mark.parametrize(
    ("minor", "weights", "shares"),
    [(1000, [1999] * 3, [334, 333, 333]), (500, [10000, 5000, 700], [319, 159, 22])],
)
def test_a_discount_is_split_without_losing_a_cent(minor, weights, shares):
    assert [part.minor for part in Money(minor, "EUR").share(weights)] == shares


def test_an_export_loses_the_home_tax_and_says_why_none_is_charged():
    taxation = Taxation(place("19"), None, prices_include_tax=True)
    assert taxation.printed(11900, "standard") == 10000
    ((tax,),) = taxation.taxes([Part(10000, "standard")])
    assert (tax.tax_minor, tax.taxable_minor, tax.reason) == (0, 10000, "export")


def test_another_country_keeps_the_price_and_contains_its_own_tax():
    taxation = Taxation(place("19"), place("20"), prices_include_tax=True)
    assert taxation.printed(11900, "standard") == 11900
    ((tax,),) = taxation.taxes([Part(11900, "standard")])
    assert (tax.tax_minor, tax.taxable_minor) == (1983, 9917)


def test_a_catalogue_without_tax_gets_it_where_prices_contain_it():
    taxation = Taxation(place("20"), place("20"), prices_include_tax=False)
    assert taxation.printed(10000, "standard") == 12000


def test_several_taxes_are_rounded_together_and_split():
    rates = (Rate("State", Decimal("4")), Rate("County", Decimal("4.875")))
    taxation = Taxation(place("20"), place(rates, inclusive=False), prices_include_tax=True)
    ((state, county),) = taxation.taxes([Part(1999, "standard")])
    assert state.tax_minor + county.tax_minor == 177
    assert (state.name, county.name, state.taxable_minor) == ("State", "County", 1999)


def test_a_class_without_a_rate_is_not_taxed_and_says_so():
    taxation = Taxation(place("20"), place("20"), prices_include_tax=True)
    ((tax,),) = taxation.taxes([Part(5000, "voucher")])
    assert (tax.tax_minor, tax.taxable_minor, tax.reason) == (0, 5000, "no rate")


amounts = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=40)
percents = st.decimals("0", "40", places=3)


@given(amounts, percents, st.booleans(), st.booleans())
def test_no_cent_is_lost(minors, percent, inclusive, lines):
    there = place(str(percent), inclusive=inclusive, lines=lines)
    taxation = Taxation(there, there, prices_include_tax=True)
    taxed = taxation.taxes([Part(minor, "standard") for minor in minors])

    for minor, (tax,) in zip(minors, taxed, strict=True):
        assert 0 <= tax.tax_minor <= minor
        assert tax.taxable_minor + tax.tax_minor == (minor if inclusive else minor + tax.tax_minor)
    whole = contained(sum(minors), percent) if inclusive else on_top(sum(minors), percent)
    difference = abs(sum(tax.tax_minor for (tax,) in taxed) - whole)
    assert difference == 0 if not lines else difference <= (len(minors) + 1) / 2


@given(st.integers(0, 10_000_000), percents)
def test_net_and_tax_make_the_price_again(minor, percent):
    net = minor - contained(minor, percent)
    assert abs(net + on_top(net, percent) - minor) <= 1


@pytest.mark.django_db
def test_the_region_comes_before_its_country_and_the_day_decides():
    Shop.objects.update_or_create(pk=1, defaults={"country": "AT"})
    make_tax("AT", "20")
    make_tax("US", "7.25", region="CA", mode="exclusive", rounding="invoice", name="Sales tax")
    make_tax("FI", "24", valid_to=date(2024, 8, 31))
    make_tax("FI", "25.5", name="ALV", valid_from=date(2024, 9, 1))
    today = date(2026, 11, 22)

    california = taxation_for("US", "CA", on=today)
    assert california.there.percent("standard") == Decimal("7.25")
    assert not california.is_inclusive and not california.there.rounds_lines
    assert taxation_for("US", "OR", on=today).there is None
    assert taxation_for("FI", on=date(2024, 8, 31)).there.percent("standard") == 24
    assert taxation_for("FI", on=date(2024, 9, 1)).there.percent("standard") == Decimal("25.5")
    assert taxation_for("CH", on=today).there is None


@pytest.mark.django_db
def test_a_shop_that_has_set_up_no_taxes_sells_at_its_prices():
    taxation = taxation_for("AT", on=date(2026, 11, 22))
    assert taxation.printed(2900, "standard") == 2900
    assert taxation.taxes([Part(2900, "standard")])[0][0].reason == "no rate"


@pytest.mark.django_db
def test_reads_three_times(django_assert_num_queries):
    make_tax("AT", "20")
    make_tax("DE", "19")
    with django_assert_num_queries(3):
        taxation_for("DE", on=date(2026, 11, 22))
