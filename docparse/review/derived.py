"""What follows from corrections elsewhere in the record: places, keys of citations, ids of agencies, the letterhead's marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from docparse.find.authority import agency, entry_id
from docparse.find.mention import Mention
from docparse.find.numbers import find_numbers
from docparse.find.resolve import resolve_mentions
from docparse.lexicon import load_rows
from docparse.record import AgencyMention, Citation, DateMention, Header, Mark, Record, Section, Task
from docparse.review.values import Kind, Values, changed
from docparse.store.rows import REVIEW
from docparse.words import lower, squeeze

UNREADABLE = {"number": "number_unreadable", "date": "date_unreadable"}  # problems that a person has settled who gives the field


def new_finding(record: Record, kind: Kind, start: int, end: int, *, name: str, values: Values) -> Mark:
    """A finding that the parser missed, with what its range alone says. `name` tells it from others: the id of a task holds it."""
    section = section_at(record.sections, start)
    text, page = record.text[start:end], page_at(record, start)
    place = {"start": start, "end": end, "rule": REVIEW, "text": text, "page": page}
    inside = section.id if section else None
    match kind:
        case "citation":
            return Citation(**place, section=inside, doc_type=None, number=None)
        case "date":
            return DateMention(**place, section=inside, first_day=None, last_day=None)
        case "agency":
            mention = values.get("mention") or squeeze(text)
            return AgencyMention(**place, section=inside, mention=mention, name=mention)
    labels = labels_within(record.sections, inside)
    return Task(**place, id=f"{inside or '0'}/{name}", action=squeeze(text), status="assigned", assigner=record.header.issuer, section=labels)


def page_at(record: Record, offset: int) -> int:
    """The number of the page that holds `offset`."""
    index = bisect_right(record.pages, offset, key=lambda page: page.start) - 1
    return record.pages[max(index, 0)].number if record.pages else 1


def section_at(sections: Sequence[Section], offset: int) -> Section | None:
    """The innermost section around `offset`."""
    return next((section for section in reversed(sections) if section.start <= offset < section.end), None)


def labels_within(sections: Iterable[Section], section_id: str | None) -> tuple[str, ...]:
    """The labels from the outermost section to this one."""
    by_id = {section.id: section for section in sections}
    labels: list[str] = []
    while section_id is not None and section_id in by_id:
        labels.insert(0, by_id[section_id].label)
        section_id = by_id[section_id].parent
    return tuple(labels)


def corrected_header(record: Record, values: Values) -> Header:
    """The letterhead with new values; a filled field is marked where its value stands, at 0 where that is not in the text as given."""
    if not values:
        return record.header
    marks = {name: mark for name, mark in record.header.marks.items() if name not in values}
    for name, value in values.items():
        if value not in (None, []):
            start, end = _stands(record, name, value)
            marks[name] = Mark(start=start, end=end, rule=REVIEW)
    made = changed(record.header, values)
    assert isinstance(made, Header)
    return made.model_copy(update={"marks": marks})


def _stands(record: Record, name: str, value: object) -> tuple[int, int]:
    """Where a value stands: the same words nearest to the old place, else that place."""
    known = record.header.marks.get(name)
    start, end = (known.start, known.end) if known else (0, 0)
    words = r"\s+".join(map(re.escape, lower(str(value[0] if isinstance(value, list) else value)).split()))
    pattern = re.compile(rf"(?<!\w){words}(?!\w)")
    return min((match.span() for match in pattern.finditer(lower(record.text))), key=lambda span: abs(span[0] - start), default=(start, end))


def named(mention: AgencyMention, values: Values) -> AgencyMention:
    """A mention whose id, kind, level and place follow from its new name, save those that are corrected themselves."""
    agency_id, kind, level = (None, None, None) if mention.collective else entry_id(mention.name)
    place = agency(agency_id).place or None if agency_id else mention.place
    follow = {"kind": kind or mention.kind, "level": level or mention.level, "place": place}
    return mention.model_copy(update={"agency_id": agency_id, **{name: value for name, value in follow.items() if name not in values}})


def resolved(citations: Sequence[Citation], rules: Sequence[str], header: Header) -> list[Citation]:
    """All citations with their keys made anew: a short form takes that of the full one, an issuer its place from the letterhead.

    `rules` are those of the parser, which tell names of laws from others.
    """
    keys = resolve_mentions([_mention(citation, rule) for citation, rule in zip(citations, rules, strict=True)], header)
    return [citation.model_copy(update={"resolved": key}) for citation, key in zip(citations, keys, strict=True)]


def _mention(citation: Citation, rule: str) -> Mention:
    printed = next(find_numbers(citation.number), None) if citation.number else None
    if rule == REVIEW and citation.title and citation.doc_type in _kinds_of_laws():
        rule = "law.name"
    return Mention(
        citation.start,
        citation.end,
        citation.doc_type,
        citation.number,
        rule,
        printed=printed if printed and printed.canonical == citation.number else None,
        date=citation.date,
        issuer=citation.issuer,
        title=citation.title,
    )


@cache
def _kinds_of_laws() -> frozenset[str]:
    return frozenset(row["doc_type"] for row in load_rows("laws"))


def without(sections: Sequence[Section], removed: Sequence[Section]) -> tuple[tuple[Section, ...], dict[str, str | None]]:
    """The sections that are left when false ones are removed, and for each of those the id of the section around it that is left.

    What stood in a removed one stands in the one around it, and what ended where it began goes on to the next unit. Addresses stay.
    """
    gone = {section.id: section for section in removed}
    around: dict[str, str | None] = {}
    for section in removed:
        parent = section.parent
        while parent in gone:
            parent = gone[parent].parent
        around[section.id] = parent
    left = [section for section in sections if section.id not in gone]
    return tuple(
        section.model_copy(update={"parent": within(section.parent, around), "end": _end(section, left[index + 1 :], removed)})
        for index, section in enumerate(left)
    ), around


def within(section_id: str | None, around: Mapping[str, str | None]) -> str | None:
    """The section, or the one around it where it was removed."""
    return around.get(section_id, section_id) if section_id else None


def _end(section: Section, following: Sequence[Section], removed: Sequence[Section]) -> int:
    end = section.end
    while further := next((other.end for other in removed if other.start == end < other.end and other.depth <= section.depth), None):
        end = further
    return min(end, next((other.start for other in following if other.depth <= section.depth), end))
