"""Pictures of the pages of a document, drawn from its original file: found through the journal, never by a path of the request."""

from __future__ import annotations

import hashlib
import io
import tempfile
import threading
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
from docparse.ingest.archives import Budget, read_members
from docparse.ingest.sources import Skip, kind_of
from docparse.query.documents import record_json
from docparse.record import Record
from docparse.store.corpus import Corpus
from docparse.store.locations import from_location
from docparse.store.schema import documents, journal
from docparse.web.parameters import DocumentId
from docparse.web.security import ReadCorpus

router = APIRouter()
WIDTH = 1100  # pixels
MOST_PIXELS = 4_000_000
LARGEST = 200_000_000  # bytes of an original
QUALITY = 70
PICTURES_KEPT, CHECKS_KEPT = 64, 4096
INSIDE = "!/"
LOST = "has no picture: its original is not where it was, or has been changed"
_drawing = threading.Lock()  # PDFium is for one thread at a time


@router.get("/documents/{document_id}/pages/{number}.webp")
def page_image(request: Request, corpus: ReadCorpus, document_id: DocumentId, number: Annotated[int, PathParameter(ge=1, le=100_000)]) -> Response:
    """A page as WebP, upright."""
    path, sha256 = _original(corpus, document_id)
    tag = f'"{sha256[:20]}-{number}-{WIDTH}"'
    headers = {"etag": tag, "cache-control": "private, max-age=86400"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    rotation = _rotation(corpus, document_id, number)
    return Response(_picture(path, sha256, number, rotation), media_type="image/webp", headers=headers)


def has_original(corpus: Corpus, document_id: int) -> bool:
    """Whether there is an original with the bytes that were parsed."""
    try:
        _original(corpus, document_id)
    except MissingEntry:
        return False
    return True


def _original(corpus: Corpus, document_id: int) -> tuple[str, str]:
    """Location and SHA-256 of the original. Raises MissingEntry if there is none any more."""
    places = (
        select(journal.c.location, documents.c.sha256).join(documents, documents.c.id == journal.c.document_id).where(documents.c.id == document_id)
    )
    with corpus.read() as connection:
        for location, sha256 in connection.execute(places.order_by(journal.c.id)).all():
            outer = Path(from_location(location.partition(INSIDE)[0]))
            try:
                stat = outer.stat()
            except (OSError, ValueError):
                continue
            if stat.st_size <= LARGEST and _is_same(location, sha256, stat.st_mtime_ns, stat.st_size):
                return location, sha256
    raise MissingEntry(f"document {document_id}", LOST, hint="")


@lru_cache(maxsize=CHECKS_KEPT)
def _is_same(location: str, sha256: str, modified: int, size: int) -> bool:
    """Whether the bytes are those that were parsed; `modified` and `size` are there so that a changed file is looked at again."""
    try:
        with _bytes_of(location) as data:
            return hashlib.sha256(data).hexdigest() == sha256
    except (OSError, DocparseError):
        return False


@contextmanager
def _bytes_of(location: str) -> Iterator[bytes]:
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
        yield path.read_bytes()


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


def _rotation(corpus: Corpus, document_id: int, number: int) -> int:
    pages = Record.model_validate_json(record_json(corpus, document_id)).pages
    return next((page.rotation for page in pages if page.number == number), 0)


@lru_cache(maxsize=PICTURES_KEPT)
def _picture(location: str, sha256: str, number: int, rotation: int) -> bytes:
    import pypdfium2 as pdfium

    with _bytes_of(location) as data, _drawing:
        try:
            with pdfium.PdfDocument(data) as document:
                document.init_forms()
                if number > len(document):
                    raise MissingEntry(f"page {number}", "is not in this document", hint="")
                page = document[number - 1]
                width, height = page.get_size()
                scale = min(WIDTH / max(width, 1), (MOST_PIXELS / max(width * height, 1)) ** 0.5)
                drawn = page.render(scale=scale, rotation=rotation, may_draw_forms=True).to_pil()
        except pdfium.PdfiumError as error:
            raise MissingEntry(f"page {number}", "cannot be drawn", hint="") from error
    file = io.BytesIO()
    drawn.convert("RGB").save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()
