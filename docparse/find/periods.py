"""Calendar arithmetic: the days that a month, quarter, half, year or part of them covers."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

FIRST_YEAR, LAST_YEAR = 1900, 2100
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
WEEKDAYS = {
    "hai": "MO",
    "ba": "TU",
    "tư": "WE",
    "năm": "TH",
    "sáu": "FR",
    "bảy": "SA",
    "2": "MO",
    "3": "TU",
    "4": "WE",
    "5": "TH",
    "6": "FR",
    "7": "SA",
}
FREQUENCIES = {"ngày": ("DAILY", 1), "tuần": ("WEEKLY", 1), "tháng": ("MONTHLY", 1), "quý": ("MONTHLY", 3), "năm": ("YEARLY", 1)}
Bounds = tuple[dt.date, dt.date]


def day(year: int, month: int, day_of_month: int) -> Bounds:
    """One day, as bounds. Raises ValueError for a day that the calendar does not have.

    >>> day(2024, 2, 29)[0].isoformat()
    '2024-02-29'
    """
    date = dt.date(year, month, day_of_month)
    return date, date


def months(year: int, month: int, last_year: int, last_month: int) -> Bounds:
    """From the first day of one month to the last of another.

    >>> [bound.isoformat() for bound in months(2024, 1, 2024, 2)]
    ['2024-01-01', '2024-02-29']
    """
    return dt.date(year, month, 1), dt.date(last_year, last_month, monthrange(last_year, last_month)[1])


def part_of_month(year: int, month: int, part: str | None) -> Bounds:
    """The first ten days (`đầu`), the next ten (`giữa`), the rest (`cuối`) or the whole of a month.

    >>> [bound.day for bound in part_of_month(2024, 2, "cuối")]
    [21, 29]
    """
    first, last = months(year, month, year, month)
    start, end = {"đầu": (1, 10), "giữa": (11, 20), "cuối": (21, last.day)}.get(part or "", (1, last.day))
    return first.replace(day=start), last.replace(day=end)


def quarters(year: int, quarter: int, last_year: int, last_quarter: int) -> Bounds:
    """From the first day of one quarter (1 to 4) to the last of another.

    >>> [bound.isoformat() for bound in quarters(2025, 3, 2025, 4)]
    ['2025-07-01', '2025-12-31']
    """
    return months(year, quarter * 3 - 2, last_year, last_quarter * 3)


def quarter_number(value: str) -> int:
    """The number of a quarter (or day, month, year) written in Roman or Arabic figures, in lower case; figures may stand apart."""
    return QUARTERS.get(value) or int("".join(value.split()))


def rrule_of_unit(unit: str, every: int = 1) -> str:
    """The recurrence each `every` units of time.

    >>> rrule_of_unit("tuần", 2), rrule_of_unit("quý")
    ('FREQ=WEEKLY;INTERVAL=2', 'FREQ=MONTHLY;INTERVAL=3')
    """
    frequency, length = FREQUENCIES[unit]
    interval = length * every
    return f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval != 1 else "")


def weekday_code(value: str) -> str:
    """The RFC 5545 code of a weekday: `thứ sáu` gives FR, `chủ nhật` SU."""
    return WEEKDAYS.get(value.rsplit(maxsplit=1)[-1], "SU")
