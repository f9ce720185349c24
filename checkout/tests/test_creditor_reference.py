"""ISO 11649: what is typed wrong is noticed, whatever the bank makes of the text around it."""

import pytest

from checkout.creditor_reference import is_valid, numbers_in, reference_of
from shop.core.tokens import READABLE


def test_the_standards_own_example_is_valid():
    assert is_valid("RF18 5390 0754 7034") and is_valid("rf18539007547034")
    assert reference_of("K7F4-9QXM").startswith("RF") and is_valid(reference_of("K7F4-9QXM"))


def test_slips_and_exchanged_neighbours_are_noticed():
    signs = reference_of("K7F4-9QXM").replace(" ", "")
    slips = [
        (signs[at], other, signs[:at] + other + signs[at + 1 :])
        for at in range(4, len(signs))
        for other in READABLE
        if other != signs[at]
    ]
    passed = [(was, now) for was, now, typed in slips if is_valid(typed)]
    assert len(slips) > 180 and len(passed) <= 2
    assert all(was.isdigit() != now.isdigit() for was, now in passed)  # a letter for a digit: very rarely
    swaps = {signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :] for at in range(4, len(signs) - 1)}
    assert not [one for one in swaps - {signs} if is_valid(one)]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "Bestellung {} danke",
        "SVWZ+{}EREF+NOTPROVIDED",
        "rechnung/{}/2026",
        "{}\nAda Lovelace, Wien",
    ],
)
def test_it_is_found_in_what_banks_make_of_it(text):
    reference = reference_of("K7F4-9QXM")
    assert numbers_in(text.format(reference)) == ["K7F4-9QXM"]
    assert numbers_in(text.format(reference.lower().replace(" ", ""))) == ["K7F4-9QXM"]


def test_what_is_no_reference_names_no_order():
    assert numbers_in("RF00 K7F4 9QXM, thanks; surfing RF 12 and K7F4-9QXM") == []
    assert numbers_in("") == []


def test_two_orders_paid_at_once_are_both_found():
    text = f"{reference_of('K7F4-9QXM')} und {reference_of('ADFH-3467')}"
    assert numbers_in(text) == ["K7F4-9QXM", "ADFH-3467"]
