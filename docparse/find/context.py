"""On which page and in which section a finding stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TypeVar

from docparse.record import AgencyMention, Citation, DateMention, Section
from docparse.text import Text

Finding = TypeVar("Finding", Citation, DateMention, AgencyMention)


def place_findings(findings: Iterable[Finding], text: Text, sections: tuple[Section, ...]) -> tuple[Finding, ...]:
    """The findings with `page` and the id of the innermost `section` around their start (None before the first section).

    >>> text = Text.of_lines(["Căn cứ", "I. Mục đích", "1. Năm 2024"])
    >>> outer = Section(id="I", parent=None, label="I", depth=1, kind="roman", heading="Mục đích", start=7, end=30, page=1, rule="r")
    >>> inner = Section(id="I.1", parent="I", label="1", depth=2, kind="arabic", heading=None, start=19, end=30, page=1, rule="r")
    >>> year = DateMention(start=22, end=30, rule="r", text="Năm 2024", first_day="2024-01-01", last_day="2024-12-31")
    >>> [date.section for date in place_findings([year], text, (outer, inner))]
    ['I.1']
    """
    starts = [section.start for section in sections]
    by_id = {section.id: section for section in sections}

    def section_at(offset: int) -> str | None:
        index = bisect_right(starts, offset) - 1
        section = sections[index] if index >= 0 else None
        while section is not None and section.end <= offset:
            section = by_id.get(section.parent) if section.parent else None
        return section.id if section else None

    return tuple(found.model_copy(update={"page": text.page_at(found.start), "section": section_at(found.start)}) for found in findings)
