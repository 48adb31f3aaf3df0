"""The parameters that pages and API share, with their bounds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Depends, Path
from fastapi import Query as Parameter
from pydantic import BeforeValidator, Field

from docparse.query.filters import Filters
from docparse.query.tasks import Due, TaskFilters
from docparse.web.settings import MAX_FILTER_VALUES, MAX_LIMIT, MAX_OFFSET, MAX_QUERY_CHARACTERS

MAX_VALUE_CHARACTERS = 300


def _absent_if_empty(value: object) -> object:
    """A field of a form that was left empty."""
    return value or None


def _values(description: str) -> object:
    return Parameter(max_length=MAX_FILTER_VALUES, description=f"{description} Several: any of them.")


DocumentId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of a document, as in search results.")]
Query = Annotated[str, Parameter(max_length=MAX_QUERY_CHARACTERS, description='Words, "phrases", AND, OR, NOT, prefix*, NEAR. Empty: everything.')]
Phrase = Annotated[str, Parameter(min_length=1, max_length=MAX_QUERY_CHARACTERS, description="A word or phrase.")]
Limit = Annotated[int, Parameter(ge=1, le=MAX_LIMIT, description="Most rows of the answer.")]
Offset = Annotated[int, Parameter(ge=0, le=MAX_OFFSET, description="Rows to pass over.")]
Word = Annotated[str, Parameter(max_length=MAX_VALUE_CHARACTERS)]
Value = Annotated[str, Field(max_length=MAX_VALUE_CHARACTERS)]
Year = Annotated[str, Field(pattern=r"^([0-9]{4})?$")]
Month = Annotated[str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")]
Day = Annotated[dt.date | None, BeforeValidator(_absent_if_empty)]
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2198, 12, 31)
Today = Annotated[
    dt.date | None,
    BeforeValidator(_absent_if_empty),
    Parameter(description="The day deadlines are seen from (default: today)."),
    Field(ge=FIRST_DAY, le=LAST_DAY),
]
CalendarMonth = Annotated[str, Parameter(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", description="The month shown, such as `2024-03`.")]


async def wanted_filters(
    doc_type: Annotated[list[Value], _values("Kind of document in lower case, such as `quyết định`.")] = [],  # noqa: B006
    issuer: Annotated[list[Value], _values("Id or name of the issuing agency.")] = [],  # noqa: B006
    level: Annotated[list[Value], _values("Level of the issuer: central, provincial, district, commune.")] = [],  # noqa: B006
    province: Annotated[list[Value], _values("Id of a province.")] = [],  # noqa: B006
    year: Annotated[list[Year], _values("Year of issue.")] = [],  # noqa: B006
    month: Annotated[list[Month], _values("Month of issue, such as `2024-03`.")] = [],  # noqa: B006
    cited: Annotated[list[Value], _values("Key of a document that is cited.")] = [],  # noqa: B006
    lead: Annotated[list[Value], _values("Name of who leads a task.")] = [],  # noqa: B006
    status: Annotated[list[Value], _values("Status of a task.")] = [],  # noqa: B006
    origin: Annotated[list[Value], _values("Origin of the text: text_layer, ocr, mixed, markup, plain.")] = [],  # noqa: B006
    first_day: Annotated[Day, Parameter(alias="from", description="First day of issue, ISO 8601.")] = None,
    last_day: Annotated[Day, Parameter(alias="to", description="Last day of issue, ISO 8601.")] = None,
) -> Filters:
    """Which documents the address is about: every filter fits, of several values of one filter any."""
    given = {
        "doc_type": doc_type,
        "issuer": issuer,
        "level": level,
        "province": province,
        "year": year,
        "month": month,
        "cited": cited,
        "lead": lead,
        "status": status,
        "origin": origin,
    }
    return Filters(**{name: tuple(filter(None, chosen)) for name, chosen in given.items()}, first_day=first_day, last_day=last_day)


async def wanted_tasks(
    task_lead: Annotated[Word, Parameter(description="Words of the name of who leads; marks may be left out.")] = "",
    task_support: Annotated[Word, Parameter(description="Words of the name of who supports.")] = "",
    task_status: Annotated[Word, Parameter(description="assigned or planned.")] = "",
    due: Annotated[Due | None, BeforeValidator(_absent_if_empty), Parameter(description="How the deadline lies to today.")] = None,
    due_from: Annotated[Day, Parameter(description="First day of deadlines, ISO 8601.")] = None,
    due_to: Annotated[Day, Parameter(description="Last day of deadlines, ISO 8601.")] = None,
    text: Annotated[Word, Parameter(description="Words of the task.")] = "",
) -> TaskFilters:
    """Which tasks the address is about."""
    return TaskFilters(lead=task_lead, support=task_support, status=task_status, due=due, first_day=due_from, last_day=due_to, text=text)


WantedFilters = Annotated[Filters, Depends(wanted_filters)]
WantedTasks = Annotated[TaskFilters, Depends(wanted_tasks)]
