"""Pictures of the pages of a document, drawn from its original file: found through the journal, never by a path of the request."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from sqlalchemy import select
from starlette.responses import Response

from docparse.errors import DocparseError, MissingEntry
from docparse.files import sha256_of
from docparse.ingest.archives import Budget, read_members
from docparse.ingest.sources import Skip, kind_of
from docparse.query.documents import record_json
from docparse.store.corpus import Corpus
from docparse.store.locations import from_location
from docparse.store.schema import documents, journal
from docparse.web.errors import Refused
from docparse.web.image_work import WIDTH, Busy, Painter
from docparse.web.parameters import DocumentId
from docparse.web.security import ReadCorpus

router = APIRouter()
LARGEST = 200_000_000  # bytes of an original
PICTURES_KEPT, CHECKS_KEPT, ROTATIONS_KEPT = 64, 4096, 512
INSIDE = "!/"
LOST = "has no picture: its original is not where it was, or has been changed"
painter = Painter()


@router.get("/documents/{document_id}/pages/{number}.webp")
def page_image(request: Request, corpus: ReadCorpus, document_id: DocumentId, number: Annotated[int, PathParameter(ge=1, le=100_000)]) -> Response:
    """A page as WebP, upright."""
    location, sha256, parser = _original(corpus, document_id)
    tag = f'"{sha256[:20]}-{number}-{WIDTH}"'
    headers = {"etag": tag, "cache-control": "private, max-age=86400"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    try:
        picture = _picture(location, sha256, number, _rotations(corpus, document_id, parser).get(number, 0))
    except Busy:
        raise Refused(503, "busy", "Other pages are being drawn.", "Try again in a few seconds.", headers={"Retry-After": "5"}) from None
    if picture is None:
        raise MissingEntry(f"page {number}", "cannot be drawn", hint="")
    return Response(picture, media_type="image/webp", headers=headers)


def has_original(corpus: Corpus, document_id: int) -> bool:
    """Whether there is an original with the bytes that were parsed."""
    try:
        _original(corpus, document_id)
    except MissingEntry:
        return False
    return True


def _original(corpus: Corpus, document_id: int) -> tuple[str, str, str]:
    """Location and SHA-256 of the original, and which parser read it. Raises MissingEntry if there is none any more."""
    columns = (journal.c.location, documents.c.sha256, documents.c.parser)
    places = select(*columns).join(documents, documents.c.id == journal.c.document_id).where(documents.c.id == document_id)
    with corpus.read() as connection:
        for location, sha256, parser in connection.execute(places.order_by(journal.c.id)).all():
            outer = Path(from_location(location.partition(INSIDE)[0]))
            try:
                stat = outer.stat()
            except (OSError, ValueError):
                continue
            if stat.st_size <= LARGEST and _is_same(location, sha256, stat.st_mtime_ns, stat.st_size):
                return location, sha256, parser
    raise MissingEntry(f"document {document_id}", LOST, hint="")


@lru_cache(maxsize=CHECKS_KEPT)
def _is_same(location: str, sha256: str, modified: int, size: int) -> bool:
    """Whether the bytes are those that were parsed; `modified` and `size` are there so that a changed file is looked at again."""
    try:
        with _file_of(location) as path:
            return sha256_of(path) == sha256
    except (OSError, DocparseError):
        return False


@contextmanager
def _file_of(location: str) -> Iterator[Path]:
    outer, *inner = location.split(INSIDE)
    path = Path(from_location(outer))
    with tempfile.TemporaryDirectory(prefix="docparse-pages-") as folder:
        where = outer
        for name in inner:
            kind = kind_of(path, path.name, given=True)
            if kind not in ("zip", "tar") or isinstance(kind, Skip):
                raise MissingEntry(location, LOST, hint="")
            wanted = f"{where}{INSIDE}{name}"
            path = _member(path, kind, where, from_location(name), Path(folder))
            where = wanted
        yield path


def _member(path: Path, kind: str, where: str, name: str, folder: Path) -> Path:
    budget = Budget()
    for number, member in enumerate(read_members(path, kind, location=where, into=folder, budget=budget, max_bytes=LARGEST)):  # type: ignore[arg-type]
        if member.path and member.name == name:
            kept = folder / f"member-{number}-{len(where)}"
            member.path.rename(kept)
            return kept
        if member.path:
            member.path.unlink(missing_ok=True)
    raise MissingEntry(name, LOST, hint="")


@lru_cache(maxsize=ROTATIONS_KEPT)
def _rotations(corpus: Corpus, document_id: int, parser: str) -> dict[int, int]:
    """By how much pages are turned; `parser` is there so that a document that was parsed again is looked at again."""
    pages = json.loads(record_json(corpus, document_id))["pages"]
    return {page["number"]: page["rotation"] for page in pages if page["rotation"]}


@lru_cache(maxsize=PICTURES_KEPT)
def _picture(location: str, sha256: str, number: int, rotation: int) -> bytes | None:
    with _file_of(location) as path:
        return painter.draw(path, number, rotation)
