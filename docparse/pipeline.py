"""The whole product in one read: a file becomes a text, finders find, a record comes out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from docparse.find.agencies import find_agencies
from docparse.find.citations import find_citations
from docparse.find.closing import find_closing
from docparse.find.dates import find_dates
from docparse.find.header import find_header
from docparse.find.sections import find_sections
from docparse.find.tasks import find_tasks
from docparse.read import read_bytes
from docparse.record import LineBox, PageText, Problem, Record, Source
from docparse.text import Text


def parse_file(path: str | Path) -> Record:
    """Parse one file."""
    path = Path(path)
    data = path.read_bytes()
    text = read_bytes(data)
    document_id = hashlib.sha256(data).hexdigest()
    source = Source(filename=path.name, media_type="", size=len(data), pages=len(text.pages), text_origin=text.origin)
    return build_record(text, document_id=document_id, source=source)


def build_record(text: Text, *, document_id: str, source: Source) -> Record:
    """Find everything in `text`."""
    header = find_header(text)
    closing = find_closing(text)
    sections = find_sections(text, header=header, closing=closing)
    citations = find_citations(text, header=header, closing=closing, sections=sections)
    dates = find_dates(text, header=header)
    agencies = find_agencies(text, header=header, closing=closing)
    tasks = find_tasks(text, header=header, closing=closing, sections=sections, citations=citations, dates=dates, agencies=agencies)
    return Record(
        document_id=document_id,
        source=source,
        text=text.content,
        pages=tuple(
            PageText(number=page.number, start=page.start, end=page.end, width=page.width, height=page.height,
                     lines=tuple(LineBox(start=line.start, end=line.end, box=line.box, confidence=line.confidence) for line in page.lines))
            for page in text.pages
        ),
        header=header,
        signers=closing.signers,
        recipients=closing.recipients,
        sections=sections,
        citations=citations,
        dates=dates,
        agencies=agencies,
        tasks=tasks,
        problems=tuple(Problem(code=problem.code, message=problem.message, page=problem.page) for problem in text.problems),
    )
