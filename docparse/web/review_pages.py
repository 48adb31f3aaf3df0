"""Corrections: made and withdrawn in the document view, listed, exported as gold files."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, Request
from fastapi import Path as PathParameter
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from docparse.errors import CorrectionError
from docparse.query.documents import lines
from docparse.review.corrections import Kind
from docparse.review.gold import export_gold
from docparse.review.store import correct, corrections_of, recent, withdraw
from docparse.trackers.ledger import held
from docparse.web.correction_forms import value_from
from docparse.web.parameters import DocumentId
from docparse.web.security import ReadCorpus, Reviewer, WriteCorpus
from docparse.web.templating import page

router = APIRouter()
SHOWN = 50
FINDING = re.compile(r"[a-z]+-[a-z0-9_]{1,40}")
LONGEST_FIELD = 20_000  # characters


@router.post("/documents/{document_id}/corrections")
async def make_correction(request: Request, corpus: WriteCorpus, reviewer: Reviewer, document_id: DocumentId) -> Response:
    """Correct a field, remove a false finding, add a missed one; back to the document."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    if any(len(value) > LONGEST_FIELD for value in form.values()):
        raise CorrectionError("correction", f"has a field of more than {LONGEST_FIELD:,} characters")
    await run_in_threadpool(_correct, corpus, document_id, form, reviewer.name)
    if form.get("back") == "review":
        return RedirectResponse("/review", 303)
    finding = form.get("finding", "")
    return RedirectResponse(f"/documents/{document_id}" + (f"?finding={finding}" if FINDING.fullmatch(finding) else "") + "#panel", 303)


def _correct(corpus: Any, document_id: int, form: dict[str, str], author: str) -> None:
    kind, action, field = cast(Kind, form.get("kind", "")), form.get("action", "set"), form.get("field") or None
    values: dict[str, Any] = {"start": _number(form, "start"), "end": _number(form, "end"), "quote": form.get("quote") or None}
    if action == "set":
        values |= {"field": field, "value": value_from(field or "", form)}
        if "seen" in form:
            values["seen"] = _seen(form["seen"])
    elif action == "add":
        names = [name.removeprefix("add_") for name in form if name.startswith("add_")]
        given = {name: value_from(name, {"value": form[f"add_{name}"]}) for name in names}
        values["value"] = {name: value for name, value in given.items() if value}
        values.pop("quote")
    correct(corpus, document_id, kind, cast(Any, action), author=author, note=form.get("note") or None, **values)


def _number(form: dict[str, str], name: str) -> int | None:
    value = form.get(name, "").strip()
    if value and not (value.isascii() and value.isdigit() and len(value) < 10):
        raise CorrectionError("correction", f"has {name} {value[:20]!r}, which is no place in the text")
    return int(value) if value else None


def _seen(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise CorrectionError("correction", "came with a form that cannot be read", hint="Open the document again.") from error


@router.post("/documents/{document_id}/corrections/{correction_id}/withdraw")
def withdraw_correction(
    corpus: WriteCorpus,
    reviewer: Reviewer,
    document_id: DocumentId,
    correction_id: Annotated[int, PathParameter(ge=1, le=2**53)],
    back: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Take a correction back; what the parser gave, or an older correction, holds again."""
    if correction_id not in {made.id for made in corrections_of(corpus, document_id)}:
        raise CorrectionError(f"correction {correction_id}", "is none of this document")
    withdraw(corpus, correction_id, author=reviewer.name)
    return RedirectResponse("/review" if back == "review" else f"/documents/{document_id}#corrections", 303)


@router.get("/review")
def review_page(request: Request, corpus: ReadCorpus, reviewer: Reviewer, before: int | None = None) -> Response:
    """Tasks that wait for somebody to say whether they are any, and the newest corrections."""
    made, waiting = recent(corpus, limit=SHOWN, before=before), held(corpus)
    ids = {one.document_id for one in made if one.document_id} | {task.document_id for task in waiting[:SHOWN]}
    found = lines(corpus, sorted(ids))
    more = made[-1].id if len(made) == SHOWN else None
    return page(request, "review.html", corrections=made, waiting=waiting, shown=SHOWN, lines=found, more=more)


@router.get("/review/gold.zip")
def gold_files(corpus: ReadCorpus, reviewer: Reviewer) -> Response:
    """The reviewed documents as gold files for docparse evaluate, with their inputs."""
    with tempfile.TemporaryDirectory(prefix="docparse-gold-") as folder:
        made = export_gold(corpus, Path(folder) / "gold")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in made.files:
                archive.write(path, path.relative_to(folder))
    return Response(packed.getvalue(), media_type="application/zip", headers={"content-disposition": 'attachment; filename="gold.zip"'})
