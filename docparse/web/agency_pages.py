"""Agencies: the list, and a page each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from docparse.query.agencies import agencies, agency
from docparse.web.parameters import Offset, WantedFilters, Word
from docparse.web.security import ReadCorpus
from docparse.web.templating import page

router = APIRouter()
SHOWN = 50


@router.get("/agencies")
def agencies_page(request: Request, corpus: ReadCorpus, filters: WantedFilters, name: Word = "", offset: Offset = 0) -> Response:
    """Agencies by words of their names, the most mentioned first."""
    found = agencies(corpus, name, filters=filters, limit=SHOWN + 1, offset=offset)
    return page(request, "agencies.html", agencies=found[:SHOWN], more=len(found) > SHOWN, name=name, offset=offset, limit=SHOWN)


@router.get("/agencies/{agency_id:path}")
def agency_page(request: Request, corpus: ReadCorpus, agency_id: Annotated[str, Path(max_length=500)]) -> Response:
    """Who it is, was and became; what it issued; its tasks."""
    return page(request, "agency.html", agency=agency(corpus, agency_id))
