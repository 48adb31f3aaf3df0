"""Statistics: documents over time and by kind, issuer, level, place, origin; two of them at once. Each as SVG and CSV."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from markupsafe import Markup
from starlette.responses import Response

from docparse.errors import QueryError
from docparse.query.facets import Count, CrossTable, Facet, crosstab, facets, series
from docparse.query.filters import Filters
from docparse.store.corpus import Corpus
from docparse.web.addresses import Address
from docparse.web.csv_files import csv_file
from docparse.web.drawing import bars, columns, standalone
from docparse.web.errors import problem_of
from docparse.web.messages import Messages
from docparse.web.parameters import Query, WantedFilters
from docparse.web.security import ReadCorpus
from docparse.web.templating import messages, page

router = APIRouter()
Chart = Literal["year", "month", "doc_type", "issuer", "level", "province", "origin", "lead", "cited"]
CHARTS: tuple[Chart, ...] = ("year", "month", "doc_type", "issuer", "level", "province", "origin", "lead", "cited")
CROSSED: tuple[Facet, ...] = ("doc_type", "issuer", "level", "province", "year", "lead", "cited", "status", "origin")
NAMED = ("level", "origin", "status")  # whose values have names in the interface
BARS, CELLS, MONTHS = 12, 12, 60
ON_PAGE = 370  # points
SHADES = 4
Crossed = Annotated[Facet, Parameter()]


@router.get("/statistics")
def statistics_page(
    request: Request, corpus: ReadCorpus, filters: WantedFilters, q: Query = "", rows: Crossed = "doc_type", across: Crossed = "year"
) -> Response:
    """All charts, and a cross table."""
    t, here = messages(request), Address.of(request)
    try:
        drawn = {name: (counts, _draw(name, counts, here, t)) for name in CHARTS if (counts := _counts(corpus, name, q, filters))}
        table, error = crosstab(corpus, rows, across, q, filters=filters, limit=CELLS), None
    except QueryError as wrong:
        drawn, table, error = {}, CrossTable((), (), ()), problem_of(wrong)
    most = max((count for row in table.counts for count in row), default=0)
    shade = {count: min(SHADES, -(-count * SHADES // most)) for row in table.counts for count in row if count} if most else {}
    crossed: dict[str, Any] = {"rows": rows, "across": across, "choices": CROSSED, "table": table, "shade": shade, "named": NAMED}
    status = error.status if error else 200
    return page(request, "statistics.html", status=status, q=q, error=error, charts=drawn, label=_label, files=_files(here), **crossed)


@router.get("/statistics/{chart}.svg")
def chart_drawing(request: Request, corpus: ReadCorpus, filters: WantedFilters, chart: Chart, q: Query = "") -> Response:
    """A chart as a drawing."""
    drawn = _draw(chart, _counts(corpus, chart, q, filters), None, messages(request))
    headers = {"content-disposition": f'attachment; filename="{chart}.svg"'}
    return Response(standalone(drawn), media_type="image/svg+xml", headers=headers)


@router.get("/statistics/{chart}.csv")
def chart_numbers(request: Request, corpus: ReadCorpus, filters: WantedFilters, chart: Chart, q: Query = "") -> Response:
    """The numbers of a chart."""
    t = messages(request)
    rows = ((_label(chart, count, t), count.value, count.documents) for count in _counts(corpus, chart, q, filters))
    return csv_file(chart, (t(f"facet.{chart}"), "value", t("statistics.documents")), rows)


def _counts(corpus: Corpus, chart: Chart, query: str, filters: Filters) -> tuple[Count, ...]:
    if chart in ("year", "month"):
        return series(corpus, query, filters=filters, by="year" if chart == "year" else "month")[-MONTHS:]
    return facets(corpus, query, filters=filters, names=(chart,), limit=BARS)[chart]


def _label(name: str, count: Count, t: Messages) -> str:
    return t.of(name, count.value) if name in NAMED else t.day(count.value) if name == "month" else count.label or count.value or ""


def _draw(chart: Chart, counts: tuple[Count, ...], here: Address | None, t: Messages) -> Markup:
    rows = [(_label(chart, count, t), count.documents) for count in counts]
    links = {_label(chart, count, t): here.set("/", **{chart: count.value}) for count in counts} if here else None
    told: dict[str, Any] = {
        "title": t(f"facet.{chart}"),
        "described": t("statistics.described", name=t(f"facet.{chart}")),
        "links": links,
        "number": t.number,
    }
    wide: dict[str, Any] = {"width": ON_PAGE} if here else {}  # a file has room for more
    return columns(rows, **told, **wide) if chart in ("year", "month") else bars(rows, **told, **wide)


def _files(here: Address) -> dict[Chart, tuple[str, str]]:
    return {
        name: (here.set(f"/statistics/{name}.svg", rows=None, across=None), here.set(f"/statistics/{name}.csv", rows=None, across=None))
        for name in CHARTS
    }
