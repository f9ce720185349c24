"""UPS's codes in our words: `delivered` needs a code that says so."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.carriers.base import Status
from checkout.carriers.ups_tracking import BY_SCAN, BY_TOLD, SCANNED, TOLD, pushed, report, status_of

kinds = st.sampled_from(["D", "I", "M", "MV", "X", "U", "P", "O", "DD", "DO", "W", "NA", ""])
codes = st.one_of(st.sampled_from([code.split(":")[1] for code in BY_SCAN]), st.text(max_size=3), st.just(""))
told = st.one_of(st.sampled_from(sorted(BY_TOLD)).map(lambda code: code.zfill(3)), st.text(max_size=4))
SAYS_DELIVERED = {"11", "26"}
DELIVERED_SCANS = {"FS", "F4", "KB", "KM", "OO", "YC", "2W"}


@given(kinds, codes, told)
def test_delivered_needs_the_type_and_a_code_that_says_so(kind, code, told_code):
    if status_of(kind, code, told_code) == Status.DELIVERED:
        assert kind == "D"
        assert told_code.lstrip("0") in SAYS_DELIVERED or code in DELIVERED_SCANS


@given(codes, told)
def test_no_code_that_says_otherwise_is_outvoted(code, told_code):
    """Whichever of the two codes speaks of something else than delivery wins over the other."""
    spoken = {BY_TOLD.get(told_code.lstrip("0")), BY_SCAN.get(f"D:{code}")} - {None, Status.DELIVERED}
    if spoken:
        assert status_of("D", code, told_code) != Status.DELIVERED


def test_type_d_alone_says_nothing():
    assert status_of("D", "", "") == Status.UNKNOWN
    assert status_of("D", "Q9", "999") == Status.UNKNOWN


def activity(kind, code, told_code, *, gmt="20240202", time="20:04:35", **more) -> dict:
    status = {"type": kind, "code": code, "statusCode": told_code, "description": "words "}
    return {"status": status, "date": "20240202", "time": "120435", "gmtDate": gmt, "gmtTime": time} | more


def answer(*activities: dict, **package) -> dict:
    found = {"trackingNumber": "1Z", "activity": list(activities)} | package
    return {"trackResponse": {"shipment": [{"package": [found]}]}}


@given(st.lists(st.tuples(kinds, codes, told), max_size=12), st.data())
def test_a_report_says_delivered_only_after_a_delivered_event(events, data):
    """Whatever comes in whatever order; and once delivered, only a return changes it (G06)."""
    times = data.draw(st.permutations([f"{hour:02d}:00:00" for hour in range(len(events))]))
    rows = [activity(*event, time=time) for event, time in zip(events, times, strict=True)]
    found = report("1Z", answer(*rows))
    meanings = [status_of(row["status"]["type"], row["status"]["code"].strip(), row["status"]["statusCode"].strip())
                for row in sorted(rows, key=lambda row: row["gmtTime"])]  # fmt: skip
    if found.status == Status.DELIVERED:
        assert Status.DELIVERED in meanings and found.delivered_at
    if Status.DELIVERED in meanings and Status.RETURNING not in meanings:
        assert found.status == Status.DELIVERED
    assert (found.delivered_at is not None) == (found.status == Status.DELIVERED)


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (("M", "MP", "003"), "pending"),
        (("I", "OR", "005"), "picked_up"),
        (("I", "DP", "005"), "in_transit"),
        (("I", "YP", "071"), "in_transit"),
        (("I", "OT", "021"), "out_for_delivery"),
        (("D", "OT", "021"), "out_for_delivery"),
        (("D", "OT", ""), "out_for_delivery"),
        (("D", "OT", "011"), "out_for_delivery"),
        (("D", "FS", "011"), "delivered"),
        (("D", "FS", ""), "delivered"),
        (("D", "", "011"), "delivered"),
        (("I", "DP", "011"), "in_transit"),
        (("I", "", "011"), "unknown"),
        (("D", "2Q", "011"), "ready_for_pickup"),
        (("D", "2Q", "161"), "ready_for_pickup"),
        (("D", "B0", "034"), "returning"),
        (("I", "DP", "036"), "returning"),
        (("X", "48", "022"), "failed_attempt"),
        (("X", "16", "048"), "delayed"),
        (("MV", "VP", "007"), "cancelled"),
        (("MV", "", ""), "cancelled"),
        (("U", "UP", "154"), "unknown"),
        (("P", "", ""), "unknown"),
    ],
)
def test_the_codes_that_ups_documents(codes, status):
    assert status_of(*codes) == status


def test_no_code_stands_for_two_things():
    for table in (TOLD, SCANNED):
        codes = [code for line in table.values() for code in line.split()]
        assert len(codes) == len(set(codes))


@pytest.mark.parametrize("time", ["20:04:35", "200435"])
def test_gmt_is_taken_and_not_the_local_time_beside_it(time):
    [event] = report("1Z", answer(activity("D", "FS", "011", time=time))).events
    assert event.at == datetime(2024, 2, 2, 20, 4, 35, tzinfo=UTC)


def test_a_time_may_have_lost_its_leading_zero():
    [event] = report("1Z", answer(activity("I", "DP", "005", gmt="20210210", time="74700"))).events
    assert event.at == datetime(2021, 2, 10, 7, 47, tzinfo=UTC)


def test_without_gmt_the_offset_helps_and_without_both_the_local_time_must_do():
    bare = activity("I", "DP", "005") | {"gmtDate": None, "gmtTime": ""}
    [event] = report("1Z", answer(bare | {"gmtOffset": "-08:00"})).events
    assert event.at == datetime(2024, 2, 2, 20, 4, 35, tzinfo=UTC)
    [event] = report("1Z", answer(bare)).events
    assert event.at == datetime(2024, 2, 2, 12, 4, 35, tzinfo=UTC)


def test_unknown_codes_keep_the_status_and_are_logged(caplog):
    found = report("1Z", answer(activity("I", "Q9", "199", time="21:00:00"), activity("D", "OT", "021")))
    assert found.status == Status.OUT_FOR_DELIVERY and len(found.events) == 2
    assert "Q9" in caplog.text


def test_of_two_events_at_the_same_moment_the_one_that_ups_lists_first_is_the_later():
    assert report("1Z", answer(activity("D", "FS", "011"), activity("D", "OT", "021"))).status == "delivered"


@pytest.mark.parametrize(
    "package", [{"activity": []}, {"activity": None}, {"activity": [], "currentStatus": None}]
)
def test_a_parcel_without_activity_is_no_trouble(package):
    found = report("1Z", answer(**package))
    assert (found.status, found.events) == (Status.UNKNOWN, ())


def test_the_current_status_alone_tells_of_a_label_but_never_of_a_delivery():
    assert report("1Z", answer(currentStatus={"code": "003"})).status == "pending"
    assert report("1Z", answer(currentStatus={"code": "011"})).status == "unknown"


def test_lists_of_one_may_come_as_the_one():
    shipment = {"package": {"activity": [activity("I", "DP", "005")]}}
    assert report("1Z", {"trackResponse": {"shipment": shipment}}).status == "in_transit"


def test_a_push_is_read_with_its_gmt_moment():
    """UPS's own example of a delivery, in its documentation of Track Alert."""
    event = {
        "trackingNumber": "1Z204W4R0308071865",
        "localActivityDate": "20240423",
        "localActivityTime": "095004",
        "activityLocation": {
            "city": "CHARLOTTE",
            "stateProvince": "NC",
            "postalCode": "28209",
            "country": "US",
        },
        "activityStatus": {"type": "D", "code": "FS", "description": "Delivered", "descriptionCode": "011"},
        "gmtActivityDate": "20240423",
        "gmtActivityTime": "135004",
    }
    found = pushed(event)
    assert (found.tracking_number, found.status) == ("1Z204W4R0308071865", "delivered")
    assert found.delivered_at == datetime(2024, 4, 23, 13, 50, 4, tzinfo=UTC)
    assert found.events[0].location == "CHARLOTTE, NC, US"
