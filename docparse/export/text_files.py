"""Records as JSON lines, tables as CSV.

CSV is UTF-8 with a byte order mark, so that Excel reads the letters right, parted by commas and CRLF as in RFC 4180. An empty cell is null or
empty text; true and false are written so. A text that a spreadsheet could run as a formula begins with an apostrophe (`cells.as_text`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from docparse.export.cells import as_text
from docparse.export.content import records, tables

RECORDS = "records.jsonl"


def write_records(connection: Connection, paths: Sequence[Path]) -> None:
    """One record a line, byte for byte as it is stored."""
    with paths[0].open("wb") as file:
        for record in records(connection):
            file.write(record.encode() + b"\n")


def write_tables(connection: Connection, paths: Sequence[Path]) -> None:
    """A CSV file a table."""
    for table, path in zip(tables(long_texts=True), paths, strict=True):
        with csv_file(path, [column.name for column in table.columns]) as write_row:
            for row in table.rows(connection):
                write_row(row)


@contextmanager
def csv_file(path: Path, header: Iterable[str]) -> Iterator[Callable[[Iterable[Any]], None]]:
    """A CSV file with its header; what it gives writes one row."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        yield lambda row: writer.writerow(map(_cell, row))


def _cell(value: object) -> object:
    if isinstance(value, str):
        return as_text(value)
    return str(value).lower() if isinstance(value, bool) else value
