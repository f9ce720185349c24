"""Rates: whole minor units in the sender's currency, cheapest first."""

from dataclasses import replace

import pytest

from checkout.carriers import CarrierRefused, CarrierUnavailable
from checkout.carriers.tests.conftest import only_fedex


def test_lists_services_cheapest_first(each, box, berlin, vienna):
    rates = each.rates([box], sender=berlin, recipient=vienna)
    amounts = [rate.amount_minor for rate in rates]
    assert amounts == sorted(amounts) and amounts[0] == {"ups": 930, "fedex": 972}[each.code]
    assert {rate.currency for rate in rates} == {"EUR"}
    assert all(isinstance(rate.amount_minor, int) and rate.carrier == each.code for rate in rates)


def test_names_services_for_people_and_tells_the_days(each, box, berlin, vienna):
    first = each.rates([box], sender=berlin, recipient=vienna)[0]
    assert (first.name, first.days) == {
        "ups": ("UPS Standard", 3),
        "fedex": ("FedEx Regional Economy", 3),
    }[each.code]


@only_fedex
def test_several_boxes_cost_what_they_weigh_together(each, box, berlin, vienna):
    one = each.rates([box], sender=berlin, recipient=vienna)[0]
    two = each.rates([box, box], sender=berlin, recipient=vienna)[0]
    assert two.amount_minor == one.amount_minor + 2 * 84  # 3 kg and 5 kg, begun


def test_the_currency_is_that_of_the_account(each, box, wayne):
    assert {rate.currency for rate in each.rates([box], sender=wayne, recipient=wayne)} == {"USD"}


def test_a_refusal_is_told(each, box, berlin, vienna):
    with pytest.raises(CarrierRefused, match=each.name):
        each.rates([box], sender=berlin, recipient=replace(vienna, postcode="", country="AT"))


def test_no_answer_is_told(each, box, berlin, vienna, sim):
    sim.fail(f"{each.code}.rates", status=503)
    with pytest.raises(CarrierUnavailable) as caught:
        each.rates([box], sender=berlin, recipient=vienna)
    assert caught.value.carrier == each.code and each.name in caught.value.message
