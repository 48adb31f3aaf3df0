"""Letterhead, title and addressees."""

from __future__ import annotations

from docparse.record import Header
from docparse.text import Text


def find_header(text: Text) -> Header:
    return Header()
