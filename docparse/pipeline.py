"""The whole product in one read: a file becomes a text, finders find, a record comes out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from docparse.errors import EmptyFile, FileTooLarge, MissingFile
from docparse.find.agencies import find_agencies
from docparse.find.blocks import find_blocks
from docparse.find.citations import find_citations
from docparse.find.closing import find_closing
from docparse.find.context import place_findings
from docparse.find.dates import find_dates
from docparse.find.header import find_header
from docparse.find.sections import find_sections
from docparse.find.signature_check import check_signatures
from docparse.find.signature_roles import find_roles
from docparse.find.tasks import find_tasks
from docparse.read import PDF, media_type, read_bytes
from docparse.record import Header, LineBox, PageText, Problem, Record, Signature, Source
from docparse.settings import Settings
from docparse.text import OnPage, Page, Text, passed_over

if TYPE_CHECKING:
    from docparse.model.load import Model

SIGNED = b"/ByteRange"  # in every signature, never compressed: it counts bytes of the file


def parse_file(path: str | Path, *, settings: Settings | None = None) -> Record:
    """The record of one file, which is opened read-only. Raises a DocparseError that says what is wrong with the file and what to do."""
    path, settings = Path(path), settings or Settings()
    return parse_bytes(read_file(path, settings), location=str(path), filename=path.name, settings=settings)


def parse_bytes(data: bytes, *, location: str, filename: str, settings: Settings, on_page: OnPage = passed_over) -> Record:
    """The record of a document in memory. `location` is for messages, `filename` goes into the record.

    `on_page` is told the number of each page of a PDF when it is begun. Raises a DocparseError as `parse_file` does.
    """
    text = read_bytes(data, filename=location, settings=settings, on_page=on_page)
    if not text.content.strip() and not text.problems:
        raise EmptyFile(location, "holds no text")
    if len(text.content) > settings.max_characters:
        raise FileTooLarge(location, f"has {len(text.content):,} characters, more than {settings.max_characters:,}")
    pages = None if text.origin in {"markup", "plain"} else len(text.pages)
    source = Source(
        filename=os.fsencode(filename).decode(errors="replace"),
        media_type=media_type(data) or "",
        size=len(data),
        pages=pages,
        text_origin=text.origin,
    )
    text, signatures = _with_signatures(text, data, settings)
    return build_record(text, document_id=hashlib.sha256(data).hexdigest(), source=source, signatures=signatures, model=_model(settings))


def _model(settings: Settings) -> Model | None:
    """The trained pipeline, None where the rules are to work alone."""
    if settings.model == "off":
        return None
    from docparse.model.load import load_model

    return load_model(settings.model)


def read_file(path: Path, settings: Settings) -> bytes:
    """The bytes of a file that is no larger than the settings allow. Raises MissingFile, EmptyFile, FileTooLarge."""
    try:
        size = path.stat().st_size
        if size > settings.max_bytes:
            raise FileTooLarge(str(path), f"has {size:,} bytes, more than {settings.max_bytes:,}")
        data = path.read_bytes()
    except OSError as error:
        raise MissingFile(str(path), f"cannot be opened ({error.strerror})") from error
    if not data:
        raise EmptyFile(str(path))
    return data


def _with_signatures(text: Text, data: bytes, settings: Settings) -> tuple[Text, tuple[Signature, ...]]:
    """The digital signatures of a PDF; the text gets the problems that reading them met."""
    if media_type(data) != PDF or SIGNED not in data:
        return text, ()
    from docparse.read.signatures import read_signatures

    read = read_signatures(data, settings=settings)
    return replace(text, problems=(*text.problems, *read.problems)), read.found


def build_record(text: Text, *, document_id: str, source: Source, signatures: Sequence[Signature] = (), model: Model | None = None) -> Record:
    """The record of a text: everything that the finders find in it, and the trained model where one is given."""
    closing = find_closing(text)
    header = find_header(text, closing=closing)
    signatures = find_roles(text, signatures, header=header, signers=closing.signers)
    header, mismatches = check_signatures(text, header=header, signers=closing.signers, signatures=signatures)
    blocks = find_blocks(text)
    sections = find_sections(text, header=header, closing=closing, blocks=blocks)
    citations = find_citations(text, header=header, closing=closing, sections=sections)
    dates = find_dates(text, header=header)
    sight = model.look(text.content, blocks) if model else None
    agencies = find_agencies(text, header=header, closing=closing, seen=sight.seen() if sight else None)
    tasks = find_tasks(text, header=header, closing=closing, sections=sections, citations=citations, dates=dates, agencies=agencies, blocks=blocks)
    if sight:
        agencies, citations = sight.agencies(agencies), sight.citations(citations)
        tasks = sight.tasks(tasks, doc_type=header.doc_type, sections=sections)
    return Record(
        document_id=document_id,
        source=source,
        text=text.content,
        pages=tuple(map(_page, text.pages)),
        header=header,
        signers=closing.signers,
        recipients=closing.recipients,
        signatures=signatures,
        sections=sections,
        citations=place_findings(citations, text, sections),
        dates=place_findings(dates, text, sections),
        agencies=place_findings(agencies, text, sections),
        tasks=tasks,
        problems=(*_problems(text, header), *mismatches),
    )


def _page(page: Page) -> PageText:
    lines = tuple(LineBox(start=line.start, end=line.end, box=line.box, confidence=line.confidence) for line in page.lines)
    size = {"width": page.width, "height": page.height}
    return PageText(number=page.number, start=page.start, end=page.end, **size, lines=lines, origin=page.origin, rotation=page.rotation)


def _problems(text: Text, header: Header) -> tuple[Problem, ...]:
    """What the reader met, and a letterhead that was not found: no record is empty without a reason."""
    problems = [Problem(**asdict(problem)) for problem in text.problems]
    if not (header.doc_type or header.number or header.issuer) and text.content.strip():
        problems.append(Problem(code="no_header", message="no letterhead or title of an administrative document was recognised"))
    elif text.pages[0].origin == "ocr":
        problems += [
            Problem(
                code=f"{field}_unreadable", message=f"the {words} could not be read on the scan; if it is written by hand, look at the page", page=1
            )
            for field, words in (("number", "number of the document"), ("date", "day of issue"))
            if getattr(header, field) is None
        ]
    return tuple(problems)
