"""Mentions of organisations."""

from __future__ import annotations

from docparse.find.closing import Closing
from docparse.record import AgencyMention, Header
from docparse.text import Text


def find_agencies(text: Text, *, header: Header, closing: Closing) -> tuple[AgencyMention, ...]:
    return ()
