"""Tasks over documents: by lead, deadline, source and status; overdue ones, those of the next days, a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from docparse.query.filters import ALL, Filters
from docparse.query.search import Line
from docparse.store.corpus import Corpus

Due = Literal["overdue", "soon", "later", "recurring", "none"]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list. `first_day`, `last_day`: ISO 8601, inclusive; `due` is relative to the day asked about; `section`: labels."""

    document: Line
    id: str
    position: int
    action: str
    status: str
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    deadline: str | None
    first_day: str | None
    last_day: str | None
    recurrence: str | None
    section: tuple[str, ...]
    page: int
    due: Due


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """Tasks that fit every filter given. `lead` and `support` match names that hold these words (marks may be left out)."""

    lead: str = ""
    support: str = ""
    status: str = ""
    due: Due | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of a task list."""

    total: int
    offset: int
    tasks: tuple[TaskLine, ...]


def task_list(
    corpus: Corpus,
    wanted: TaskFilters = TaskFilters(),  # noqa: B008 - frozen
    *,
    filters: Filters = ALL,
    today: dt.date | None = None,
    soon_days: int = 30,
    limit: int = 50,
    offset: int = 0,
) -> TaskPage:
    """Tasks by deadline, those without one last. `soon` is from `today` for `soon_days` days."""
    raise NotImplementedError


def count_due(
    corpus: Corpus,
    wanted: TaskFilters = TaskFilters(),  # noqa: B008 - frozen
    *,
    filters: Filters = ALL,
    today: dt.date | None = None,
    soon_days: int = 30,
) -> dict[Due, int]:
    """How many tasks are overdue, soon, later, recurring or without a deadline."""
    raise NotImplementedError


def calendar(
    corpus: Corpus,
    month: dt.date,
    wanted: TaskFilters = TaskFilters(),  # noqa: B008 - frozen
    *,
    filters: Filters = ALL,
    today: dt.date | None = None,
) -> dict[dt.date, Sequence[TaskLine]]:
    """The tasks that end on each day of a month, recurring ones on each of their days."""
    raise NotImplementedError
