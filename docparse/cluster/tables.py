"""The tables of a dataset: the columns of the corpus, with the SHA-256 of the file as the key of a document, and lists as lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from docparse import __version__
from docparse.export.parquet import arrow_field
from docparse.store import schema
from docparse.store.rows import COLUMNS, Row, Rows

if TYPE_CHECKING:
    import pyarrow as pa

ORDINALS_OF_AN_INPUT = 10_000_000  # more than an archive may have members: `journal.ordinal` is `inputs.position` times this, plus a count


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the Python type of its values."""

    name: str
    type: Any
    comment: str
    nullable: bool = True


def _of(table: Table, *names: str) -> list[Column]:
    columns = [table.c[name] for name in names or COLUMNS[table.name] if name != "document_id"]
    return [Column(column.name, column.type.python_type, column.comment or "", bool(column.nullable)) for column in columns]


DOCUMENT = Column("document_id", str, "the document: SHA-256 of the file, hex", nullable=False)
LOCATION = Column("location", str, "absolute path or URL; inside an archive after !/ ; bytes that are no UTF-8 as \\udcXX", nullable=False)
NOT_IN_RECORDS = {"id", "sha256", "issuer_id", "level", "issuer_folded", "text", "folded", "page_starts", "heading"}  # the text stands in the JSON

TABLES: dict[str, tuple[Column, ...]] = {
    "records": (
        DOCUMENT,
        LOCATION,
        *(column for column in _of(schema.documents) if column.name not in NOT_IN_RECORDS),
        Column("json", str, "the whole record as docparse parse gives it, byte for byte", nullable=False),
    ),
    "citations": (DOCUMENT, *_of(schema.citations)),
    "agencies": (DOCUMENT, *_of(schema.agency_mentions), *_of(schema.agencies, "name", "kind", "level", "place", "listed")),
    "tasks": (
        DOCUMENT,
        *_of(schema.tasks),
        Column("leads", list[str], "who leads (chủ trì)", nullable=False),
        Column("supports", list[str], "who supports (phối hợp)", nullable=False),
        Column("citations", list[int], "the documents cited in it, citations.position", nullable=False),
    ),
    "journal": (
        Column("ordinal", int, "in the order in which inputs were met; an archive is followed by its members", nullable=False),
        LOCATION,
        Column("archive", str, "location of the archive it was in"),
        *_of(schema.journal, "status", "code", "message", "page", "sha256", "size"),
        Column(
            "modified", str, "when the file was last changed, nanoseconds since 1970; of an object its ETag; of an archive's member as the archive"
        ),
        *_of(schema.journal, "parser", "attempts", "seconds"),
    ),
    "inputs": (Column("position", int, "its place in the order of all inputs", nullable=False), LOCATION),
}
OF_A_CHUNK = tuple(name for name in TABLES if name != "inputs")  # the journal is the last


def arrow_schema(table: str) -> pa.Schema:
    """The columns of a table for Parquet, each with its comment."""
    import pyarrow as pa

    fields = [arrow_field(column.name, column.type, nullable=column.nullable, comment=column.comment) for column in TABLES[table]]
    return pa.schema(fields, metadata={"docparse": __version__})


def rows_of_record(rows: Rows, location: str) -> dict[str, list[Row]]:
    """The rows of one record in the tables of a dataset, from those that it has in the corpus."""
    named = {name: [dict(zip(columns, values, strict=True)) for values in rows[name]] for name, columns in COLUMNS.items()}
    document = named["documents"][0]
    agencies = {agency["id"]: agency for agency in named["agencies"]}
    found = {
        "records": [{**document, "location": location, "json": named["records"][0]["json"]}],
        "citations": named["citations"],
        "agencies": [{**agencies[mention["agency_id"]], **mention} for mention in named["agency_mentions"]],
        "tasks": [
            {
                **task,
                "leads": [row["name"] for row in _of_task(task, named["task_actors"]) if row["role"] == "lead"],
                "supports": [row["name"] for row in _of_task(task, named["task_actors"]) if row["role"] == "support"],
                "citations": [row["citation_position"] for row in _of_task(task, named["task_citations"])],
            }
            for task in named["tasks"]
        ],
    }
    return {name: [{**row, "document_id": document["sha256"]} for row in made] for name, made in found.items()}


def _of_task(task: Mapping[str, Any], rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["task_position"] == task["position"]]
