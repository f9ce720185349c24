"""Tracking from the carrier's tracking answer to our words, over the wire."""

from datetime import UTC, datetime, timedelta

import pytest

from checkout.carriers import CarrierRefused, CarrierUnavailable, Status
from checkout.carriers.tests.conftest import only_fedex, only_ups
from checkout.carriers.transport import library

ROAD = ["pending", "picked_up", "in_transit", "out_for_delivery", "delivered"]


def test_follows_a_parcel_to_the_door(ship, each, sim):
    number, seen = ship().tracking_number, []
    for _stage in ROAD:
        sim.advance(number)
        report = each.track(number)
        seen.append(report.status)
        assert (report.delivered_at is None) == (report.status != Status.DELIVERED)
    assert seen == ROAD
    assert [event.status for event in report.events] == ROAD


def test_right_after_the_label_nothing_is_known_and_nothing_breaks(ship, each):
    report = each.track(ship().tracking_number)
    assert report.events == () and report.status in (Status.PENDING, Status.UNKNOWN)


def test_a_number_that_nobody_knows_is_a_report_without_news(each):
    report = each.track({"ups": "1ZA1B2C31100000000", "fedex": "700000000000"}[each.code])
    assert (report.status, report.events) == (Status.UNKNOWN, ())


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("delayed", "delayed"),
        ("exception", "on_hold"),
        ("failed_attempt", "failed_attempt"),
        ("ready_for_pickup", "ready_for_pickup"),
        ("returning", "returning"),
        ("voided", "cancelled"),
        ("odd", "in_transit"),
    ],
)
def test_knows_the_side_roads(ship, each, sim, stage, status):
    """The odd one is a code that nobody has seen before: the parcel stays where it was."""
    number = ship().tracking_number
    sim.advance(number, steps=3)
    sim.stage(number, stage)
    assert each.track(number).status == status


def test_a_parcel_that_came_back_is_not_delivered(ship, each, sim):
    """FedEx says "Delivered" when it is handed back to the sender."""
    number = ship().tracking_number
    sim.advance(number, steps=4)
    sim.stage(number, "returning")
    sim.advance(number)
    report = each.track(number)
    assert (report.status, report.delivered_at) == (Status.RETURNING, None)


def test_moments_are_utc_whatever_the_clock_on_the_wall_says(ship, each, sim):
    number = ship().tracking_number
    sim.advance(number, steps=5)
    report = each.track(number)
    assert abs(report.delivered_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert all(event.at.utcoffset() == timedelta(0) for event in report.events)


def test_events_say_what_and_where(ship, each, sim):
    number = ship().tracking_number
    sim.stage(number, "failed_attempt")
    [event] = each.track(number).events
    assert event.location == "WIEN, AT"
    assert event.description and event.code == {"ups": "X/48/022", "fedex": "DE/08"}[each.code]


@pytest.mark.parametrize("fault", [("error", {"status": 500}), ("malformed", {}), ("drop", {})])
def test_no_answer_is_told(ship, each, sim, fault):
    number = ship().tracking_number
    sim.fail(f"{each.code}.track", fault[0], **fault[1])
    with pytest.raises(CarrierUnavailable):
        each.track(number)


@only_ups
def test_a_number_that_is_none_is_refused(each):
    with pytest.raises(CarrierRefused, match="Invalid inquiry number"):
        each.track("1Z")


@only_ups
def test_a_number_cannot_lead_to_another_address(each, sim):
    """Somebody typed it: what it holds stays one step of the path."""
    for number in ("1ZA1B2C31100000000?x=1", "1ZA1B2C31100000000#x", "1ZA1B2C31100000000/../x"):
        with pytest.raises(CarrierRefused):
            each.track(number)


def test_links_to_the_carriers_page(each):
    assert each.tracking_url("123").startswith("https://www.") and each.tracking_url("123").endswith("123")


@only_ups
def test_karrio_itself_takes_a_ups_parcel_for_delivered_that_is_only_out_for_delivery(ship, each, sim):
    """Why its reading of tracking is not used. When this fails, karrio has learnt it."""
    number = ship().tracking_number
    sim.stage(number, "out_for_delivery")
    assert read_by_karrio(each, number).delivered is True
    assert each.track(number).status == Status.OUT_FOR_DELIVERY


@only_fedex
def test_karrio_reads_the_same_fedex_answer_as_we_do(ship, each, sim):
    number = ship().tracking_number
    sim.advance(number, steps=5)
    read = read_by_karrio(each, number)
    assert (read.status, len(read.events)) == (each.track(number).status, 5)


def read_by_karrio(each, number: str):
    """karrio's own request, over the wire, and karrio's own reading."""
    karrio, connection = library(), each._connection("DE")
    wanted = karrio.models.TrackingRequest(tracking_numbers=[number])
    answer = connection.proxy.get_tracking(connection.mapper.create_tracking_request(wanted))
    details, _messages = connection.mapper.parse_tracking_response(answer)
    return details[0]
