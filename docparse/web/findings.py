"""What was found in a document, as things to show: each with a name of its own, a kind, a place and a value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from docparse.record import AgencyMention, Citation, DateMention, Deadline, Record, Section
from docparse.review.corrections import FIELDS
from docparse.words import squeeze

KINDS = ("header", "section", "citation", "date", "agency", "task", "signer", "problem")
LONGEST_VALUE = 160  # characters of a value in a list


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding to show: `key` is its index in the record or the field of the header, `[start, end)` what is marked in the text.

    >>> Finding("citation", "3", 10, 20, page=1, rule="citation.numbered", value="Luật 31/2024/QH15").id
    'citation-3'
    """

    kind: str
    key: str
    start: int
    end: int
    page: int
    rule: str | None
    value: str

    @property
    def id(self) -> str:
        """Its name in the page."""
        return f"{self.kind}-{self.key}"


def findings(record: Record) -> tuple[Finding, ...]:
    """All findings of a record that stand in its text, in the order of the text, outer ones first."""
    return tuple(sorted(_all(record), key=lambda found: (found.start, -found.end, KINDS.index(found.kind))))


def missing_field(name: str) -> Finding | None:
    """A field of the header that was not found, so that a reviewer may fill it; `name` as of a finding.

    >>> missing_field("header-number").key, missing_field("header-colour")
    ('number', None)
    """
    kind, _, field = name.partition("-")
    return Finding(kind, field, 0, 0, 1, None, "") if kind == "header" and field in FIELDS["header"] else None


def _all(record: Record) -> Iterator[Finding]:
    starts = [page.start for page in record.pages]

    def page_at(offset: int) -> int:
        index = max(bisect_right(starts, offset) - 1, 0)
        return record.pages[index].number if record.pages else 1

    for field, mark in record.header.marks.items():
        yield Finding("header", field, mark.start, mark.end, page_at(mark.start), mark.rule, _shown(getattr(record.header, field, None)))
    for number, section in enumerate(record.sections):
        value = " ".join(part for part in (section.label, section.heading) if part)
        yield Finding("section", str(number), section.start, _end_of_heading(record.text, section), section.page, section.rule, _short(value))
    for number, signer in enumerate(record.signers):
        value = ", ".join(part for part in (signer.name, signer.position) if part)
        yield Finding("signer", str(number), signer.start, signer.end, page_at(signer.start), signer.rule, _short(value))
    mentions: tuple[tuple[str, tuple[Citation | DateMention | AgencyMention, ...]], ...] = (
        ("citation", record.citations),
        ("date", record.dates),
        ("agency", record.agencies),
    )
    for kind, found in mentions:
        for number, mention in enumerate(found):
            yield Finding(kind, str(number), mention.start, mention.end, mention.page, mention.rule, _short(mention.text))
    for number, task in enumerate(record.tasks):
        yield Finding("task", str(number), task.start, task.end, task.page, task.rule, _short(task.action))
    for number, problem in enumerate(record.problems):
        if problem.start is not None and problem.end is not None:
            yield Finding("problem", str(number), problem.start, problem.end, page_at(problem.start), None, problem.code)


def _shown(value: object) -> str:
    return _short("; ".join(value) if isinstance(value, tuple) else str(value or ""))


def _short(value: str) -> str:
    folded = squeeze(value)
    return folded if len(folded) <= LONGEST_VALUE else folded[: LONGEST_VALUE - 1].rstrip() + "…"


def _end_of_heading(text: str, section: Section) -> int:
    """Where the label and heading of a section end: its own range goes on to the next section."""
    words = [*section.label.split(), *(section.heading or "").split()]
    place = re.compile(r"\W*".join(map(re.escape, words))).search(text, section.start, section.start + 2 * sum(map(len, words)) + 40)
    return min(place.end() if place else section.start + len(section.label), max(section.end, section.start))


def days(deadline: Deadline) -> tuple[str, ...]:
    """The days of a deadline in ISO 8601: two, one, or its recurrence.

    >>> days(Deadline(text="hằng tháng", recurrence="FREQ=MONTHLY"))
    ('FREQ=MONTHLY',)
    """
    if deadline.recurrence:
        return (deadline.recurrence,)
    return tuple(dict.fromkeys(day.isoformat() for day in (deadline.first_day, deadline.last_day) if day))
