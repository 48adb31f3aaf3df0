"""The section tree."""

from __future__ import annotations

from docparse.find.closing import Closing
from docparse.record import Header, Section
from docparse.text import Text


def find_sections(text: Text, *, header: Header, closing: Closing) -> tuple[Section, ...]:
    return ()
