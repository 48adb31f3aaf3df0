"""Tasks in the making, and the record's tasks made of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from docparse.find.deadlines import Times
from docparse.find.task_words import role
from docparse.lexicon import load_values
from docparse.record import Citation, Deadline, Section, Task, TaskStatus
from docparse.text import Span, Text
from docparse.words import lower, squeeze


@dataclass(slots=True)
class Draft:
    """A task in the making: its range, where the work begins, and what was read of it.

    `subject` names who gives it, where the text says so; `cued` that a word such as `giao` does. `time_line` is a line beside it that
    states the time, `time_cell` the cell of a table. `level` is that of its item. From `start` to `actor` stands what precedes the actors.
    """

    start: int
    work: int
    end: int
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    status: TaskStatus
    rule: str
    section: Section | None = None
    level: int = 0
    subject: str | None = None
    cued: bool = False
    time_line: Span | None = None
    time_cell: Span | None = None
    actor: int = 0


def build_tasks(
    text: Text, drafts: Sequence[Draft], *, sections: Sequence[Section], citations: Sequence[Citation], times: Times, issuer: str | None
) -> tuple[Task, ...]:
    """The tasks of `drafts`, in their order. The id is the address of the section and the number of the task in it."""
    parents = {section.id: section for section in sections}
    order = sorted(range(len(citations)), key=lambda index: citations[index].start)
    starts = [citations[index].start for index in order]
    counts: dict[str, int] = {}
    made = []
    for draft in drafts:
        place = draft.section.id if draft.section else "0"
        counts[place] = counts.get(place, 0) + 1
        cited = order[bisect_left(starts, draft.start) : bisect_left(starts, draft.end)]
        made.append(
            Task(
                id=f"{place}/{counts[place]}",
                start=draft.start,
                end=draft.end,
                rule=draft.rule,
                text=text.content[draft.start : draft.end],
                action=_action(text.content[draft.work : draft.end]),
                status=draft.status,
                leads=draft.leads,
                supports=draft.supports,
                deadline=_deadline(draft, times),
                section=_path(draft.section, parents),
                assigner=None if draft.status == "planned" else draft.subject or issuer,
                citations=tuple(sorted(cited)),
                confidence=_confidence(draft.rule),
                page=text.page_at(draft.start),
            )
        )
    return tuple(made)


@cache
def _confidence(rule: str) -> float:
    """How likely a task of a rule is right, by the longest beginning of its id that the lexicon has."""
    shares = load_values("task_confidence")["shares"]
    parts = rule.split(".")
    return float(next(shares[name] for size in range(len(parts), 0, -1) if (name := ".".join(parts[:size])) in shares))


def _deadline(draft: Draft, times: Times) -> Deadline | None:
    if draft.time_cell:
        return times.stated(draft.time_cell.start, draft.time_cell.end)
    own = times.within(draft.work, draft.end) or times.within(draft.start, draft.actor)
    return own or (times.stated(draft.time_line.start, draft.time_line.end) if draft.time_line else None)


def _path(section: Section | None, parents: dict[str, Section]) -> tuple[str, ...]:
    """The labels from the outermost section to this one."""
    path: list[str] = []
    while section is not None:
        path.insert(0, section.label)
        section = parents.get(section.parent) if section.parent else None
    return tuple(path)


def _action(work: str) -> str:
    """What is to be done, on one line, without a contact person in brackets."""
    spans = [match.span() for match in role("contact")[0].regex.finditer(lower(work))]
    for start, end in reversed(spans):
        work = work[:start] + work[end:]
    return squeeze(work)
