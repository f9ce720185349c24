"""When goods arrive, as days instead of "2–3 days".

An order before the cut-off (in the shop's time zone) of a working day leaves that day, any other on the next working day.
Days in transit are working days too: Monday to Friday without the holidays of the country that the goods leave from.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from babel import Locale
from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language, to_locale

WORKING_DAYS = frozenset([0, 1, 2, 3, 4])  # Monday is 0


def arrival(
    ordered_at: datetime,
    *,
    cut_off: time,
    days: tuple[int, int],
    holidays: Collection[date] = (),
    ready_by: date | None = None,
) -> tuple[date, date]:
    """(earliest, latest) day of arrival when ordered at `ordered_at` (aware) with `days` working days in transit.

    What is preordered does not leave before the day by which it is promised to be there, `ready_by`.
    """
    here = timezone.localtime(ordered_at)
    first = here.date() if here.time() < cut_off else here.date() + timedelta(days=1)
    leaves = _working(max(first, ready_by or first), holidays)
    return _after(leaves, days[0], holidays), _after(leaves, days[1], holidays)


def _working(day: date, holidays: Collection[date]) -> date:
    """`day` itself or the next working day."""
    while day.weekday() not in WORKING_DAYS or day in holidays:
        day += timedelta(days=1)
    return day


def _after(day: date, working_days: int, holidays: Collection[date]) -> date:
    for _ in range(working_days):
        day = _working(day + timedelta(days=1), holidays)
    return day


def in_words(earliest: date, latest: date) -> str:
    """ "25–27 November", "28 November – 2 December", "Tuesday, 24 November": in the language of the page."""
    language = get_language() or "en"
    locale = Locale.parse("en_GB" if language == "en" else to_locale(language))
    pattern = locale.datetime_skeletons["MMMMd"].pattern

    def written(day: date, how: str = pattern) -> str:
        return format_date(day, how, locale=locale)

    if earliest == latest:
        return f"{written(latest, 'EEEE')}, {written(latest)}"
    if (earliest.year, earliest.month) == (latest.year, latest.month) and pattern.endswith("MMMM"):
        return f"{written(earliest, pattern.removesuffix('MMMM').strip())}–{written(latest)}"
    return f"{written(earliest)} – {written(latest)}"
