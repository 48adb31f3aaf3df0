"""Mentions of other documents."""

from __future__ import annotations

from docparse.find.closing import Closing
from docparse.record import Citation, Header, Section
from docparse.text import Text


def find_citations(text: Text, *, header: Header, closing: Closing, sections: tuple[Section, ...]) -> tuple[Citation, ...]:
    return ()
