"""The document view and what belongs to it: one finding, the record, comparison with another document."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi import Query as Parameter
from starlette.responses import Response

from docparse.errors import MissingEntry, QueryError
from docparse.lexicon import rule_sources
from docparse.query.documents import Document, document
from docparse.query.passages import Comparison, compare, similar
from docparse.record import Record
from docparse.review.store import corrections_of
from docparse.web.correction_forms import fields_of
from docparse.web.document_view import PDF, View, build_view
from docparse.web.findings import Finding, days, findings, missing_field
from docparse.web.highlights import Range, marked
from docparse.web.images import has_original
from docparse.web.parameters import DocumentId, Query
from docparse.web.security import ReadCorpus, user
from docparse.web.templating import page

router = APIRouter()
FindingName = Annotated[str, Path(max_length=60, pattern=r"^[a-z]+-[a-z0-9_]+$")]
LIKE = 5  # similar documents shown


@router.get("/documents/{document_id}")
def document_page(
    request: Request,
    corpus: ReadCorpus,
    document_id: DocumentId,
    q: Query = "",
    at: Annotated[int | None, Parameter(ge=0, le=2**31 - 1)] = None,
    finding: Annotated[str, Parameter(max_length=60)] = "",
) -> Response:
    """The page images beside the text, with everything that was found."""
    found = document(corpus, document_id)
    view = _view(found.record, q, at)
    images = found.record.source.media_type == PDF and has_original(corpus, document_id)
    values = {
        "document": found,
        "view": view,
        "q": q,
        "images": images,
        "lost": found.record.source.media_type == PDF and not images,
        "corrections": corrections_of(corpus, document_id),
        **_panel(request, found.record, view.find(finding) or missing_field(finding), document_id, found),
    }
    return page(request, "document.html", **values)


@router.get("/documents/{document_id}/findings/{name}")
def finding_panel(request: Request, corpus: ReadCorpus, document_id: DocumentId, name: FindingName) -> Response:
    """One finding, for the panel beside the text."""
    found = document(corpus, document_id)
    chosen = next((one for one in findings(found.record) if one.id == name), None) or missing_field(name)
    if chosen is None:
        raise MissingEntry(name, "is not in this document")
    return page(request, "finding.html", **_panel(request, found.record, chosen, document_id, found))


def _view(record: Record, query: str, at: int | None) -> View:
    try:
        return build_view(record, query=query, at=at)
    except QueryError:
        return build_view(record)


def _panel(request: Request, record: Record, found: Finding | None, document_id: int | None, of: Document | None) -> dict[str, Any]:
    asks = user(request)
    return {
        "finding": found,
        "rows": rows_of(record, found) if found else (),
        "source": rule_sources().get(found.rule or "", "") if found else "",
        "fields": fields_of(record, found) if found and asks and asks.may("reviewer") else (),
        "link": next((link for link in of.links if link.position == int(found.key)), None) if of and found and found.kind == "citation" else None,
        "document_id": document_id,
    }


def rows_of(record: Record, found: Finding) -> list[tuple[str, str]]:
    """What is known of a finding, as (name of the field, value); empty fields are left out."""
    if found.kind == "header":
        return [(found.key, found.value)]
    if found.kind == "problem":
        problem = record.problems[int(found.key)]
        return [("code", problem.code), ("message", problem.message), *([("raw", problem.raw)] if problem.raw else [])]
    of = {"citation": record.citations, "date": record.dates, "agency": record.agencies, "task": record.tasks, "signer": record.signers}
    model = (record.sections if found.kind == "section" else of[found.kind])[int(found.key)]
    values = model.model_dump(mode="json", exclude={"start", "end", "rule", "text", "page", "id", "citations", "parent"})
    if found.kind == "task" and record.tasks[int(found.key)].deadline:
        deadline = record.tasks[int(found.key)].deadline
        values["deadline"] = [deadline.text, *days(deadline)] if deadline else None
    return [(name, _said(value)) for name, value in values.items() if value not in (None, "", [], False)]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_said(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in reversed(value.items()))
    return f"{value:.0%}" if isinstance(value, float) else str(value)


@router.get("/documents/{document_id}/record.json")
def record_file(corpus: ReadCorpus, document_id: DocumentId, parsed: bool = False) -> Response:
    """The record to download: with the corrections of reviewers, or as the parser gave it."""
    found = document(corpus, document_id)
    record = found.parsed if parsed else found.record
    headers = {"content-disposition": f'attachment; filename="document-{document_id}.json"'}
    return Response(record.model_dump_json(indent=2), media_type="application/json", headers=headers)


@router.get("/documents/{document_id}/similar")
def similar_page(request: Request, corpus: ReadCorpus, document_id: DocumentId) -> Response:
    """Documents that share most of the text of this one."""
    found = similar(corpus, document_id, limit=LIKE)
    return page(request, "similar.html", similar=found, document=document(corpus, document_id))


@router.get("/documents/{document_id}/compare/{other_id}")
def compare_page(request: Request, corpus: ReadCorpus, document_id: DocumentId, other_id: DocumentId, new: bool = False) -> Response:
    """What is new in a document against another one."""
    compared = compare(corpus, document_id, other_id)
    text, other = document(corpus, document_id).record.text, document(corpus, other_id).record.text
    return page(request, "compare.html", compared=compared, pairs=_pairs(compared, text, other, only_new=new), only_new=new)


def _pairs(compared: Comparison, text: str, other: str, *, only_new: bool) -> list[dict[str, Any]]:
    pairs = []
    for passage in compared.passages:
        if only_new and passage.likeness >= 1:
            continue
        changed = [Range(start, end, "hit") for start, end in passage.changed]
        known = passage.other_start is not None and passage.other_end is not None
        pairs.append(
            {
                "passage": passage,
                "text": marked(text, changed, start=passage.start, end=passage.end),
                "other": other[passage.other_start : passage.other_end] if known else "",
            }
        )
    return pairs
