"""FedEx's codes in our words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.carriers.base import Status
from checkout.carriers.fedex_tracking import BY_CODE, CODES, reports, status_of

codes = st.one_of(st.sampled_from(sorted(BY_CODE)), st.text(max_size=3))


@given(codes)
def test_delivered_is_one_code(code):
    assert (status_of(code) == Status.DELIVERED) == (code.strip().upper() == "DL")


def test_no_code_stands_for_two_things():
    listed = [code for line in CODES.values() for code in line.split()]
    assert len(listed) == len(set(listed))


def answer(*scans: tuple[str, str], latest: str = "", **result) -> dict:
    events = [{"eventType": code, "date": date, "eventDescription": "words"} for code, date in scans]
    found = {
        "trackingNumberInfo": {"trackingNumber": "7"},
        "scanEvents": events,
        "latestStatusDetail": {"code": latest},
    } | result
    return {"output": {"completeTrackResults": [{"trackingNumber": "7", "trackResults": [found]}]}}


def one(*scans: tuple[str, str], **more):
    [found] = reports(answer(*scans, **more))
    return found


@given(st.lists(codes, max_size=10), st.data())
def test_delivered_needs_its_code_and_is_left_by_a_return_only(events, data):
    """In whatever order the scans come in (G06)."""
    days = data.draw(st.permutations(range(len(events))))
    scans = [(code, f"2026-11-{day + 1:02d}T10:00:00-05:00") for code, day in zip(events, days, strict=True)]
    found = one(*scans)
    meanings = {status_of(code) for code in events}
    if found.status == Status.DELIVERED:
        assert Status.DELIVERED in meanings and found.delivered_at
    if Status.DELIVERED in meanings and Status.RETURNING not in meanings:
        assert found.status == Status.DELIVERED


def test_moments_are_turned_to_utc():
    found = one(("DL", "2026-11-21T14:15:00-05:00"))
    assert found.delivered_at == datetime(2026, 11, 21, 19, 15, tzinfo=UTC)
    assert one(("DP", "2026-11-21T14:15:00")).events[0].at == datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


def test_scans_are_put_in_order_by_their_moments():
    late, early = ("OD", "2026-11-21T09:00:00+01:00"), ("DP", "2026-11-21T02:00:00-05:00")
    assert one(early, late).status == Status.OUT_FOR_DELIVERY  # 08:00 UTC after 07:00 UTC
    assert one(late, early).status == Status.OUT_FOR_DELIVERY


def test_the_latest_status_fills_in_for_missing_scans():
    times = [{"type": "ACTUAL_DELIVERY", "dateTime": "2026-11-21T14:15:00-05:00"}]
    found = one(("OD", "2026-11-21T09:00:00-05:00"), latest="DL", dateAndTimes=times)
    assert found.status == Status.DELIVERED
    assert found.delivered_at == datetime(2026, 11, 21, 19, 15, tzinfo=UTC)


def test_a_delivery_after_the_return_began_is_the_senders():
    scans = [("DL", "2026-11-23T09:00:00-05:00"), ("RS", "2026-11-22T09:00:00-05:00")]
    assert one(*scans, latest="DL").status == Status.RETURNING


def test_unknown_codes_keep_the_status_and_are_logged(caplog):
    found = one(("QZ", "2026-11-22T09:00:00-05:00"), ("OD", "2026-11-21T09:00:00-05:00"), latest="QZ")
    assert found.status == Status.OUT_FOR_DELIVERY
    assert "QZ" in caplog.text


@pytest.mark.parametrize("result", [{"scanEvents": None}, {"scanEvents": [{}]}, {"latestStatusDetail": None}])
def test_a_result_without_scans_is_no_trouble(result):
    assert one(**result).events == ()


def test_a_number_not_found_is_a_report_without_news():
    [found] = reports(answer(error={"code": "TRACKING.TRACKINGNUMBER.NOTFOUND"}))
    assert (found.status, found.events) == (Status.UNKNOWN, ())


def test_several_numbers_are_several_reports():
    both = answer()["output"]["completeTrackResults"] * 2
    assert len(reports({"output": {"completeTrackResults": both}})) == 2
