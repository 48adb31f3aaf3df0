"""One document with all that the corpus knows of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from docparse.errors import MissingEntry
from docparse.query.search import Line, lines_of
from docparse.record import Record
from docparse.store.corpus import Corpus
from docparse.store.schema import documents, journal, records
from docparse.store.views import CITATION_LINKS, is_likely_duplicate

SHA256 = re.compile(r"[0-9a-fA-F]{8,64}")
DIGITS_OF_AN_ID = 18
SHOWN = 10  # candidates and duplicates


@dataclass(frozen=True, slots=True)
class CitationLink:
    """What a citation of the document leads to: `status` is linked, ambiguous or absent; `position` counts as in the record."""

    position: int
    key: str | None
    status: str
    cited: Line | None


@dataclass(frozen=True, slots=True)
class Document:
    """`record` holds the corrections of reviewers, `parsed` is what the parser gave; `location` is where its file was, None if unknown."""

    id: int
    line: Line
    record: Record
    parsed: Record
    location: str | None
    links: tuple[CitationLink, ...]
    duplicates: tuple[Line, ...]


def document(corpus: Corpus, document_id: int) -> Document:
    """The document. Raises MissingEntry if the corpus has none with this id."""
    with corpus.read() as connection:
        found = lines_of(connection, [document_id])
        if document_id not in found:
            raise MissingEntry(f"document {document_id}")
        stored = connection.execute(select(records.c.json, records.c.corrected).where(records.c.document_id == document_id)).one()
        parsed = Record.model_validate_json(stored.json)
        others = _duplicates(connection, document_id)
        return Document(
            id=document_id,
            line=found[document_id],
            record=Record.model_validate_json(stored.corrected) if stored.corrected else parsed,
            parsed=parsed,
            location=connection.scalar(_locations(document_id)),
            links=_links(connection, document_id),
            duplicates=tuple(lines_of(connection, others).values()),
        )


def record_json(corpus: Corpus, document_id: int) -> str:
    """The record of a document as it is stored, with corrections. Raises MissingEntry."""
    with corpus.read() as connection:
        stored = connection.execute(select(func.coalesce(records.c.corrected, records.c.json)).where(records.c.document_id == document_id)).scalar()
    if stored is None:
        raise MissingEntry(f"document {document_id}")
    return str(stored)


def find_document(corpus: Corpus, name: str) -> int:
    """The id of the document that `name` names: an id, the start of its SHA-256 (eight digits or more), its number, or its file name.

    Raises MissingEntry if there is none, and with the candidates if there are several.
    """
    ways = [documents.c.number == name, documents.c.filename == name]
    if name.isascii() and name.isdigit() and len(name) < DIGITS_OF_AN_ID:
        ways.insert(0, documents.c.id == int(name))
    if SHA256.fullmatch(name):
        ways.append(documents.c.sha256.startswith(name.lower()))
    with corpus.read() as connection:
        for way in ways:
            found = connection.execute(select(documents.c.id, documents.c.number, documents.c.issuer).where(way).order_by(documents.c.id)).all()
            if len(found) == 1:
                return int(found[0].id)
            if found:
                some = "; ".join(f"{row.id} ({row.number or 'without number'}, {row.issuer or 'issuer unknown'})" for row in found[:SHOWN])
                raise MissingEntry(name, f"is the name of {len(found)} documents", hint=f"Give the id of one: {some}.")
    raise MissingEntry(name)


def lines(corpus: Corpus, document_ids: Sequence[int]) -> dict[int, Line]:
    """Documents as lines of a list, by id."""
    with corpus.read() as connection:
        return lines_of(connection, document_ids)


def _locations(document_id: int) -> Select[Any]:
    return select(journal.c.location).where(journal.c.document_id == document_id).order_by(journal.c.id).limit(1)


def _links(connection: Connection, document_id: int) -> tuple[CitationLink, ...]:
    view = CITATION_LINKS.c
    rows = connection.execute(
        select(view.position, view.key, view.status, view.cited_id).where(view.document_id == document_id).order_by(view.position)
    ).all()
    cited = lines_of(connection, [row.cited_id for row in rows if row.cited_id])
    return tuple(CitationLink(row.position, row.key, row.status, cited.get(row.cited_id)) for row in rows)


def _duplicates(connection: Connection, document_id: int) -> list[int]:
    one, other = documents.alias("one"), documents.alias("other")
    same = and_(is_likely_duplicate(one, other), one.c.id != other.c.id)
    return list(connection.scalars(select(other.c.id).join(one, same).where(one.c.id == document_id).order_by(other.c.id).limit(SHOWN)))
