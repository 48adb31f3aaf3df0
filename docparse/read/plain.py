"""Plain text -> Text."""

from __future__ import annotations

from docparse.read.lines import RawLine, RawPage, build_text, opens_by_length
from docparse.text import Text


def read_plain(data: bytes) -> Text:
    """Read a text dump; an empty line after every line is no paragraph break."""
    lines = [line for line in data.decode("utf-8-sig").splitlines() if line.strip()]
    return build_text([RawPage([RawLine(line, opens=opens) for line, opens in zip(lines, opens_by_length(lines), strict=True)])], origin="plain")
