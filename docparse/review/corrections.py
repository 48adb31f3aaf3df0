"""Corrections and what they do to a record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from docparse.record import AgencyMention, Header, Mark, Record, Section, Task
from docparse.review.derived import UNREADABLE, corrected_header, labels_within, named, new_finding, resolved, within, without
from docparse.review.values import FIELDS, Kind, allowed, changed, choices, text_of
from docparse.store.rows import REVIEW
from docparse.words import lower, squeeze

__all__ = ["ADDED", "FIELDS", "Action", "Correction", "Kind", "allowed", "apply", "choices"]

Action = Literal["set", "remove", "add"]
ADDED: tuple[Kind, ...] = ("citation", "date", "agency", "task")
ATTRIBUTES: dict[Kind, str] = {
    "signer": "signers",
    "section": "sections",
    "citation": "citations",
    "date": "dates",
    "agency": "agencies",
    "task": "tasks",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """What one reviewer changed. `before` and `after` are JSON values: of the field, for `remove` and `add` of the finding.

    `start`, `end` and `quote` say where the finding is; they are None for the header, `field` is None for `remove` and `add`. `made` and
    `withdrawn` are ISO 8601 in UTC. `document_id` is the id in the corpus, `sha256` the `document_id` of the record.
    """

    id: int
    sha256: str
    kind: Kind
    action: Action
    start: int | None
    end: int | None
    quote: str | None
    field: str | None
    before: Any
    after: Any
    note: str | None
    author: str
    made: str
    withdrawn_by: str | None = None
    withdrawn: str | None = None
    document_id: int | None = None

    @property
    def holds(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn is None


@dataclass(slots=True)
class Finding:
    """A finding while corrections are applied: what the parser gave, or the range of an added one, and the values that replace its own."""

    kind: Kind
    given: Mark
    quote: str
    added: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    removed: bool = False

    @property
    def now(self) -> Mark:
        """The finding with its new values."""
        made = changed(self.given, {**self.values, "rule": REVIEW}) if self.values or self.added else self.given
        assert isinstance(made, Mark)
        if isinstance(made, AgencyMention) and (self.added or {"name", "collective"} & self.values.keys()):
            return named(made, self.values)
        return made

    def starts_in(self, other: Mark) -> bool:
        """Whether it starts in the range of another finding."""
        return other.start <= self.given.start < other.end


def apply(record: Record, corrections: Sequence[Correction]) -> tuple[Record, list[Correction]]:
    """The record with those corrections that hold, in the order of their ids, and those that found no place in it.

    A finding is known again by its range and text; where the text before it has changed, by its text nearest to the old place. What was
    corrected or added has the rule `review`. What hangs together follows: keys of citations, ids of agencies, sections of findings, the
    citations of a task. Without corrections the record is given back as it is.
    """
    holding = sorted((correction for correction in corrections if correction.holds), key=lambda correction: correction.id)
    if not holding:
        return record, []
    sheet = Sheet(record)
    unplaced = [correction for correction in holding if not sheet.take(correction)]
    return (record if len(unplaced) == len(holding) else sheet.record()), unplaced


class Sheet:
    """The findings of a record, on which corrections are taken one after another."""

    def __init__(self, parsed: Record) -> None:
        self.parsed = parsed
        self.header: dict[str, Any] = {}
        self.findings = {kind: [Finding(kind, found, text_of(found, parsed.text)) for found in _all(parsed, kind)] for kind in ATTRIBUTES}

    def take(self, correction: Correction) -> bool:
        """Take a correction; false if it finds no place, or its value fits the record no more."""
        try:
            match correction:
                case Correction(kind="header"):
                    changed(self.parsed.header, {str(correction.field): correction.after})
                    self.header[str(correction.field)] = correction.after
                    return True
                case Correction(action="add"):
                    return self._add(correction)
            found = self._find(correction)
            if found is None:
                return False
            if correction.action == "remove":
                found.removed = True
            else:
                changed(found.given, {str(correction.field): correction.after})
                found.values[str(correction.field)] = correction.after
        except ValidationError:
            return False
        return True

    def at(self, kind: Kind, start: int, end: int) -> list[Finding]:
        """The findings with this range that were not removed."""
        return [found for found in self.findings[kind] if not found.removed and (found.given.start, found.given.end) == (start, end)]

    def _find(self, correction: Correction) -> Finding | None:
        start, end, quote = _place(correction)
        same = [found for found in self.findings[correction.kind] if not found.removed and _same(found.quote, quote)]
        for found in same:
            if found.given.start == start and (found.given.end == end or isinstance(found.given, Section)):
                return found
        there, words = squeeze(lower(self.parsed.text[start:end])), squeeze(lower(quote))
        in_list = correction.kind == "agency" and there and words.endswith(f" {there}")
        if there.startswith(words) or in_list:  # the text has not moved, the finding is gone: the same words elsewhere are another one
            return None
        return min(same, key=lambda found: abs(found.given.start - start), default=None)

    def _add(self, correction: Correction) -> bool:
        place = _nearest(self.parsed.text, *_place(correction))
        if place is None:
            return False
        given = new_finding(self.parsed, correction.kind, *place, name=f"r{correction.id}", values=correction.after)
        changed(given, correction.after)
        quote = text_of(given, self.parsed.text)
        known = next((found for found in self.at(correction.kind, *place) if _same(found.quote, quote)), None)
        if known:  # the parser finds it too by now
            known.values.update(correction.after)
        else:
            findings = self.findings[correction.kind]
            index = next((index for index, found in enumerate(findings) if found.given.start > given.start), len(findings))
            findings.insert(index, Finding(correction.kind, given, quote, added=True, values=dict(correction.after)))
        return True

    def record(self) -> Record:
        """The record as it is now."""
        parsed, header = self.parsed, corrected_header(self.parsed, self.header)
        sections, around = without(self._now("section"), self._removed_sections())
        made = {kind: [_inside(found, around) for found in self._now(kind)] for kind in ("citation", "date", "agency")}
        rules = [found.given.rule for found in self._left("citation")]
        tasks = [self._task(found, header, sections, around) for found in self._left("task")]
        settled = {UNREADABLE[name] for name, value in self.header.items() if name in UNREADABLE and value}
        return parsed.model_copy(
            update={
                "header": header,
                "signers": tuple(self._now("signer")),
                "sections": sections,
                "citations": tuple(resolved(made["citation"], rules, header)),
                "dates": tuple(made["date"]),
                "agencies": tuple(made["agency"]),
                "tasks": tuple(tasks),
                "problems": tuple(problem for problem in parsed.problems if problem.code not in settled),
            }
        )

    def _left(self, kind: Kind) -> list[Finding]:
        return [found for found in self.findings[kind] if not found.removed]

    def _removed_sections(self) -> list[Any]:
        return [found.given for found in self.findings["section"] if found.removed]

    def _now(self, kind: Kind) -> list[Any]:
        return [found.now for found in self._left(kind)]

    def _task(self, found: Finding, header: Header, sections: Sequence[Section], around: Mapping[str, str | None]) -> Task:
        """A task with the citations, the labels of the sections and the giver that it has now."""
        task: Task = found.now  # type: ignore[assignment]
        update: dict[str, Any] = {"citations": self._cited(found)}
        if any(section.removed or section.values for section in self.findings["section"]):
            update["section"] = labels_within(sections, within(task.id.rpartition("/")[0], around))
        if task.status == "planned":
            update["assigner"] = None
        elif task.assigner == self.parsed.header.issuer or (task.assigner is None and "status" in found.values):
            update["assigner"] = header.issuer
        return task.model_copy(update=update)

    def _cited(self, task: Finding) -> tuple[int, ...]:
        """The places of the task's citations among those that are left and added."""
        given: Task = task.given  # type: ignore[assignment]
        old = [found for found in self.findings["citation"] if not found.added]
        kept = {id(old[index]) for index in given.citations}
        left = enumerate(self._left("citation"))
        return tuple(index for index, found in left if id(found) in kept or ((task.added or found.added) and found.starts_in(given)))


def _all(record: Record, kind: Kind) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(record, ATTRIBUTES[kind])
    return found


def _inside(found: Any, around: Mapping[str, str | None]) -> Any:
    """A finding in the section around that in which it stood, where that was removed."""
    return found.model_copy(update={"section": within(found.section, around)}) if found.section in around else found


def _place(correction: Correction) -> tuple[int, int, str]:
    assert correction.start is not None
    assert correction.end is not None
    return correction.start, correction.end, correction.quote or ""


def _same(one: str, other: str) -> bool:
    return squeeze(one) == squeeze(other)


def _nearest(text: str, start: int, end: int, quote: str) -> tuple[int, int] | None:
    """Where the words of `quote` stand: at the range, else nearest to it; white space may differ. None if nowhere."""
    if _same(text[start:end], quote):
        return start, end
    words = re.compile(r"\s+".join(map(re.escape, quote.split())))
    return min((match.span() for match in words.finditer(text)), key=lambda span: abs(span[0] - start), default=None)
