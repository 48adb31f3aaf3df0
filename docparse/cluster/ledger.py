"""The account of one chunk, kept in memory, its documents in files: what a corpus is to a local run, this is to a run on a cluster."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docparse.cluster.dataset import Dataset, write_rows
from docparse.cluster.tables import OF_A_CHUNK, ORDINALS_OF_AN_INPUT, TABLES, arrow_schema, rows_of_record
from docparse.store.corpus import Entry
from docparse.store.rows import Row, Rows

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter

CHARACTERS = 4_000_000  # of JSON in a row group: what is in memory at a time
JOURNAL_ROWS = 20_000


class ChunkLedger:
    """Collects what a run says of the inputs of a chunk. Ids of inputs and documents are their ordinals.

    `positions`: the place of each input by its location; `folder` holds the files until `publish` puts them into the dataset.
    """

    def __init__(self, positions: Mapping[str, int], folder: Path) -> None:
        self._positions, self._folder = positions, folder
        self._ordinals = itertools.count()
        self._journal: dict[int, Row] = {}
        self._ids: dict[str, int] = {}
        self._documents: dict[str, tuple[int, str, str]] = {}
        self._waiting: dict[str, list[Row]] = {name: [] for name in OF_A_CHUNK}
        self._characters = 0
        self._opened = ExitStack()
        self._writers: dict[str, ParquetWriter] = {}

    def entry(self, location: str) -> Entry | None:
        """What is known of a location."""
        if location not in self._ids:
            return None
        row = self._journal[self._ids[location]]
        return Entry(row["ordinal"], location, row["status"], document_id=row["document_id"], attempts=row["attempts"])

    def add_entry(self, location: str, *, status: str = "waiting", **values: Any) -> Entry:
        """Take a new input in; a member of an archive follows it."""
        archive_id: int | None = values.get("archive_id")
        if archive_id is None:
            self._ordinals = itertools.count(self._positions[location] * ORDINALS_OF_AN_INPUT)
        ordinal = next(self._ordinals)
        archive = None if archive_id is None else self._journal[archive_id]["location"]
        empty: Row = dict.fromkeys(column.name for column in TABLES["journal"])
        said = {"ordinal": ordinal, "location": location, "archive": archive, "status": status, "document_id": None, "attempts": 0}
        self._journal[ordinal] = {**empty, **said}
        self._ids[location] = ordinal
        return Entry(ordinal, location, status, archive_id)

    def update_entry(self, entry_id: int, **values: Any) -> None:
        """Say what became of an input."""
        self._journal[entry_id].update(values)

    def document(self, sha256: str) -> tuple[int, str, str] | None:
        """Id, parser and file name of the document with these bytes, if the chunk has it."""
        return self._documents.get(sha256)

    def new_id(self) -> int:
        """An id that no document and no input has."""
        raise NotImplementedError("no input of a chunk has had a document before")

    def save(self, rows: Rows, *, replace: bool) -> None:
        """Take all rows of one record."""
        assert not replace
        document_id: int = rows["documents"][0][0]
        made = rows_of_record(rows, self._journal[document_id]["location"])
        for name, found in made.items():
            self._waiting[name] += found
        record = made["records"][0]
        self._documents[record["document_id"]] = document_id, record["parser"], record["filename"]
        self._characters += len(record["json"])
        if self._characters > CHARACTERS:
            self._flush()

    def commit(self) -> None:
        """Nothing: a chunk is there as a whole or not at all."""

    def publish(self, dataset: Dataset, name: str) -> None:
        """Put the chunk into a dataset, its journal last."""
        rows = [self._journal[ordinal] for ordinal in sorted(self._journal)]
        for start in range(0, len(rows), JOURNAL_ROWS):
            self._waiting["journal"] = rows[start : start + JOURNAL_ROWS]
            self._flush()
        self._flush()
        self._opened.close()
        with dataset.errors():
            for table in OF_A_CHUNK:
                dataset.put(self._path(table), table, name)

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}.parquet"

    def _flush(self) -> None:
        from pyarrow.parquet import ParquetWriter

        for table, rows in self._waiting.items():
            if table not in self._writers:
                self._writers[table] = self._opened.enter_context(ParquetWriter(self._path(table), arrow_schema(table), compression="zstd"))
            if rows:
                write_rows(self._writers[table], table, rows)
                rows.clear()
        self._characters = 0
