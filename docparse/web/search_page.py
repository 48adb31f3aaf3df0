"""The search page: hits with their passages, facets, a chart of years."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from markupsafe import Markup
from starlette.responses import Response

from docparse.errors import QueryError
from docparse.query.facets import Count, Facet, facets
from docparse.query.filters import Filters
from docparse.query.search import Order, Results, Snippet, search
from docparse.web.addresses import Address
from docparse.web.drawing import columns
from docparse.web.errors import problem_of
from docparse.web.highlights import Range, marked
from docparse.web.messages import Messages
from docparse.web.parameters import Limit, Offset, Query, WantedFilters
from docparse.web.security import ReadCorpus
from docparse.web.templating import messages, page

router = APIRouter()
BESIDE: tuple[Facet, ...] = ("doc_type", "issuer", "level", "province", "cited", "lead", "status", "origin")


@router.get("/")
def search_page(
    request: Request,
    corpus: ReadCorpus,
    filters: WantedFilters,
    q: Query = "",
    order: Annotated[Order | None, Parameter()] = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> Response:
    """Documents that match, or all of them."""
    chosen: Order = order or ("relevance" if q else "newest")
    try:
        results = search(corpus, q, filters=filters, order=chosen, limit=limit, offset=offset)
        counts = facets(corpus, q, filters=filters, names=(*BESIDE, "year"), limit=8)
        error = None
    except QueryError as wrong:
        results, counts, error = Results(q, 0, 0, ()), {}, problem_of(wrong)
    years = counts.pop("year", ())
    values = {
        "q": q,
        "order": chosen,
        "limit": limit,
        "results": results,
        "counts": {name: counts.get(name, ()) for name in BESIDE},
        "chosen": _chosen(filters, counts),
        "years": _years(request, years, messages(request)),
        "error": error,
        "snippet": marked_snippet,
        "to_passage": lambda hit, snippet: _to_passage(hit.document.id, snippet, q),
        "empty_corpus": not q and filters.is_empty and not results.total,
    }
    return page(request, "search.html", status=error.status if error else 200, **values)


def marked_snippet(snippet: Snippet) -> Markup:
    """The text of a snippet with what matches marked."""
    return marked(snippet.text, [Range(start, end, "hit") for start, end in snippet.marks])


def _to_passage(document_id: int, snippet: Snippet, query: str) -> str:
    at = snippet.start + (snippet.marks[0][0] if snippet.marks else 0)
    return Address(f"/documents/{document_id}").set(q=query, at=at) + "#at"


def _chosen(filters: Filters, counts: dict[Facet, tuple[Count, ...]]) -> list[tuple[str, str, str | None]]:
    """The filters as (name, value, label); the label is that of the facet, where it is known."""
    named = replace(filters, first_day=None, last_day=None)
    labels = {(name, count.value): count.label for name, found in counts.items() for count in found}
    names = (*BESIDE, "year", "month")
    found = [(name, value, labels.get((name, value))) for name in names for value in getattr(named, name)]
    bounds = (("from", filters.first_day), ("to", filters.last_day))
    return found + [(name, day.isoformat(), None) for name, day in bounds if day]


def _years(request: Request, counts: tuple[Count, ...], t: Messages) -> Markup | None:
    known = [(count.value, count.documents) for count in counts if count.value]
    if len(known) < 2:
        return None
    first, last = int(known[0][0]), int(known[-1][0])
    by_year = dict(known)
    rows = [(str(year), by_year.get(str(year), 0)) for year in range(first, last + 1)]
    here = Address.of(request)
    links = {year: here.without("year", year) if here.has("year", year) else here.plus("year", year) for year, _ in rows}
    return columns(rows, title=t("search.by_year"), described=t("search.by_year_long"), links=links, width=270, height=110, number=t.number)
