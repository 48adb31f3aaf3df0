"""Tasks: a list with its file, a board by deadline, a calendar, a timeline."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from pydantic import BeforeValidator
from starlette.responses import Response, StreamingResponse

from docparse.days import today as this_day
from docparse.export.cells import csv_lines
from docparse.frames import table
from docparse.query.facets import Facet, facets
from docparse.query.filters import Filters
from docparse.query.tasks import DUES, Due, TaskFilters, TaskLine, TaskPage, calendar, count_due, task_list
from docparse.store.corpus import Corpus
from docparse.web.addresses import Address
from docparse.web.parameters import Limit, Offset, Today, WantedFilters, WantedTasks
from docparse.web.security import ReadCorpus
from docparse.web.templating import messages, page
from docparse.web.timelines import timeline

router = APIRouter()
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
VIEWS = (("list", "/tasks"), ("board", "/tasks/board"), ("calendar", "/tasks/calendar"), ("timeline", "/tasks/timeline"))
OF_A_VIEW = ("due", "by", "calendar_month", "day", "limit", "offset")
TASK_NAMES = ("text", "task_lead", "task_support", "task_status", "due_from", "due_to")
FROM_CORPUS: tuple[Facet, ...] = ("doc_type", "issuer", "year")
CHOICES = (*FROM_CORPUS, "level")
LEVELS = ("central", "provincial", "district", "commune")
SHORTCUTS = (30, 90, 180, 365)  # days of a timeline
ON_BOARD, IN_CELL, OF_DAY, IN_CALENDAR, IN_TIMELINE = 20, 4, 100, 500, 40  # tasks
FIRST_ROWS, MORE_ROWS = 500, 5_000  # of a file, at a time

CalendarMonth = Annotated[str, Parameter(pattern=r"^((19|20)[0-9]{2}-(0[1-9]|1[0-2]))?$")]
DayOfMonth = Annotated[int | None, BeforeValidator(lambda value: value or None), Parameter(ge=1, le=31)]


@router.get("/tasks")
def tasks_page(
    request: Request, corpus: ReadCorpus, filters: WantedFilters, wanted: WantedTasks, today: Today = None, limit: Limit = 25, offset: Offset = 0
) -> Response:
    """Tasks by deadline."""
    found = task_list(corpus, wanted, filters=filters, today=today, limit=limit, offset=offset)
    counts = count_due(corpus, replace(wanted, due=None), filters=filters, today=today)
    return page(request, "tasks.html", found=found, counts=counts, due=wanted.due, limit=limit, **_frame(request, corpus, filters, wanted, today))


@router.get("/tasks.csv")
def tasks_file(corpus: ReadCorpus, filters: WantedFilters, wanted: WantedTasks, today: Today = None) -> Response:
    """All tasks of the list, for a spreadsheet."""
    first = task_list(corpus, wanted, filters=filters, today=today, limit=FIRST_ROWS)
    headers = {"content-disposition": 'attachment; filename="tasks.csv"'}
    return StreamingResponse(_csv(corpus, first, wanted, filters, today), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/tasks/board")
def board_page(
    request: Request, corpus: ReadCorpus, filters: WantedFilters, wanted: WantedTasks, today: Today = None, by: Literal["", "lead"] = ""
) -> Response:
    """Tasks in columns by how their deadline lies to today."""
    counts = count_due(corpus, replace(wanted, due=None), filters=filters, today=today)
    columns = [
        (due, counts[due], _grouped(_first(corpus, wanted, filters, today, due) if counts[due] else (), by))
        for due in DUES
        if counts[due] or due != "done"
    ]
    return page(request, "board.html", columns=columns, by=by, most=ON_BOARD, **_frame(request, corpus, filters, wanted, today))


@router.get("/tasks/calendar")
def calendar_page(
    request: Request,
    corpus: ReadCorpus,
    filters: WantedFilters,
    wanted: WantedTasks,
    today: Today = None,
    calendar_month: CalendarMonth = "",
    day: DayOfMonth = None,
) -> Response:
    """Tasks on the days of a month on which they end."""
    start = today or this_day()
    month = dt.date.fromisoformat(f"{calendar_month}-01") if calendar_month else (wanted.first_day or start).replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    wanted = replace(wanted, due=None)
    found = calendar(corpus, month, wanted, filters=filters, today=start, limit=IN_CALENDAR)
    dated = sum(task.last_day is not None for tasks in found.values() for task in tasks)
    of_month = replace(wanted, first_day=max(month, wanted.first_day or month), last_day=min(last, wanted.last_day or last))
    total = task_list(corpus, of_month, filters=filters, limit=1).total if dated == IN_CALENDAR else dated
    recurring = count_due(corpus, wanted, filters=filters, today=start)["recurring"]
    values: dict[str, Any] = {
        "month": month,
        "weeks": _weeks(month, last),
        "days": found,
        "start": start,
        "total": total,
        "dated": dated,
        "recurring": recurring,
        "most": IN_CALENDAR,
        "in_cell": IN_CELL,
        "of_day": OF_DAY,
        "chosen_day": month.replace(day=day) if day and day <= last.day else None,
        "complete_to": max((each for each, tasks in found.items() if any(task.last_day for task in tasks)), default=last) if total > dated else last,
        "before": _month(month - dt.timedelta(days=1)),
        "after": _month(last + dt.timedelta(days=1)),
    }
    return page(request, "calendar.html", **values, **_frame(request, corpus, filters, wanted, today))


@router.get("/tasks/timeline")
def timeline_page(
    request: Request, corpus: ReadCorpus, filters: WantedFilters, wanted: WantedTasks, today: Today = None, offset: Offset = 0
) -> Response:
    """The tasks of the next days, or of others, drawn over time and listed."""
    start = today or this_day()
    first, last = _window(wanted, start)
    found = task_list(
        corpus, replace(wanted, due=None, first_day=first, last_day=last), filters=filters, today=today, limit=IN_TIMELINE, offset=offset
    )
    groups = _grouped(found.tasks, "lead")
    here = Address.of(request)
    shortcuts = [(days, here.set(due_from=first, due_to=_later(first, days - 1)), _later(first, days - 1) == last) for days in SHORTCUTS]
    drawn = timeline(groups, first, last, today=start, t=messages(request), link=task_link) if found.tasks else None
    values: dict[str, Any] = {
        "found": found,
        "groups": groups,
        "first": first,
        "last": last,
        "drawn": drawn,
        "shortcuts": shortcuts,
    }
    return page(request, "timeline.html", limit=IN_TIMELINE, **values, **_frame(request, corpus, filters, wanted, today))


def task_link(task: TaskLine) -> str:
    """The address of a task in the document view."""
    return f"/documents/{task.document.id}?finding=task-{task.position}#page-{task.page}"


def _frame(request: Request, corpus: Corpus, filters: Filters, wanted: TaskFilters, today: dt.date | None) -> dict[str, Any]:
    """What all views have: links to the others, the form with its choices, what is chosen."""
    here = Address.of(request)
    counts = facets(corpus, filters=Filters(), names=FROM_CORPUS, limit=60)
    choices: dict[str, list[tuple[str, str | None]]] = {
        name: [(count.value, count.label or count.value) for count in counts[name] if count.value] for name in FROM_CORPUS
    }
    choices["year"].sort(reverse=True)
    choices["level"] = [(level, None) for level in LEVELS]
    labels = {(name, value): label for name, found in choices.items() for value, label in found}
    documents = {**asdict(filters), "from": filters.first_day, "to": filters.last_day}
    del documents["first_day"], documents["last_day"]
    held = {name: [str(value) for value in (values if isinstance(values, tuple) else (values,)) if value] for name, values in documents.items()}
    fields = {name: request.query_params.get(name, "") for name in (*TASK_NAMES, "today")}
    return {
        "views": [(name, here.set(path, **dict.fromkeys(OF_A_VIEW))) for name, path in VIEWS],
        "choices": {name: _with_held(choices[name], held[name]) for name in CHOICES},
        "held": held,
        "fields": fields,
        "chosen": [(name, value, labels.get((name, value)) or value) for name, values in held.items() for value in values],
        "chosen_tasks": [(name, value) for name, value in fields.items() if value],
        "asked": [*TASK_NAMES, "today", *CHOICES, "from", "to", "calendar_month", "day"],
        "task_link": task_link,
        "file": here.set("/tasks.csv", **dict.fromkeys(name for name in OF_A_VIEW if name != "due")),
    }


def _with_held(choices: Sequence[tuple[str, str | None]], held: Sequence[str]) -> list[tuple[str, str | None]]:
    known = {value for value, _ in choices}
    return [*((value, value) for value in held if value not in known), *choices]


def _first(corpus: Corpus, wanted: TaskFilters, filters: Filters, today: dt.date | None, due: Due) -> tuple[TaskLine, ...]:
    return task_list(corpus, replace(wanted, due=due), filters=filters, today=today, limit=ON_BOARD).tasks


def _grouped(tasks: Sequence[TaskLine], by: str) -> list[tuple[str | None, list[TaskLine]]]:
    """Tasks under the names of who leads them, those without a name last; not by "lead" one group without a name."""
    if by != "lead":
        return [(None, list(tasks))] if tasks else []
    ordered = sorted(tasks, key=lambda task: (not task.leads, task.leads[:1]))
    return [("; ".join(names), list(found)) for names, found in groupby(ordered, key=lambda task: task.leads)]


def _weeks(month: dt.date, last: dt.date) -> list[list[dt.date | None]]:
    """The weeks of a month, Monday first; None for days of other months."""
    days = [None] * month.weekday() + [month.replace(day=number) for number in range(1, last.day + 1)] + [None] * (6 - last.weekday())
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _month(day: dt.date) -> str | None:
    return f"{day:%Y-%m}" if 1900 <= day.year <= 2099 else None


def _window(wanted: TaskFilters, start: dt.date) -> tuple[dt.date, dt.date]:
    """The days of a timeline: as asked for, else 90 from the first one, or up to the last one."""
    first = wanted.first_day or (_later(wanted.last_day, -89) if wanted.last_day else start)
    return first, max(first, wanted.last_day or _later(first, 89))


def _later(day: dt.date, days: int) -> dt.date:
    """The day so many days later; the ends of the calendar are its bounds."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))


def _csv(corpus: Corpus, found: TaskPage, wanted: TaskFilters, filters: Filters, today: dt.date | None) -> Iterator[str]:
    """CSV as `docparse export` writes it: UTF-8 with a byte order mark, CRLF, an apostrophe before what is like a formula."""
    yield "\ufeff" + csv_lines([table(found).columns])
    while found.tasks:
        yield csv_lines(table(found).rows)
        found = task_list(corpus, wanted, filters=filters, today=today, limit=MORE_ROWS, offset=found.offset + len(found.tasks))
