"""Tables as Parquet files with typed columns; the comment of each column stands in its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from docparse.export.content import Row, tables

if TYPE_CHECKING:
    import pyarrow as pa

ROWS, CHARACTERS = 20_000, 8_000_000  # a row group ends after so many of either: what is in memory at a time


def write_tables(connection: Connection, paths: Sequence[Path]) -> None:
    """A Parquet file a table, compressed with Zstandard."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    for table, path in zip(tables(long_texts=True), paths, strict=True):
        schema = pa.schema(
            [arrow_field(column.name, column.type.python_type, nullable=bool(column.nullable), comment=column.comment) for column in table.columns]
        )
        with ParquetWriter(path, schema, compression="zstd") as writer:
            for group in _groups(table.rows(connection)):
                arrays = [pa.array(values, type=field.type) for values, field in zip(zip(*group, strict=True), schema, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=len(group))


def arrow_field(name: str, of: Any, *, nullable: bool, comment: str | None) -> pa.Field:
    """A column for values of a Python type (`str`, `list[int]` …), with its comment in the metadata."""
    import pyarrow as pa

    types = {
        str: pa.string(),
        int: pa.int64(),
        bool: pa.bool_(),
        float: pa.float64(),
        list[str]: pa.list_(pa.string()),
        list[int]: pa.list_(pa.int64()),
    }
    return pa.field(name, types[of], nullable=nullable, metadata={"comment": comment})


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(len(value) for value in row if isinstance(value, str))
        if len(group) == ROWS or characters > CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group
