"""Which price wins: held against a naive reading of the rule that catalog/pricing.py states."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import PriceList
from catalog.prices.rules import Candidate, Own, Rule, decide, rounded
from catalog.prices.rules import given as given_by
from catalog.pricing import NoPrice, Step, known_prices, price_for, prices_for, steps_for
from catalog.tests.factories import make_category, make_group, make_price_list, make_product, make_variant
from shop.core import clock
from shop.core.money import Money
from shop.tests.people import ada, eve

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def euros(minor):
    return Money(minor, "EUR")


# --- The rule, against a naive model -------------------------------------------------------------------------


def rule_of(n, priority, is_sale, percent):
    return Rule(n, f"List {n}", "EUR", None, "", percent, None, "", is_sale, priority, None, None)


RULES = st.lists(
    st.tuples(
        st.integers(-2, 2),  # priority
        st.booleans(),  # sale
        st.one_of(st.none(), st.decimals(1, 200, places=2)),  # percentage, or amounts
        st.dictionaries(st.integers(1, 12), st.integers(0, 500), max_size=4),  # from quantity: amount
    ),
    max_size=6,
)
OWN = st.one_of(st.none(), st.integers(0, 500))


def naive(own, rules, quantity):
    """Every amount with its priority, in words a seller would use; the lowest of the highest priority."""
    offers = [] if own is None else [(0, own)]
    for priority, _is_sale, percent, steps in rules:
        if percent is not None:
            if own is not None:
                exact = Decimal(own) * percent / 100
                offers.append((priority, int(exact + Decimal("0.5"))))
        else:
            reached = [n for n in steps if n <= quantity]
            if reached:
                offers.append((priority, steps[max(reached)]))
    if not offers:
        return None
    best = max(priority for priority, _amount in offers)
    return min(amount for priority, amount in offers if priority == best)


def decided(own, rules, quantity):
    own_price = Own(own)
    answers = [
        given_by(
            rule_of(n, priority, is_sale, percent),
            own_price,
            steps=tuple(sorted(steps.items())) if percent is None else (),
            is_member=True,
            quantity=quantity,
        )
        for n, (priority, is_sale, percent, steps) in enumerate(rules, start=1)
    ]
    return decide(own_price, [one for one in answers if isinstance(one, Candidate)])


@given(OWN, RULES, st.integers(1, 15))
def test_the_winner_is_the_one_of_the_naive_model(own, rules, quantity):
    decision = decided(own, rules, quantity)
    assert (decision and decision.won.minor) == naive(own, rules, quantity)


@given(OWN, RULES, st.integers(1, 15))
def test_a_former_price_is_above_the_price_and_only_a_sale_has_one(own, rules, quantity):
    decision = decided(own, rules, quantity)
    if decision and decision.was_minor is not None:
        assert decision.was_minor > decision.won.minor and decision.won.rule.is_sale


@given(OWN, RULES, st.integers(1, 15), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(own, rules, quantity, chance):
    decision = decided(own, rules, quantity)
    shuffled = rules[:]
    chance.shuffle(shuffled)
    other = decided(own, shuffled, quantity)
    assert (decision and decision.won.minor) == (other and other.won.minor)


@given(st.integers(1, 100_000), st.integers(0, 99))
def test_an_ending_is_met_by_the_nearest_amount(minor, ending):
    near = rounded(minor, ending, "EUR")
    candidates = [n for n in range(max(1, minor - 150), minor + 151) if n % 100 == ending]
    assert near > 0 and near % 100 == ending
    assert abs(near - minor) == min(abs(n - minor) for n in candidates)


@pytest.mark.parametrize(
    ("minor", "ending", "then"),
    [(1762, 90, 1790), (1739, 90, 1690), (1740, 90, 1690), (20, 90, 90), (0, 90, 0)],
)
def test_halfway_the_lower_amount_is_taken_and_nothing_becomes_free(minor, ending, then):
    assert rounded(minor, ending, "EUR") == then


# --- Lists, people, moments ----------------------------------------------------------------------------------


def test_without_lists_the_variant_has_its_own_price():
    variant = make_variant(price_minor=2900, compare_at_minor=3500)
    price = price_for(variant)
    assert (price.amount, price.compare_at, price.words) == (euros(2900), euros(3500), "")


def test_a_list_of_a_group_is_for_its_members_only():
    variant, person = make_variant(price_minor=2900), ada()
    make_price_list(group=make_group("trade customers", person), prices={variant: 2000})
    assert price_for(variant).amount == price_for(variant, customer=eve()).amount == euros(2900)
    mine = price_for(variant, customer=person)
    assert mine == price_for(variant, customer=person.pk)
    assert (
        mine.amount == euros(2000) and mine.compare_at is None and mine.words == "Price for trade customers"
    )


def test_tiers_count_from_their_quantity_on():
    variant = make_variant(price_minor=2900)
    make_price_list(prices={variant: {10: 2500, 50: 2200}})
    amounts = [price_for(variant, quantity=n).amount.minor for n in (1, 9, 10, 49, 50, 999)]
    assert amounts == [2900, 2900, 2500, 2500, 2200, 2200]
    assert steps_for(variant) == [Step(10, euros(2500)), Step(50, euros(2200))]
    assert price_for(variant, quantity=10).words == "Price from 10 pieces"


def test_a_cart_asks_for_many_quantities_at_once():
    few, many = make_variant(price_minor=2900), make_variant(price_minor=2900)
    make_price_list(prices={few: {10: 2500}, many: {10: 2500}})
    found = prices_for([few, many], quantity={few.pk: 9, many.pk: 10})
    assert (found[few.pk].amount, found[many.pk].amount) == (euros(2900), euros(2500))


def test_a_sale_counts_from_its_first_moment_to_its_last():
    variant, start = make_variant(price_minor=3000), clock.now()
    sale = make_price_list(
        is_sale=True, prices={variant: 2400}, starts_at=start, ends_at=start + timedelta(days=1)
    )
    assert price_for(variant, at=start - MINUTE).compare_at is None
    on = price_for(variant, at=start)
    assert (on.amount, on.compare_at) == (euros(2400), euros(3000))
    assert price_for(variant, at=sale.ends_at - MINUTE) == on
    assert price_for(variant, at=sale.ends_at).amount == euros(3000)


def test_a_higher_priority_replaces_a_lower_price_and_a_lower_one_serves_where_nothing_else_does():
    variant = make_variant(price_minor=2000)
    make_price_list(priority=5, prices={variant: 2600})
    make_price_list(priority=0, prices={variant: 100})
    assert price_for(variant).amount == euros(2600)
    other = make_variant(price_minor=2000)
    make_price_list(priority=-1, prices={other: 1})
    assert price_for(other).amount == euros(2000)


def test_a_percentage_is_rounded_to_its_ending_and_keeps_to_its_branch():
    prints = make_category("Prints")
    posters = make_category("Posters", parent=prints)
    inside = make_variant(product=make_product(categories=[posters]), price_minor=2900)
    outside = make_variant(product=make_product(categories=[make_category("Mugs")]), price_minor=2900)
    make_price_list(
        method=PriceList.Method.PERCENT, percent=80, ending_minor=90, category=prints, is_sale=True
    )
    found = prices_for([inside, outside])
    assert found[inside.pk].amount == euros(2290)  # 23.20
    assert found[outside.pk].amount == euros(2900)


def test_nothing_is_converted():
    variant, other = make_variant(price_minor=2900), make_variant(price_minor=2900)
    make_price_list(currency="CHF", prices={variant: 3100})
    make_price_list(method=PriceList.Method.PERCENT, percent=50, currency="CHF")
    assert price_for(variant, currency="CHF").amount == Money(3100, "CHF")
    with pytest.raises(NoPrice):
        price_for(other, currency="CHF")
    assert known_prices([variant, other], currency="CHF").keys() == {variant.pk}


def test_a_list_out_of_use_says_nothing():
    variant = make_variant(price_minor=2900)
    make_price_list(is_active=False, prices={variant: 100})
    assert price_for(variant).amount == euros(2900)


# --- Queries -------------------------------------------------------------------------------------------------


def asked(variants, **whom) -> int:
    with CaptureQueriesContext(connection) as queries:
        prices_for(variants, **whom)
    return len(queries)


def test_where_no_list_applies_nothing_is_asked():
    variants = [make_variant() for _ in range(3)]
    make_price_list(starts_at=clock.now() + timedelta(days=1), prices={variants[0]: 100})
    price_for(variants[0])  # fills the cache
    assert asked(variants) == 0


def test_one_variant_asks_as_often_as_many():
    prints, person = make_category("Prints"), ada()
    variants = [make_variant(product=make_product(categories=[prints])) for _ in range(20)]
    trade = make_group("trade customers", person)
    make_price_list(group=trade, prices={variant: {5: 2000} for variant in variants})
    make_price_list(method=PriceList.Method.PERCENT, percent=90, category=prints)
    price_for(variants[0])
    assert asked(variants[:1], customer=person.pk) == asked(variants, customer=person.pk) == 3
