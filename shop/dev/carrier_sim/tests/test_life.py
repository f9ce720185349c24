"""The controls: how parcels move, and what a developer can get wrong."""

import pytest


def stages(parcel: dict) -> list[str]:
    return [event["stage"] for event in parcel["events"]]


def test_a_parcel_walks_from_label_to_door_and_stays_there(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    walked = sim.advance(number, steps=20)
    assert stages(walked) == ["label", "picked_up", "in_transit", "out_for_delivery", "delivered"]
    assert stages(sim.advance(number)) == stages(walked)


def test_a_detour_comes_back_to_the_road(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    sim.advance(number, steps=4)
    sim.stage(number, "failed_attempt")
    assert stages(sim.advance(number))[-3:] == ["out_for_delivery", "failed_attempt", "delivered"]


def test_a_parcel_that_goes_back_ends_at_the_sender(shopkeeper, sim):
    number = shopkeeper.fedex_parcel()
    sim.stage(number, "returning")
    assert stages(sim.advance(number, steps=5)) == ["returning", "returned"]


def test_nothing_happens_before_what_happened_before(shopkeeper, sim):
    parcel = sim.advance(shopkeeper.ups_parcel(), steps=5)
    moments = [event["at"] for event in parcel["events"]]
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("control", "body", "message"),
    [
        ("advance", {"tracking_number": "1Z"}, "No parcel has this tracking number."),
        ("stage", {"tracking_number": "", "stage": "delivered"}, "No parcel has this tracking number."),
        ("fault", {"operation": "*", "kind": "earthquake"}, "kind is one of"),
        ("fault", {"operation": "*", "when": "later"}, "A fault has operation"),
        ("webhook", {"carrier": "dhl"}, "carrier is ups or fedex."),
        ("teleport", {}, "No such control"),
    ],
)
def test_a_wrong_control_gets_a_clear_answer(sim, control, body, message):
    with pytest.raises(ValueError, match=message):
        sim.control(control, **body)


@pytest.mark.parametrize("steps", [0, 21, "two"])
def test_steps_are_a_small_number(shopkeeper, sim, steps):
    with pytest.raises(ValueError, match="steps"):
        sim.control("advance", tracking_number=shopkeeper.ups_parcel(), steps=steps)


def test_an_unknown_stage_is_refused_and_moves_nothing(shopkeeper, sim):
    number = shopkeeper.ups_parcel()
    with pytest.raises(ValueError, match="stage is one of"):
        sim.stage(number, "created")
    assert sim.parcels()[0]["events"] == []
