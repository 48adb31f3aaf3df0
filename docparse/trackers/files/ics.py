"""Tasks as an iCalendar file, which every calendar program can import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from docparse.trackers.items import Item
from docparse.trackers.vtodo import build_calendar


def build_ics(items: Iterable[Item], *, name: str) -> bytes:
    """One calendar of that name with a to-do for each item. Importing it again changes the to-dos and doubles none: their UIDs stay.

    >>> build_ics([], name="Nhiệm vụ").decode().splitlines()[-2:]
    ['X-WR-CALNAME:Nhiệm vụ', 'END:VCALENDAR']
    """
    return build_calendar(items, dt.datetime.now(dt.UTC), name=name)
