"""The HTML pages: one router of those of each module, the help page, and the page of an error."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from docparse.web import (
    account_pages,
    agency_pages,
    charts,
    citation_pages,
    document_page,
    images,
    kwic_page,
    review_pages,
    search_page,
    task_pages,
    try_page,
)
from docparse.web.errors import Problem
from docparse.web.templating import page

router = APIRouter(include_in_schema=False)
for part in (search_page, document_page, images, task_pages, agency_pages, citation_pages, charts, kwic_page, review_pages, try_page, account_pages):
    router.include_router(part.router)


@router.get("/help")
def help_page(request: Request) -> Response:
    """How searches are written, and the keys."""
    return page(request, "help.html")


def error_page(request: Request, problem: Problem) -> Response:
    """What went wrong, and what to do."""
    return page(request, "error.html", status=problem.status, problem=problem)
