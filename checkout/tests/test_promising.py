from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from checkout.promising import arrival, in_words

VIENNA = ZoneInfo("Europe/Vienna")
CUT_OFF = time(14)


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("ordered", "days", "expected"),
    [
        (at(23, 13, 59), (1, 3), (24, 26)),  # Monday, before the cut-off
        (at(23, 14), (1, 3), (25, 27)),  # at the cut-off it is too late
        (at(27, 15), (1, 1), (31, 31)),  # Friday evening: leaves on Monday, 30 November
        (at(21, 9), (0, 1), (23, 24)),  # Saturday: ready on Monday
        (at(22, 23), (0, 0), (23, 23)),
    ],
)
def test_leaves_the_same_working_day_before_the_cut_off(ordered, days, expected):
    november = [date(2026, 11, day) if day <= 30 else date(2026, 12, day - 30) for day in expected]
    assert arrival(ordered, cut_off=CUT_OFF, days=days) == tuple(november)


def test_the_cut_off_is_in_the_shops_own_time_zone():
    late_in_utc = datetime(2026, 11, 23, 13, 30, tzinfo=ZoneInfo("UTC"))  # 14:30 in Vienna
    assert arrival(late_in_utc, cut_off=CUT_OFF, days=(1, 1))[0] == date(2026, 11, 25)


def test_nothing_leaves_or_arrives_on_a_holiday():
    holidays = {date(2026, 12, 25), date(2026, 12, 28)}
    ordered = datetime(2026, 12, 24, 15, tzinfo=VIENNA)
    assert arrival(ordered, cut_off=CUT_OFF, days=(1, 2), holidays=holidays) == (
        date(2026, 12, 30),
        date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    ("language", "earliest", "latest", "words"),
    [
        ("en", date(2026, 11, 25), date(2026, 11, 27), "25–27 November"),
        ("en", date(2026, 11, 28), date(2026, 12, 2), "28 November – 2 December"),
        ("en", date(2026, 11, 24), date(2026, 11, 24), "Tuesday, 24 November"),
        ("de", date(2026, 11, 25), date(2026, 11, 27), "25.–27. November"),
        ("de", date(2026, 11, 24), date(2026, 11, 24), "Dienstag, 24. November"),
    ],
)
def test_days_are_told_in_the_language_of_the_page(language, earliest, latest, words):
    with translation.override(language):
        assert in_words(earliest, latest) == words
