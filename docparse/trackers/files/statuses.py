"""How far a task is, in the words of the tables in which offices follow up tasks, and how many tasks each agency has of each kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, get_args

from docparse.lexicon import load_rows
from docparse.query.tasks import TaskLine
from docparse.store.rows import fold
from docparse.trackers.tracked import TrackedTask
from docparse.words import lower, old_tone, squeeze

Status = Literal["not_started", "in_progress", "due_soon", "overdue", "done_on_time", "done_late", "done", "no_deadline", "recurring", "cancelled"]
Kind = Literal["done", "running", "overdue", "undated", "cancelled"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SOON_DAYS = 7
NOBODY = "Chưa rõ đơn vị chủ trì"


def status_of(task: TaskLine, today: dt.date) -> Status:
    """The status of a task on a day; `due_soon` is that day and the seven days after it.

    A task that is done and has no deadline is done on time; where the day of one of both is not known, it is done.
    """
    match task.progress:
        case "cancelled":
            return "cancelled"
        case "done":
            return _done(task)
    day = today.isoformat()
    if task.last_day is not None and task.last_day < day:
        return "overdue"
    if task.last_day is not None and task.last_day <= (today + dt.timedelta(days=SOON_DAYS)).isoformat():
        return "due_soon"
    if task.progress == "doing":
        return "in_progress"
    if task.last_day is not None:
        return "not_started"
    return "recurring" if task.recurrence else "not_started" if task.first_day else "no_deadline"


def _done(task: TaskLine) -> Status:
    if task.last_day is None:
        return "done" if task.recurrence or task.first_day else "done_on_time"
    if task.done_on is None:
        return "done"
    return "done_on_time" if task.done_on <= task.last_day else "done_late"


@cache
def labels() -> Mapping[Status, str]:
    """The statuses as they stand in the table, in the order of the list to choose from."""
    rows = {row["id"]: row["label"] for row in load_rows("task_statuses")}
    return {status: rows[status] for status in get_args(Status)}


def labels_of(kind: Kind) -> tuple[str, ...]:
    """The statuses that count as this kind, as they stand in the table."""
    return tuple(label for status, label in labels().items() if kind_of(status) == kind)


@cache
def kind_of(status: Status) -> Kind:
    """What a status counts as in the sums."""
    kinds = {row["id"]: row["counted_as"] for row in load_rows("task_statuses")}
    return next(kind for kind in KINDS if kind == kinds[status])


@dataclass
class Counts:
    """How many tasks there are of each kind: in all, each once, and of each lead (`of_leads`, by a name that is the same for the same agency)."""

    all: Counter[Kind] = field(default_factory=Counter)
    of_leads: dict[str, tuple[str, Counter[Kind]]] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, Counter[Kind]]]:
        """The leads with most tasks first, those of nobody last."""
        named = [(name, found) for key, (name, found) in self.of_leads.items() if key]
        rest = [self.of_leads[""]] if "" in self.of_leads else []
        return sorted(named, key=lambda row: (-row[1].total(), fold(row[0]))) + rest


def count_tasks(tasks: Iterable[TrackedTask], today: dt.date) -> Counts:
    """Count tasks; one that several agencies lead counts for each of them. An agency has the full name by which the authority list knows it."""
    counts = Counts()
    for task in tasks:
        kind = kind_of(status_of(task.line, today))
        counts.all[kind] += 1
        for key, name in dict(_leads(task)).items():
            counts.of_leads.setdefault(key, (name, Counter()))[1][kind] += 1
    return counts


def _leads(task: TrackedTask) -> list[tuple[str, str]]:
    """The leads as key and name: those of the authority list by id, others as written, whatever the case and the place of tone marks."""
    found = []
    for names in task.agencies or [(lead,) for lead in task.line.leads]:
        name = names[1] if len(names) > 2 else squeeze(names[-1])
        found.append((names[0] if len(names) > 2 else lower(old_tone(name)), name[:1].upper() + name[1:]))
    return found or [("", NOBODY)]
