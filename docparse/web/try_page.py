"""Trying the parser: a file is parsed, shown and forgotten."""

from __future__ import annotations

import re
from typing import Any, Literal

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import Response

from docparse.record import Record
from docparse.web.document_view import build_view
from docparse.web.errors import Refused
from docparse.web.findings import KINDS, days
from docparse.web.settings import WebSettings
from docparse.web.templating import page
from docparse.web.upload import CHARACTERS, PAGES

router = APIRouter()
ACCEPTED = ".pdf,.docx,.doc,.txt"
HEADER = ("doc_type", "number", "issuer", "parent_issuer", "place", "date", "title", "addressees", "urgency", "secrecy")
MOST_ROWS = 300  # of each table
MOST_JSON = 400_000  # characters on the page; the file has all
NOT_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@router.get("/try")
def try_page(request: Request) -> Response:
    """The form."""
    return page(request, "try.html", record=None, problem=None, **_limits(request))


@router.post("/try")
def try_file(request: Request, file: UploadFile | None = None, answer: Literal["page", "json"] = Form("page")) -> Response:
    """What the parser finds in a file, as a page or as the record itself; the file is not stored."""
    data, name = (file.file.read(), file.filename or "") if file else (b"", "")
    try:
        record: Record = request.app.state.uploads.parse(data, name)
    except Refused as error:
        return _refused(request, error)
    if answer == "json":
        headers = {"content-disposition": f'attachment; filename="{_file_name(record.source.filename)}.json"'}
        return Response(record.model_dump_json(indent=2), media_type="application/json", headers=headers)
    return page(request, "try.html", problem=None, **shown(record), **_limits(request))


def _refused(request: Request, error: Refused) -> Response:
    made = page(request, "try.html", status=error.status_code, record=None, problem=error.problem, **_limits(request))
    made.headers.update(error.headers or {})
    return made


def shown(record: Record) -> dict[str, Any]:
    """What the page shows of a record."""
    json = record.model_dump_json(indent=1)
    return {
        "record": record,
        "view": build_view(record),
        "header": [(name, value) for name in HEADER if (value := getattr(record.header, name))],
        "kinds": KINDS,
        "most": MOST_ROWS,
        "days": days,
        "json": json[:MOST_JSON],
        "json_cut": len(json) > MOST_JSON,
    }


def _limits(request: Request) -> dict[str, Any]:
    settings: WebSettings = request.app.state.settings
    limits = {"megabytes": settings.max_upload_bytes // 1_000_000, "pages": PAGES, "characters": CHARACTERS, "seconds": int(settings.upload_seconds)}
    return {"limits": limits, "accepted": ACCEPTED}


def _file_name(name: str) -> str:
    """The name of the file with the record: letters that every header and every disk takes.

    >>> _file_name("Kế hoạch 47.pdf"), _file_name('"; x="')
    ('K-ho-ch-47.pdf', 'x')
    """
    return NOT_IN_NAME.sub("-", name).strip("-.")[:100] or "record"
