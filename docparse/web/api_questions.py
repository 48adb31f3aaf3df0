"""Questions to the whole corpus: search, counts, concordance, citations, agencies, tasks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi import Query as Parameter

from docparse.query import agencies, citations, collocates, facets, kwic, search, tasks
from docparse.record import Relation
from docparse.web.parameters import CalendarMonth, Limit, Offset, Phrase, Query, Today, WantedFilters, WantedTasks, Word
from docparse.web.security import ReadCorpus

router = APIRouter()

SoonDays = Annotated[int, Parameter(ge=1, le=366, description="Days from today that count as soon.")]
AgencyId = Annotated[str, Path(max_length=500, description="Id of an agency, as in lists.")]


@dataclass(frozen=True, slots=True)
class Places:
    """How many places of a word or phrase have a value; null: it is not known."""

    value: str | None
    places: int


@router.get("/search", tags=["search"])
def find(
    corpus: ReadCorpus, filters: WantedFilters, q: Query = "", order: search.Order = "relevance", limit: Limit = 10, offset: Offset = 0
) -> search.Results:
    """Documents that match, with the passages that match."""
    return search.search(corpus, q, filters=filters, order=order, limit=limit, offset=offset)


@router.get("/facets", tags=["counts"])
def count(
    corpus: ReadCorpus,
    filters: WantedFilters,
    q: Query = "",
    name: Annotated[list[facets.Facet], Parameter(max_length=len(facets.FACETS), description="Facets to count; all if none is given.")] = [],  # noqa: B006
    limit: Limit = 10,
) -> dict[facets.Facet, tuple[facets.Count, ...]]:
    """The most frequent values of each facet among the documents that match."""
    return facets.facets(corpus, q, filters=filters, names=tuple(dict.fromkeys(name)) or facets.FACETS, limit=limit)


@router.get("/series", tags=["counts"])
def series(corpus: ReadCorpus, filters: WantedFilters, q: Query = "", by: Literal["year", "month"] = "month") -> tuple[facets.Count, ...]:
    """Documents by time of issue, gaps as 0."""
    return facets.series(corpus, q, filters=filters, by=by)


@router.get("/crosstab", tags=["counts"])
def crosstab(
    corpus: ReadCorpus, filters: WantedFilters, rows: facets.Facet, columns: facets.Facet, q: Query = "", limit: Limit = 20
) -> facets.CrossTable:
    """Documents by two facets at once."""
    return facets.crosstab(corpus, rows, columns, q, filters=filters, limit=limit)


@router.get("/kwic", tags=["concordance"])
def concordance(
    corpus: ReadCorpus,
    filters: WantedFilters,
    q: Phrase,
    sort: kwic.Sort = "document",
    width: Annotated[int, Parameter(ge=10, le=300, description="Characters of context on each side.")] = 60,
    limit: Limit = 50,
    offset: Offset = 0,
) -> kwic.Concordances:
    """A word or phrase with what stands left and right of it."""
    return kwic.kwic(corpus, q, filters=filters, sort=sort, width=width, limit=limit, offset=offset)


@router.get("/kwic/counts", tags=["concordance"])
def places(corpus: ReadCorpus, filters: WantedFilters, q: Phrase, by: kwic.CountBy = "year") -> list[Places]:
    """Places of a word or phrase by year, issuer, kind of document or spelling."""
    return [Places(value, number) for value, number in kwic.count_places(corpus, q, filters=filters, by=by)]


@router.get("/collocates", tags=["concordance"])
def neighbours(
    corpus: ReadCorpus,
    filters: WantedFilters,
    q: Phrase,
    span: Annotated[int, Parameter(ge=1, le=20, description="Words on each side.")] = 5,
    limit: Limit = 30,
) -> tuple[collocates.Collocate, ...]:
    """Words that stand near a word or phrase more often than elsewhere, best first."""
    return collocates.collocates(corpus, q, filters=filters, span=span, limit=limit)


@router.get("/cited", tags=["citations"])
def most_cited(
    corpus: ReadCorpus, filters: WantedFilters, relation: Relation | None = None, limit: Limit = 20, offset: Offset = 0
) -> tuple[citations.Cited, ...]:
    """What the documents cite most."""
    return citations.most_cited(corpus, filters=filters, relation=relation, limit=limit, offset=offset)


@router.get("/unfounded", tags=["citations"])
def unfounded(corpus: ReadCorpus, filters: WantedFilters, limit: Limit = 50) -> tuple[citations.Unfounded, ...]:
    """Documents whose basis another document of the corpus repeals or replaces."""
    return citations.unfounded(corpus, filters=filters, limit=limit)


@router.get("/agencies", tags=["agencies"])
def agency_list(
    corpus: ReadCorpus,
    filters: WantedFilters,
    name: Annotated[Word, Parameter(description="Words of the name; marks may be left out.")] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> tuple[agencies.AgencyLine, ...]:
    """Agencies by name, most mentioned first."""
    return agencies.agencies(corpus, name, filters=filters, limit=limit, offset=offset)


@router.get("/agencies/{agency_id:path}", tags=["agencies"])
def agency(corpus: ReadCorpus, agency_id: AgencyId, limit: Limit = 20) -> agencies.Agency:
    """An agency: what it was and became, what it issues, leads and supports."""
    return agencies.agency(corpus, agency_id, limit=limit)


@router.get("/tasks", tags=["tasks"])
def task_list(
    corpus: ReadCorpus,
    filters: WantedFilters,
    wanted: WantedTasks,
    today: Today = None,
    soon_days: SoonDays = 30,
    limit: Limit = 50,
    offset: Offset = 0,
) -> tasks.TaskPage:
    """Tasks by deadline."""
    return tasks.task_list(corpus, wanted, filters=filters, today=today, soon_days=soon_days, limit=limit, offset=offset)


@router.get("/tasks/counts", tags=["tasks"])
def task_counts(
    corpus: ReadCorpus, filters: WantedFilters, wanted: WantedTasks, today: Today = None, soon_days: SoonDays = 30
) -> dict[tasks.Due, int]:
    """How many tasks are overdue, soon, later, recurring or without a deadline."""
    return tasks.count_due(corpus, wanted, filters=filters, today=today, soon_days=soon_days)


@router.get("/calendar", tags=["tasks"])
def calendar(
    corpus: ReadCorpus, filters: WantedFilters, wanted: WantedTasks, calendar_month: CalendarMonth, today: Today = None
) -> dict[dt.date, list[tasks.TaskLine]]:
    """The tasks that end on each day of a month."""
    found = tasks.calendar(corpus, dt.date.fromisoformat(f"{calendar_month}-01"), wanted, filters=filters, today=today)
    return {day: list(lines) for day, lines in found.items()}
