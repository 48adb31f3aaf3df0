"""Time expressions."""

from __future__ import annotations

from docparse.record import DateMention, Header
from docparse.text import Text


def find_dates(text: Text, *, header: Header) -> tuple[DateMention, ...]:
    return ()
