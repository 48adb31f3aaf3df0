"""The concordance: places of a word or phrase in context, counted, with its collocates."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from pydantic import BeforeValidator
from starlette.responses import Response

from docparse.errors import QueryError
from docparse.query.collocates import Collocate, collocates
from docparse.query.kwic import Concordance, CountBy, Sort, count_places, kwic
from docparse.web.addresses import Address
from docparse.web.csv_files import csv_file
from docparse.web.errors import problem_of
from docparse.web.parameters import Offset, Query, WantedFilters
from docparse.web.security import ReadCorpus
from docparse.web.templating import page

router = APIRouter()
SORTS: tuple[Sort, ...] = ("document", "left", "right", "keyword", "date")
COUNTS: tuple[CountBy, ...] = ("year", "issuer", "doc_type", "keyword")
SHOWN, COUNTED, DOWNLOADED = 50, 15, 5_000
WantedCounts = Annotated[CountBy | None, BeforeValidator(lambda value: value or None), Parameter()]  # empty: the form's first choice


@router.get("/kwic")
def kwic_page(
    request: Request,
    corpus: ReadCorpus,
    filters: WantedFilters,
    q: Query = "",
    sort: Annotated[Sort, Parameter()] = "document",
    by: WantedCounts = None,
    near: bool = False,
    offset: Offset = 0,
) -> Response:
    """Places, and what was asked of them: counts or collocates."""
    places, error = None, None
    counts: tuple[tuple[str | None, int], ...] = ()
    words: tuple[Collocate, ...] = ()
    if q.strip():
        try:
            places = kwic(corpus, q, filters=filters, sort=sort, limit=SHOWN, offset=offset)
            counts = count_places(corpus, q, filters=filters, by=by)[-COUNTED if by == "year" else 0 :][:COUNTED] if by else ()
            words = collocates(corpus, q, filters=filters) if near else ()
        except QueryError as wrong:
            error = problem_of(wrong)
    values = {"places": places, "counts": counts, "words": words, "error": error, "q": q, "sort": sort, "by": by, "near": near, "offset": offset}
    here = Address.of(request)
    file = here.set("/kwic.csv", by=None, near=None, offset=None)
    return page(
        request, "kwic.html", status=error.status if error else 200, sorts=SORTS, choices=COUNTS, limit=SHOWN, file=file, to_place=to_place, **values
    )


@router.get("/kwic.csv")
def kwic_file(corpus: ReadCorpus, filters: WantedFilters, q: Query = "", sort: Annotated[Sort, Parameter()] = "document") -> Response:
    """The places as a file, the first few thousand."""
    found = kwic(corpus, q, filters=filters, sort=sort, limit=DOWNLOADED).lines if q.strip() else ()
    header = ("left", "keyword", "right", "number", "date", "issuer", "section", "page", "document")
    rows = (
        (one.left, one.keyword, one.right, one.document.number, one.document.date, one.document.issuer, one.section, one.page, one.document.id)
        for one in found
    )
    return csv_file("kwic", header, rows)


def to_place(place: Concordance, query: str) -> str:
    """The address of a place in its document."""
    return Address(f"/documents/{place.document.id}").set(q=query, at=place.start) + "#at"
