"""Labels: what is on them, what they cost, and that none is ever bought twice."""

from dataclasses import replace

import pytest

from checkout.carriers import CarrierRefused, CarrierUnavailable
from checkout.carriers.tests.conftest import only_fedex, only_ups

LIVE = ("created", "label")


def live(sim) -> list[str]:
    return [parcel["number"] for parcel in sim.parcels() if parcel["stage"] in LIVE]


def test_a_label_is_a_pdf_with_a_number_and_a_price(ship, each, sim):
    label = ship()
    [parcel] = sim.parcels()
    assert label.pdf.startswith(b"%PDF") and label.pdf.rstrip().endswith(b"%%EOF")
    assert label.tracking_number == label.provider_ref == parcel["number"]
    assert (label.carrier, label.currency) == (each.code, "EUR")
    assert label.cost_minor == parcel["cost_minor"] == {"ups": 930, "fedex": 972}[each.code]


def test_the_carrier_gets_the_address_as_it_was_written(ship, sim):
    """karrio would print "12 Hauptstraße", and would cut the last digit of a long phone number."""
    ship()
    [parcel] = sim.parcels()
    assert parcel["sender"]["lines"] == ["Hauptstraße 12"]
    assert parcel["recipient"]["lines"] == ["Mariahilfer Straße 88a", "Top 7"]
    assert (parcel["recipient"]["name"], parcel["recipient"]["postcode"]) == ("Jörg Müller", "1070")
    assert parcel["sender"]["company"] == "Isoline GmbH"
    assert parcel["grams"] == 2300


def test_the_carrier_gets_our_reference_and_writes_no_mails_to_the_customer(ship, each, sim):
    ship("S-77-1")
    assert sim.parcels()[0]["reference"] == "S-77-1"
    [request] = sim.requests(f"{each.code}.ship")
    assert "otification" not in request["body"]


def test_a_long_phone_number_keeps_its_last_digit(ship, each, sim):
    ship()
    assert "4366012345678" in sim.requests(f"{each.code}.ship")[0]["body"]


def test_a_domestic_label_in_america_carries_the_reference_too(each, box, wayne, sim):
    service = each.usual_service(sender=wayne, recipient=wayne)
    each.label(box, sender=wayne, recipient=wayne, service=service, reference="S-9")
    [parcel] = sim.parcels()
    assert parcel["reference"] == "S-9" and parcel["currency"] == "USD"
    assert abs(parcel["grams"] - 2300) <= 5  # sent in pounds


def test_every_service_that_has_a_rate_can_be_bought(each, box, berlin, vienna, sim):
    for number, rate in enumerate(each.rates([box], sender=berlin, recipient=vienna)):
        label = each.label(
            box, sender=berlin, recipient=vienna, service=rate.service, reference=f"S-{number}"
        )
        assert (label.cost_minor, label.currency) == (rate.amount_minor, rate.currency)


def test_long_streets_are_wrapped_and_too_long_ones_refused(each, box, berlin, vienna, sim):
    def street(*lines: str):
        to = replace(vienna, street_lines=lines)
        service = each.usual_service(sender=berlin, recipient=to)
        return each.label(box, sender=berlin, recipient=to, service=service, reference=f"S-{len(lines[0])}")

    street("Wohnhausanlage am Laaer Berg", "Stiege 12, Stock 3", "Tür 14")
    assert sim.parcels()[0]["recipient"]["lines"] == [
        "Wohnhausanlage am Laaer Berg,",
        "Stiege 12, Stock 3, Tür 14",
    ]
    with pytest.raises(CarrierRefused, match="70"):
        street("Donaudampfschifffahrtsgesellschaftskapitänswitwenheim an der großen Lände 123 Hof 4 Stiege 5")
    assert len(sim.parcels()) == 1


def test_a_refusal_says_why_in_the_carriers_words(each, box, berlin, vienna, sim):
    with pytest.raises(CarrierRefused, match=f"{each.name}: .*[Ww]eight"):
        each.label(replace(box, grams=80_000), sender=berlin, recipient=vienna, reference="S-1",
                   service=each.usual_service(sender=berlin, recipient=vienna))  # fmt: skip
    assert sim.parcels() == []


@pytest.mark.parametrize("reference", ["", "R" * 31])
def test_a_reference_that_carriers_would_cut_is_a_fault_of_ours(ship, sim, reference):
    with pytest.raises(ValueError, match="1 to 30"):
        ship(reference)
    assert sim.requests("%") == []


# G05: the carrier makes the label, but its answer never arrives.


@pytest.mark.parametrize(
    ("kind", "plan"),
    [
        ("timeout", {"seconds": 3}),
        ("drop", {}),
        ("error", {"status": 500}),
        ("error", {"status": 503}),
        ("malformed", {}),
    ],
)
def test_a_label_whose_answer_got_lost_is_not_bought_twice(ship, each, sim, settings, kind, plan):
    settings.SHOP_CARRIER_TIMEOUT = 1
    sim.fail(f"{each.code}.ship", kind, after=True, **plan)
    with pytest.raises(CarrierUnavailable):
        ship()
    settings.SHOP_CARRIER_TIMEOUT = 10
    assert len(sim.parcels()) == 1 == len(sim.requests(f"{each.code}.ship"))
    label = ship()
    assert live(sim) == [label.tracking_number]
    assert label.pdf.startswith(b"%PDF")


def test_without_the_search_a_second_label_would_be_bought(ship, each, sim, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(type(each), "recovered", lambda self, **_: None)
    sim.fail(f"{each.code}.ship", after=True)
    with pytest.raises(CarrierUnavailable):
        ship()
    ship()
    assert len(live(sim)) == 2


@only_ups
def test_asking_ups_again_gives_the_same_label_without_a_price(ship, each, sim):
    first, again = ship(), ship()
    assert again.tracking_number == first.tracking_number and len(sim.parcels()) == 1
    assert again.cost_minor is None and again.pdf.startswith(b"%PDF")


@only_fedex
def test_asking_fedex_again_leaves_one_live_label(ship, each, sim):
    first, again = ship(), ship()
    assert live(sim) == [again.tracking_number] != [first.tracking_number]


def test_a_label_that_is_on_its_way_is_never_replaced(ship, each, sim):
    first = ship()
    sim.advance(first.tracking_number, steps=2)
    if each.code == "ups":
        assert ship().tracking_number == first.tracking_number
    else:
        with pytest.raises(CarrierRefused, match="cannot be cancelled"):
            ship()
    assert len(sim.parcels()) == 1


def test_when_the_search_gets_no_answer_nothing_is_bought(ship, each, sim):
    sim.fail({"ups": "ups.recover", "fedex": "fedex.find"}[each.code])
    with pytest.raises(CarrierUnavailable):
        ship()
    assert sim.requests(f"{each.code}.ship") == []


@pytest.mark.parametrize("status", [400, 404])
def test_when_the_search_itself_is_refused_labels_are_made_all_the_same(ship, each, sim, caplog, status):
    sim.fail({"ups": "ups.recover", "fedex": "fedex.find"}[each.code], status=status)
    assert live(sim) == [] and ship().tracking_number in live(sim)
    assert "refused for S-1001-1" in caplog.text


# Voids


def test_a_voided_label_is_dead_and_a_new_reference_buys_a_new_one(ship, each, sim):
    label = ship()
    each.void(label.provider_ref)
    assert sim.parcels()[0]["stage"] == "voided"
    new = ship("S-1001-2")
    assert live(sim) == [new.tracking_number] != [label.tracking_number]


def test_a_parcel_that_was_picked_up_cannot_be_voided(ship, each, sim):
    label = ship()
    sim.advance(label.tracking_number, steps=2)
    with pytest.raises(CarrierRefused, match=each.name):
        each.void(label.provider_ref)
    assert sim.parcels()[0]["stage"] == "picked_up"
