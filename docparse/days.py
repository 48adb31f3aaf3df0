"""The days of Viet Nam: a deadline is a day there, whatever the clock of the machine."""

from __future__ import annotations

import datetime as dt

ZONE = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")  # without summer time since 1975


def today() -> dt.date:
    """The day that it is in Viet Nam."""
    return dt.datetime.now(ZONE).date()


def day_of(moment: dt.datetime) -> dt.date:
    """The day in Viet Nam of a moment; one without a zone is in UTC.

    >>> day_of(dt.datetime(2026, 5, 1, 18, 30, tzinfo=dt.UTC))
    datetime.date(2026, 5, 2)
    """
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(ZONE).date()
