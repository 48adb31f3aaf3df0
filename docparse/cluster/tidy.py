"""A dataset after runs that were killed, or that took inputs again: without rows that do not count any more. Nothing that counts is ever absent."""

from __future__ import annotations

import tempfile
from pathlib import Path

from docparse.cluster.dataset import Dataset, write_rows
from docparse.cluster.tables import OF_A_CHUNK, ORDINALS_OF_AN_INPUT, TABLES, arrow_schema


def tidy(dataset: Dataset) -> None:
    """Remove chunks that were not finished, and what older runs said of inputs that a newer one took again."""
    with dataset.errors():
        chunks = set(dataset.chunks())
        for table in reversed(OF_A_CHUNK):
            for name in dataset.names(table) - chunks:
                dataset.remove(table, name)
        for name, positions in _superseded(dataset, sorted(chunks)).items():
            _take_out(dataset, name, positions)


def _superseded(dataset: Dataset, chunks: list[str]) -> dict[str, set[int]]:
    """The inputs in each chunk of which a later run says something."""
    newest: dict[int, str] = {}
    found: dict[str, set[int]] = {}
    for name in chunks:
        for row in dataset.rows("journal", name, ["ordinal", "archive"]):
            if row["archive"] is None:
                position = row["ordinal"] // ORDINALS_OF_AN_INPUT
                if position in newest:
                    found.setdefault(newest[position], set()).add(position)
                newest[position] = name
    return found


def _take_out(dataset: Dataset, name: str, positions: set[int]) -> None:
    """Write a chunk again without some inputs, or remove it."""
    kept = set()
    empty = True
    for row in dataset.rows("journal", name, ["ordinal", "sha256", "status"]):
        if row["ordinal"] // ORDINALS_OF_AN_INPUT not in positions:
            empty = False
            kept.add(row["sha256"])
    if empty:
        for table in reversed(OF_A_CHUNK):
            dataset.remove(table, name)
        return
    from pyarrow.parquet import ParquetWriter

    for table in OF_A_CHUNK:
        key = "document_id" if TABLES[table][0].name == "document_id" else None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            with dataset.open(table, name) as file, ParquetWriter(path, arrow_schema(table), compression="zstd") as writer:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group).to_pylist()
                    rows = [row for row in rows if (row[key] in kept if key else row["ordinal"] // ORDINALS_OF_AN_INPUT not in positions)]
                    if rows:
                        write_rows(writer, table, rows)
            dataset.put(path, table, name)
