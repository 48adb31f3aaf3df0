"""Corrections as rows of the corpus, and the rows of a document with them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from docparse.record import Record
from docparse.review.corrections import Correction, apply
from docparse.store.rows import COLUMNS, Rows, build_rows
from docparse.store.schema import corrections

OF_A_DOCUMENT = select(corrections).order_by(corrections.c.id)


def corrections_with(connection: Connection, sha256: str) -> tuple[Correction, ...]:
    """All corrections of the document with these bytes, in the order in which they were made."""
    rows = connection.execute(select(corrections).where(corrections.c.sha256 == sha256).order_by(corrections.c.id)).mappings()
    return tuple(map(from_row, rows))


def from_row(row: RowMapping) -> Correction:
    """A row as a correction."""
    values: dict[str, Any] = dict(row)
    for name in ("before", "after"):
        values[name] = None if values[name] is None else json.loads(values[name])
    return Correction(**values)


def with_corrections(connection: Connection, rows: Rows) -> Rows:
    """The rows of a document as the parser gave it, with the corrections that hold: they stand in all tables, the record as parsed beside them."""
    document = dict(zip(COLUMNS["documents"], rows["documents"][0], strict=True))
    stored = dict(zip(COLUMNS["records"], rows["records"][0], strict=True))
    parsed = Record.model_validate_json(stored["json"])
    record, _ = apply(parsed, corrections_with(connection, document["sha256"]))
    if record == parsed:
        return rows
    made = build_rows(record, document["id"], parser=document["parser"])
    stored["corrected"] = record.model_dump_json()
    made["records"] = [tuple(stored[name] for name in COLUMNS["records"])]
    return made


def rows_as_parsed(record_json: str, document_id: int, *, parser: str) -> Rows:
    """The rows of a document as its parser gave them, its record byte for byte."""
    made = build_rows(Record.model_validate_json(record_json), document_id, parser=parser)
    made["records"] = [tuple({"document_id": document_id, "json": record_json, "corrected": None}[name] for name in COLUMNS["records"])]
    return made
