"""The worked examples of the documented rounding rules, and properties that hold for any amounts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.models import TaxExemption, TaxZone
from checkout.taxing import Buyer, Kind, Part, Place, Rate, Taxation, contained, on_top, taxation_for
from checkout.tests.factories import make_tax
from shop.accounts.models import CustomerGroup, User
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


def test_a_gift_card_costs_what_stands_on_it_and_is_taxed_when_used():
    for there in (place("19"), place("8", inclusive=False), None):
        taxation = Taxation(place("19"), there, prices_include_tax=True)
        assert taxation.printed(5000, "standard", kind=Kind.VOUCHER) == 5000
        ((tax,),) = taxation.taxes([Part(5000, "standard", Kind.VOUCHER)])
        assert (tax.tax_minor, tax.taxable_minor, tax.reason) == (0, 5000, "voucher")


def test_digital_goods_are_taxed_where_the_bill_goes_and_goods_where_they_arrive():
    taxation = Taxation(place("20"), place("19"), True, digital=place("25"))
    goods, digital = taxation.taxes([Part(11900, "standard"), Part(12500, "standard", Kind.DIGITAL)])
    assert (goods[0].tax_minor, digital[0].tax_minor) == (1900, 2500)


def test_goods_that_leave_the_country_beside_digital_ones_that_stay():
    """No sum contains tax any more: that of the digital goods is added."""
    taxation = Taxation(place("20"), None, True, digital=place("20"))
    units = [taxation.printed(12000, "standard", kind=kind) for kind in (Kind.GOODS, Kind.DIGITAL)]
    goods, digital = taxation.taxes([Part(units[0], "standard"), Part(units[1], "standard", Kind.DIGITAL)])
    assert units == [10000, 10000]
    assert (goods[0].reason, digital[0].tax_minor) == ("export", 2000)


def test_who_is_relieved_pays_the_price_without_the_home_tax():
    relief = {Kind.GOODS: "intra_community", Kind.DIGITAL: "reverse_charge"}
    taxation = Taxation(place("20"), place("19"), True, digital=place("19"), relief=relief)
    assert taxation.printed(12000, "standard") == 10000 and not taxation.is_inclusive
    assert [
        tax.reason for (tax,) in taxation.taxes([Part(1, "standard"), Part(1, "standard", Kind.DIGITAL)])
    ] == [
        "intra_community",
        "reverse_charge",
    ]


def test_delivery_stays_untaxed_where_the_place_says_so():
    there = Place(False, True, {"standard": (Rate("Sales tax", Decimal("8")),)}, taxes_delivery=False)
    taxation = Taxation(place("20"), there, prices_include_tax=True)
    assert taxation.printed(1200, "standard", is_delivery=True) == 1000
    goods, delivery = taxation.taxes([Part(10000, "standard"), Part(1000, "standard", is_delivery=True)])
    assert (goods[0].tax_minor, delivery[0].tax_minor, delivery[0].reason) == (800, 0, "delivery")


TODAY = date(2026, 11, 22)


@pytest.fixture
def europe(db):
    Shop.objects.update_or_create(pk=1, defaults={"country": "AT", "postcode": "1070"})
    for country, percent in (("AT", "20"), ("DE", "19"), ("ES", "21")):
        make_tax(country, percent, is_eu=True)
    return Buyer(vat_id="DE136695976")


def test_the_longest_postcode_wins_and_islands_may_be_outside(europe):
    spain = TaxZone.objects.get(country="ES")
    TaxZone.objects.create(code="ic", name="Canaries", country="ES", postcodes=["35", "38"], mode="outside")
    assert taxation_for("ES", postcode="28013", on=TODAY).there.percent("standard") == 21
    assert taxation_for("ES", postcode="38 001", on=TODAY).there is None
    assert taxation_for("ES", on=TODAY).there.percent("standard") == spain.rates.get().percent


def test_a_business_of_another_member_state_owes_the_vat_itself(europe):
    found = taxation_for("DE", on=TODAY, buyer=europe)
    assert found.relief == {Kind.GOODS: "intra_community", Kind.DIGITAL: "reverse_charge"}
    assert taxation_for("ES", on=TODAY, buyer=europe).relief  # a German business, delivered to Spain
    assert not taxation_for("AT", on=TODAY, buyer=europe).relief  # goods stay in the country
    assert not taxation_for("CH", on=TODAY, buyer=europe).relief  # an export, for everybody
    assert not taxation_for("DE", on=TODAY, buyer=Buyer(vat_id="ATU12345675")).relief
    assert not taxation_for("DE", on=TODAY).relief


def test_digital_goods_of_a_business_follow_its_bill(europe):
    found = taxation_for("AT", on=TODAY, buyer=Buyer(bill_country="DE", vat_id=europe.vat_id))
    assert found.relief == {Kind.DIGITAL: "reverse_charge"}
    assert found.digital.percent("standard") == 19


def test_a_small_seller_charges_consumers_at_home_rates(europe):
    Shop.objects.update(taxes_eu_at_home=True)
    assert taxation_for("DE", on=TODAY).there.percent("standard") == 20
    assert taxation_for("CH", on=TODAY).there is None
    assert taxation_for("DE", on=TODAY, buyer=europe).relief


def test_a_certificate_of_the_buyers_group_holds_in_its_place_and_days(europe):
    buyer = User.objects.create_user("school@example.com", "secret")
    group = CustomerGroup.objects.create(name="Schools")
    group.members.add(buyer)
    TaxExemption.objects.create(
        group=group, certificate="X-1", country="DE", valid_from=TODAY, valid_to=TODAY
    )
    who = Buyer(user_id=buyer.pk)
    assert set(taxation_for("DE", on=TODAY, buyer=who).relief.values()) == {"exempt"}
    assert not taxation_for("AT", on=TODAY, buyer=who).relief
    assert not taxation_for("DE", on=date(2026, 11, 23), buyer=who).relief
    assert not taxation_for("DE", on=TODAY, buyer=Buyer(user_id=0)).relief


@pytest.mark.parametrize(("region", "percent"), [("TX", "8.25"), ("NM", "4.875")])
def test_where_the_origin_counts_a_shop_of_the_region_charges_its_own_rates(db, region, percent):
    Shop.objects.update_or_create(
        pk=1, defaults={"country": "US", "region": "TX", "postcode": "73301", "prices_include_tax": False}
    )
    over = {"mode": "exclusive", "rounding": "invoice", "name": "Sales tax"}
    for state, rate in (("TX", "6.25"), ("NM", "4.875")):
        make_tax("US", rate, region=state, **over).zone.__class__.objects.filter(region=state).update(
            sourcing="origin"
        )
    austin = TaxZone.objects.create(
        code="austin", name="Austin", country="US", region="TX", postcodes=["733"], mode="exclusive"
    )
    austin.rates.create(
        tax_class=TaxZone.objects.get(region="NM").rates.get().tax_class, name="Tax", percent="8.25"
    )
    found = taxation_for("US", region, "75001" if region == "TX" else "87501", on=TODAY)
    assert found.there.percent("standard") == Decimal(percent)
