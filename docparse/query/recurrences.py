"""The days on which a recurring task is due."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

NOON = dt.time(12)
TEN_YEARS = 3653  # days


@lru_cache(maxsize=4096)
def days_of(recurrence: str, since: dt.date, first_day: dt.date, last_day: dt.date) -> tuple[dt.date, ...]:
    """The days from `first_day` to `last_day`, both inclusive, on which a recurrence (RFC 5545 RRULE) that begins `since` falls.

    Where the rule names no day, it is the last one of each week, month, quarter or year: that is when a monthly report is due at the latest.
    A rule that cannot be read (a reviewer may have written it) falls on no day.

    >>> days_of("FREQ=MONTHLY;INTERVAL=3", dt.date(2025, 5, 6), dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    (datetime.date(2025, 6, 30), datetime.date(2025, 9, 30), datetime.date(2025, 12, 31))
    """
    from dateutil.rrule import rrulestr

    first = max(first_day, since)
    try:
        parts = dict(part.split("=", 1) for part in recurrence.split(";"))
        start = _aligned(parts, since if "INTERVAL" in parts else first)
        rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=dt.datetime.combine(start, NOON))
    except (ValueError, KeyError):
        return ()
    found = rule.between(dt.datetime.combine(first, dt.time.min), dt.datetime.combine(last_day, dt.time.max))
    return tuple(day.date() for day in found)


@lru_cache(maxsize=4096)
def from_first_day(recurrence: str, since: dt.date) -> tuple[str, dt.date] | None:
    """A recurrence with the days that it leaves out, and its first day from `since` on; None if it cannot be read or never comes in ten years.

    >>> from_first_day("FREQ=MONTHLY;INTERVAL=3", dt.date(2026, 5, 6))
    ('FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1', datetime.date(2026, 6, 30))
    """
    days = days_of(recurrence, since, since, since + dt.timedelta(days=TEN_YEARS))
    if not days:
        return None
    parts = dict(part.split("=", 1) for part in recurrence.split(";"))
    _aligned(parts, since)
    return ";".join(f"{name}={value}" for name, value in parts.items()), days[0]


def _aligned(parts: dict[str, str], since: dt.date) -> dt.date:
    """Where the counting begins: with the week, month or year, so that quarters end where those of the calendar do. Names the day left out."""
    every = int(parts.get("INTERVAL", 1))
    if every < 1:
        raise ValueError
    match parts["FREQ"]:
        case "WEEKLY":
            parts.setdefault("BYDAY", "SU")
            return since - dt.timedelta(days=since.weekday())
        case "MONTHLY":
            if "BYDAY" not in parts:
                parts.setdefault("BYMONTHDAY", "-1")
            return dt.date(since.year, (every - 1) % 12 + 1, 1)
        case "YEARLY":
            parts.setdefault("BYMONTH", "12")
            parts.setdefault("BYMONTHDAY", "-1")
            return dt.date(since.year, 1, 1)
        case _:
            return since
