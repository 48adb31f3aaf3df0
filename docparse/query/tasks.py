"""Tasks over documents: by lead, deadline, source and status; overdue ones, those of the next days, a calendar."""

from __future__ import annotations

import datetime as dt
import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, false, func, not_, or_, select, tuple_

from docparse.days import today as this_day
from docparse.query.documents import lines
from docparse.query.filters import ALL, Filters
from docparse.query.folding import holding, holds_text
from docparse.query.language import And, Words
from docparse.query.recurrences import days_of
from docparse.query.search import Line, engine_of
from docparse.store.corpus import Corpus
from docparse.store.rows import REVIEW, fold
from docparse.store.schema import documents, receipts, task_actors, tasks
from docparse.words import WORD, squeeze

Due = Literal["overdue", "soon", "later", "recurring", "none", "done"]
DUES: tuple[Due, ...] = ("overdue", "soon", "later", "recurring", "none", "done")
FINISHED = ("done", "cancelled")
Role = Literal["lead", "support"]
DOCUMENTS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list. `first_day`, `last_day`: ISO 8601, inclusive; `due` is relative to the day asked about; `section`: labels.

    `progress` is open, doing, done or cancelled, as a tracker said last, None if none holds the task; `done_on`: ISO 8601.
    """

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
    assigner: str | None
    confidence: float
    progress: str | None
    done_on: str | None


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """Tasks that fit every filter given. `lead` and `support` match names that hold these words (marks may be left out).

    `text` is a piece of what is to be done, marks and capitals left out or not. `first_day` and `last_day` bound the last day of the deadline.
    What a reviewer corrected is certain (`min_confidence`).
    """

    lead: str = ""
    support: str = ""
    status: str = ""
    due: Due | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    text: str = ""
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of a task list."""

    total: int
    offset: int
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The day asked about, and the last day that counts as soon."""

    today: str
    soon: str

    @classmethod
    def of(cls, today: dt.date | None, soon_days: int) -> Span:
        """From `today` (default: the day that it is in Viet Nam) for so many days."""
        day = today or this_day()
        return cls(day.isoformat(), (day + dt.timedelta(days=soon_days)).isoformat())

    def due(self, last_day: str | None, recurrence: str | None, progress: str | None) -> Due:
        """How a deadline lies to the span."""
        if progress in FINISHED:
            return "done"
        if last_day is None:
            return "recurring" if recurrence else "none"
        return "overdue" if last_day < self.today else "soon" if last_day <= self.soon else "later"


def task_list(
    corpus: Corpus,
    wanted: TaskFilters = TaskFilters(),
    *,
    filters: Filters = ALL,
    today: dt.date | None = None,
    soon_days: int = 30,
    limit: int = 50,
    offset: int = 0,
) -> TaskPage:
    """Tasks by deadline, those without a last day behind them, newest document first. `soon` is from `today` for `soon_days` days."""
    span = Span.of(today, soon_days)
    with corpus.read() as connection:
        found = find_tasks(connection, _conditions(connection, wanted, filters, span), limit=limit, offset=offset)
    return build_page(corpus, found, span, offset=offset)


def count_due(
    corpus: Corpus,
    wanted: TaskFilters = TaskFilters(),
    *,
    filters: Filters = ALL,
    today: dt.date | None = None,
    soon_days: int = 30,
) -> dict[Due, int]:
    """How many tasks are overdue, soon, later, recurring or without a deadline."""
    span = Span.of(today, soon_days)
    with corpus.read() as connection:
        finished = _finished(connection)
        counts = [func.coalesce(func.sum(case((_is_due(due, span, finished), 1), else_=0)), 0) for due in DUES]
        where = _conditions(connection, wanted, filters, span)
        row = connection.execute(select(*counts).select_from(tasks).where(*where)).one()
    return {due: int(count) for due, count in zip(DUES, row, strict=True)}


def calendar(
    corpus: Corpus,
    month: dt.date,
    wanted: TaskFilters = TaskFilters(),
    *,
    filters: Filters = ALL,
    today: dt.date | None = None,
    limit: int = 500,
) -> dict[dt.date, Sequence[TaskLine]]:
    """The tasks that end on each day of a month, recurring ones on each of their days from the day of their document on.

    Days without tasks are left out. At most `limit` tasks with a deadline, and as many recurring ones, of the newest documents.
    """
    first, last = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
    span = Span.of(today, 30)
    with corpus.read() as connection:
        where = _conditions(connection, wanted, filters, span)
        ending = find_tasks(connection, [*where, tasks.c.deadline_last_day.between(first.isoformat(), last.isoformat())], limit=limit)
        recurring = find_tasks(connection, [*where, _is_due("recurring", span, _finished(connection))], limit=limit)
    days: dict[dt.date, list[TaskLine]] = defaultdict(list)
    for task in build_page(corpus, ending, span).tasks:
        days[dt.date.fromisoformat(task.last_day or "")].append(task)
    for task in build_page(corpus, recurring, span).tasks:
        since = dt.date.fromisoformat(task.document.date) if task.document.date else first
        for day in days_of(task.recurrence or "", since, first, last):
            days[day].append(task)
    return dict(sorted(days.items()))


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of tasks with their actors and what trackers say of them, and how many there are in all."""

    total: int
    rows: Sequence[Row[Any]]
    actors: dict[tuple[int, int, str], list[str]]
    progress: dict[tuple[int, str], tuple[str, str | None]]


def find_tasks(connection: Connection, where: Sequence[ColumnElement[bool]], *, limit: int, offset: int = 0) -> Found:
    """The tasks that fulfil conditions, in the order of a task list."""
    total, dated = connection.execute(select(func.count(), func.count(tasks.c.deadline_last_day)).select_from(tasks).where(*where)).one()
    newest = (documents.c.date.desc().nulls_last(), documents.c.id.desc(), tasks.c.position)
    query = select(tasks, documents.c.date).join(documents, documents.c.id == tasks.c.document_id).where(*where)
    rows: list[Row[Any]] = []
    if offset < dated:
        by_deadline = query.where(tasks.c.deadline_last_day.is_not(None)).order_by(tasks.c.deadline_last_day, *newest)
        rows += connection.execute(by_deadline.limit(limit).offset(offset))
    if offset + limit > dated and len(rows) < limit:
        others = query.where(_undated()).order_by(*newest)
        rows += connection.execute(others.limit(limit - len(rows)).offset(max(offset - dated, 0)))
    return Found(total, rows, _actors(connection, rows), _progress(connection, rows))


def every_task(corpus: Corpus, wanted: TaskFilters = TaskFilters(), *, filters: Filters = ALL, today: dt.date | None = None) -> Iterator[TaskLine]:
    """All tasks that fit, document by document, in the order in which they stand there."""
    span = Span.of(today, 30)
    with corpus.read() as connection:
        where = _conditions(connection, wanted, filters, span)
        ids = list(connection.scalars(select(tasks.c.document_id).where(*where).group_by(tasks.c.document_id).order_by(tasks.c.document_id)))
    for first in range(0, len(ids), DOCUMENTS_AT_ONCE):
        some = ids[first : first + DOCUMENTS_AT_ONCE]
        with corpus.read() as connection:
            query = select(tasks, documents.c.date).join(documents, documents.c.id == tasks.c.document_id)
            rows = connection.execute(query.where(tasks.c.document_id.in_(some), *where).order_by(tasks.c.document_id, tasks.c.position)).all()
            found = Found(len(rows), rows, _actors(connection, rows), _progress(connection, rows))
        yield from build_page(corpus, found, span).tasks


def build_page(corpus: Corpus, found: Found, span: Span, *, offset: int = 0) -> TaskPage:
    """Rows of tasks as lines of a list."""
    line = lines(corpus, [row.document_id for row in found.rows])
    return TaskPage(found.total, offset, tuple(_line(row, line[row.document_id], found, span) for row in found.rows))


def of_actors(role: Role, named: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that somebody leads or supports a task for whom `named`, a condition on `task_actors`, holds."""
    chosen = select(task_actors.c.document_id, task_actors.c.task_position).where(task_actors.c.role == role, named)
    return tuple_(tasks.c.document_id, tasks.c.position).in_(chosen)


def actor_names(connection: Connection) -> list[str]:
    """All names of those who lead or support tasks, each once: from name to next name in the index, not through all its entries."""
    first = select(func.min(task_actors.c.name).label("name")).cte("names", recursive=True)
    following = select(func.min(task_actors.c.name)).where(task_actors.c.name > first.c.name).scalar_subquery()
    names = first.union_all(select(following).where(first.c.name.is_not(None)))
    return list(connection.scalars(select(names.c.name).where(names.c.name.is_not(None))))


def _conditions(connection: Connection, wanted: TaskFilters, filters: Filters, span: Span) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.lead or wanted.support:
        names = actor_names(connection)
        if wanted.lead:
            where.append(of_actors("lead", task_actors.c.name.in_(holding(names, wanted.lead))))
        if wanted.support:
            where.append(of_actors("support", task_actors.c.name.in_(holding(names, wanted.support))))
    if wanted.status:
        where.append(tasks.c.status == wanted.status)
    if wanted.due:
        where.append(_is_due(wanted.due, span, _finished(connection)))
    if wanted.min_confidence:
        where.append(or_(tasks.c.confidence >= wanted.min_confidence, tasks.c.rule == REVIEW))
    if wanted.first_day:
        where.append(tasks.c.deadline_last_day >= wanted.first_day.isoformat())
    if wanted.last_day:
        where.append(tasks.c.deadline_last_day <= wanted.last_day.isoformat())
    if text := squeeze(wanted.text):
        where += [tasks.c.document_id.in_(_documents_with(connection, text)), *holds_text(tasks.c.action, text)]
    if (condition := filters.condition()) is not None:
        where.append(tasks.c.document_id.in_(select(documents.c.id).where(condition)))
    return where


def _documents_with(connection: Connection, text: str) -> Select[Any]:
    """The documents that hold all words of a text, by the full-text index: others need not be read."""
    words = tuple(Words((word,)) for word in WORD.findall(fold(text)))
    found: Select[Any] = engine_of(connection).matching(And(words)) if words else select(documents.c.id)
    return found


def _finished(connection: Connection) -> ColumnElement[bool]:
    """The condition that a tracker says of a task that it is done or cancelled."""
    said = receipts.c.progress.in_(FINISHED)
    if not connection.scalar(select(receipts.c.id).where(said).limit(1)):
        return false()  # the engines leave it out: most corpora have no tracker
    ended = select(documents.c.id, receipts.c.task_id).join(receipts, receipts.c.sha256 == documents.c.sha256).where(said)
    return tuple_(tasks.c.document_id, tasks.c.id).in_(ended)


def _is_due(due: Due, span: Span, finished: ColumnElement[bool]) -> ColumnElement[bool]:
    return finished if due == "done" else and_(_lies(due, span), not_(finished))


def _lies(due: Due, span: Span) -> ColumnElement[bool]:
    last_day, recurrence = tasks.c.deadline_last_day, tasks.c.deadline_recurrence
    match due:
        case "overdue":
            return last_day < span.today
        case "soon":
            return last_day.between(span.today, span.soon)
        case "later":
            return last_day > span.soon
        case "recurring":
            return and_(last_day.is_(None), recurrence.is_not(None))
        case _:
            return and_(_undated(), recurrence.is_(None))


def _undated() -> ColumnElement[bool]:
    """No last day. Most tasks have none: the expression keeps SQLite from going through all of them instead of the newest documents'."""
    return func.coalesce(tasks.c.deadline_last_day, "") == ""


def _actors(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[int, int, str], list[str]]:
    chosen = (task_actors.c.document_id, "document_id"), (task_actors.c.task_position, "position")
    columns = (task_actors.c.document_id, task_actors.c.task_position, task_actors.c.role, task_actors.c.name)
    query = select(*columns).where(*(column.in_({getattr(row, name) for row in rows}) for column, name in chosen))
    found: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for document_id, position, role, name in connection.execute(query.order_by(*columns[:3], task_actors.c.position)):
        found[document_id, position, role].append(name)
    return found


def _progress(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[int, str], tuple[str, str | None]]:
    """What the trackers said last of tasks, by document and id."""
    columns = (documents.c.id, receipts.c.task_id, receipts.c.progress, receipts.c.done_on)
    query = select(*columns).join(receipts, receipts.c.sha256 == documents.c.sha256)
    query = query.where(documents.c.id.in_({row.document_id for row in rows}), receipts.c.progress.is_not(None)).order_by(
        receipts.c.heard.nulls_first()
    )
    return {(document_id, task_id): (progress, done_on) for document_id, task_id, progress, done_on in connection.execute(query)}


def _line(row: Row[Any], document: Line, found: Found, span: Span) -> TaskLine:
    progress, done_on = found.progress.get((row.document_id, row.id), (None, None))
    leads, supports = (tuple(found.actors.get((row.document_id, row.position, role), ())) for role in ("lead", "support"))
    return TaskLine(
        document=document,
        id=row.id,
        position=row.position,
        action=row.action,
        status=row.status,
        leads=leads,
        supports=supports,
        deadline=row.deadline,
        first_day=row.deadline_first_day,
        last_day=row.deadline_last_day,
        recurrence=row.deadline_recurrence,
        section=tuple(json.loads(row.section)),
        page=row.page,
        due=span.due(row.deadline_last_day, row.deadline_recurrence, progress),
        assigner=row.assigner,
        confidence=1.0 if row.rule == REVIEW else row.confidence,
        progress=progress,
        done_on=done_on,
    )
