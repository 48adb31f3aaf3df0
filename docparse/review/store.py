"""Corrections in the corpus: made, withdrawn, listed. Nothing is ever deleted; all tables of the document follow at once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from docparse.errors import CorrectionError, MissingEntry
from docparse.record import Record
from docparse.review.corrections import Action, Correction, Kind, Sheet, apply
from docparse.review.proposal import UNSEEN, Target, propose
from docparse.review.stored import corrections_with, from_row, rows_as_parsed
from docparse.review.values import clean_text
from docparse.store.corpus import Corpus, RowRefused, Writer
from docparse.store.schema import agency_mentions, documents, records
from docparse.store.schema import corrections as table

LONGEST_NOTE = 2000  # characters


def correct(
    corpus: Corpus,
    document_id: int,
    kind: Kind,
    action: Action,
    *,
    author: str,
    start: int | None = None,
    end: int | None = None,
    quote: str | None = None,
    field: str | None = None,
    value: Any = None,
    seen: Any = UNSEEN,
    note: str | None = None,
) -> Correction:
    """Make a correction and write the document anew. Values are JSON values (days as `2026-03-12`, null, lists, objects).

    `set`: `field` gets `value` (`corrections.FIELDS` lists the fields of a kind). A finding is named by its `start` and `end`, where several
    agencies of a list share them also by `quote`, the `mention` of the agency; the header by neither.
    `remove`: the finding is false. `add`: `start` and `end` are the range of a missed citation, date, agency or task, `value` an object with
    those of its fields that the reviewer knows. `seen`: the value that the form showed, for `remove` an object of fields: the correction is
    refused if that has changed since.
    Raises MissingEntry if there is no such document, CorrectionError that says what is allowed, CorpusError if the corpus cannot be written.

    >>> correct(corpus, 7, "task", "set", start=120, end=260, field="leads", value=["Sở Y tế"], seen=[], author="an")  # doctest: +SKIP
    """
    row = {"author": _said("author", author), "note": _said("note", note) if note and note.strip() else None, "made": _now()}
    with corpus.amend() as writer:
        writer.take_turn()
        document = writer.connection.execute(_document().where(documents.c.id == document_id)).one_or_none()
        if document is None:
            raise MissingEntry(f"document {document_id}")
        sheet = Sheet(Record.model_validate_json(document.json))
        for correction in corrections_with(writer.connection, document.sha256):
            if correction.holds:
                sheet.take(correction)
        proposal = propose(sheet, kind, action, Target(start, end, quote), field=field, value=value, seen=seen)
        row |= {"sha256": document.sha256, "kind": kind, "action": action, **proposal._asdict()}
        for name in ("before", "after"):
            row[name] = json.dumps(row[name], ensure_ascii=False) if action == "set" or row[name] is not None else None
        made = writer.connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
        _write(writer, document)
        return _correction(writer.connection, made)


def withdraw(corpus: Corpus, correction_id: int, *, author: str) -> Correction:
    """Take a correction back: it stays in the list, marked, and does not hold any more. What it had replaced holds again.

    Raises CorrectionError if there is no such correction or it was withdrawn before, CorpusError if the corpus cannot be written.
    """
    marks = {"withdrawn_by": _said("author", author), "withdrawn": _now()}
    with corpus.amend() as writer:
        writer.take_turn()
        correction = _correction(writer.connection, correction_id)
        if not correction.holds:
            raise CorrectionError(f"correction {correction_id}", f"was withdrawn by {correction.withdrawn_by} on {correction.withdrawn}")
        writer.connection.execute(update(table).where(table.c.id == correction_id).values(marks))
        _write(writer, writer.connection.execute(_document().where(documents.c.sha256 == correction.sha256)).one())
        return _correction(writer.connection, correction_id)


def corrections_of(corpus: Corpus, document_id: int) -> tuple[Correction, ...]:
    """All corrections of a document, withdrawn ones too, in the order in which they were made."""
    with corpus.read() as connection:
        return _listed(connection, _corrections().where(documents.c.id == document_id).order_by(table.c.id))


def recent(corpus: Corpus, *, limit: int = 50, before: int | None = None) -> tuple[Correction, ...]:
    """The newest corrections of the corpus, newest first; `before`: those with a smaller id, to page on."""
    query = _corrections().order_by(table.c.id.desc()).limit(limit)
    with corpus.read() as connection:
        return _listed(connection, query if before is None else query.where(table.c.id < before))


def unplaced(corpus: Corpus, document_id: int | None = None) -> tuple[Correction, ...]:
    """The corrections that hold but found no place in the record as it is now, of one document or of the corpus, by document."""
    query = _corrections().where(table.c.withdrawn.is_(None)).order_by(documents.c.id, table.c.id)
    with corpus.read() as connection:
        held = _listed(connection, query if document_id is None else query.where(documents.c.id == document_id))
        found: list[Correction] = []
        for one in dict.fromkeys(correction.document_id for correction in held):
            parsed = connection.execute(select(records.c.json).where(records.c.document_id == one)).scalar_one()
            found += apply(Record.model_validate_json(parsed), [correction for correction in held if correction.document_id == one])[1]
    return tuple(found)


def _document() -> Select[Any]:
    return select(documents.c.id, documents.c.sha256, documents.c.parser, records.c.json).join_from(documents, records)


def _corrections() -> Select[Any]:
    return select(table, documents.c.id.label("document_id")).join_from(table, documents, documents.c.sha256 == table.c.sha256)


def _listed(connection: Connection, query: Select[Any]) -> tuple[Correction, ...]:
    return tuple(map(from_row, connection.execute(query).mappings()))


def _correction(connection: Connection, correction_id: int) -> Correction:
    found = _listed(connection, _corrections().where(table.c.id == correction_id))
    if not found:
        raise CorrectionError(f"correction {correction_id}", "is not there")
    return found[0]


def _write(writer: Writer, document: Any) -> None:
    """All rows of a document anew, with the corrections that hold now."""
    mentioned = select(agency_mentions.c.agency_id).where(agency_mentions.c.document_id == document.id).distinct()
    before = writer.connection.scalars(mentioned).all()
    try:
        writer.save(rows_as_parsed(document.json, document.id, parser=document.parser), replace=True)
    except RowRefused as error:
        raise CorrectionError(f"document {document.id}", f"cannot be written with it ({error})") from error
    if unnamed := set(before) - set(writer.connection.scalars(mentioned)):
        writer.remove_unnamed_agencies(unnamed)


def _said(what: str, text: str) -> str:
    cleaned = clean_text(text)
    if not cleaned or len(cleaned) > LONGEST_NOTE:
        raise CorrectionError(what, "is empty or too long", hint=f"Write at most {LONGEST_NOTE:,} characters on one line.")
    return cleaned


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
