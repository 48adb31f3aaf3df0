"""A dataset: what runs on a cluster write, as Parquet files that DuckDB and Spark read as they are.

    OUTPUT/inputs/part-000001.parquet                    the inputs that the first run met, with their places in the order
    OUTPUT/<table>/part-000001-000000000200.parquet      a chunk of it: number of the run, place of its first input

A chunk has a file in every table, that of the journal written last: until then it does not exist. What a later run says of an input counts.
"""

from __future__ import annotations

import heapq
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docparse.cluster.storage import file_system, told
from docparse.cluster.tables import OF_A_CHUNK, ORDINALS_OF_AN_INPUT, TABLES, arrow_schema
from docparse.errors import CorpusError
from docparse.files import hold
from docparse.store.corpus import Entry
from docparse.store.rows import Row

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile, ParquetWriter

CHUNK = re.compile(r"part-(\d{6})-(\d{12})\.parquet")
RUN = re.compile(r"part-(\d{6})\.parquet")
ROWS_AT_ONCE = 1000
REPAIR = "Remove the files of that name from all folders, and run docparse ingest again."


def chunk_name(run: int, position: int) -> str:
    """The name of the files of a chunk.

    >>> chunk_name(1, 200)
    'part-000001-000000000200.parquet'
    """
    return f"part-{run:06}-{position:012}.parquet"


def run_name(run: int) -> str:
    """The name of the file of `inputs` of a run."""
    return f"part-{run:06}.parquet"


class Dataset:
    """A dataset by its folder or URL. Raises MissingTool without the library for it."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._files, self._root, self.is_local = file_system(where)

    def __reduce__(self) -> tuple[type[Dataset], tuple[str]]:
        return Dataset, (self.where,)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What the storage says, as a CorpusError with the name of the dataset."""
        try:
            yield
        except (CorpusError, GeneratorExit, KeyboardInterrupt, SystemExit):
            raise
        except Exception as error:  # libraries of object stores have errors of their own, which are no OSError
            hint = "Check the path or URL, free space, and for object storage the credentials in the environment."
            raise CorpusError(self.where, f"cannot be used as a dataset ({told(error)})", hint=hint) from error

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Holds a dataset on this machine for one run. Object storage knows no locks. Raises CorpusError if another run holds it."""
        with ExitStack() as stack:
            if self.is_local:
                with self.errors():
                    Path(self._root).mkdir(parents=True, exist_ok=True)
                    file = stack.enter_context((Path(self._root) / ".writer").open("wb"))
                hold(file, self.where)
            yield

    # Files

    def names(self, table: str) -> set[str]:
        """The names of the files of a table."""
        self._files.invalidate_cache()
        try:
            found = self._files.ls(f"{self._root}/{table}", detail=False)
        except FileNotFoundError:
            return set()
        return {path.rsplit("/", 1)[-1] for path in found}

    def chunks(self) -> list[str]:
        """The names of the chunks that are complete, those of later runs later."""
        return sorted(name for name in set.intersection(*map(self.names, OF_A_CHUNK)) if CHUNK.fullmatch(name))

    def runs(self) -> list[str]:
        """The names of the files of `inputs`."""
        return sorted(filter(RUN.fullmatch, self.names("inputs")))

    def open(self, table: str, name: str) -> AbstractContextManager[ParquetFile]:
        """A file to read."""
        from pyarrow.parquet import ParquetFile

        @contextmanager
        def opened() -> Iterator[ParquetFile]:
            with self._files.open(f"{self._root}/{table}/{name}", "rb") as file, ParquetFile(file) as parquet:
                yield parquet

        return opened()

    def put(self, path: Path, table: str, name: str) -> None:
        """Put a finished file in its place, at once: who reads sees all of it or nothing."""
        target = f"{self._root}/{table}/{name}"
        if not self.is_local:
            self._files.put_file(str(path), target)
            return
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        beside = f"{target}.{os.getpid()}.tmp"
        with Path(beside).open("wb") as file, path.open("rb") as source:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(target)

    def remove(self, table: str, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(f"{self._root}/{table}/{name}")

    # Rows

    def rows(self, table: str, name: str, columns: list[str] | None = None) -> Iterator[Row]:
        """The rows of a file, a few at a time."""
        with self.open(table, name) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns):
                yield from batch.to_pylist()

    def known(self) -> dict[str, Entry]:
        """What the newest run says of each input by its location, not of members of archives; `id` is its position."""
        known = {}
        for name in self.runs():
            for row in self.rows("inputs", name):
                known[row["location"]] = Entry(row["position"], row["location"], "waiting")
        columns = ["ordinal", "location", "archive", "status", "size", "modified", "parser", "attempts"]
        for name in self.chunks():
            for row in self.rows("journal", name, columns):
                if row.pop("archive") is None:
                    known[row["location"]] = Entry(row.pop("ordinal") // ORDINALS_OF_AN_INPUT, **row)
        return known

    def rows_in_order(self) -> Iterator[tuple[Row, ChunkReader]]:
        """The rows of the journal by their ordinals, each with its chunk; of inputs that several runs took those of the newest."""
        with self.errors():
            yield from self._merged()

    def _merged(self) -> Iterator[tuple[Row, ChunkReader]]:
        heap: list[tuple[int, int, int, str, ChunkReader]] = []  # by position and, if equal, from the newest run
        for name in self.chunks():
            match = CHUNK.fullmatch(name)
            assert match
            heap.append((int(match[2]), -int(match[1]), -1, name, ChunkReader(self, name)))
        heapq.heapify(heap)
        newest = (-1, 0)
        while heap:
            position, run, _, name, chunk = heap[0]
            if row := chunk.row:
                if position != newest[0]:
                    newest = (position, run)
                if (position, run) == newest:
                    yield row, chunk
            chunk.advance()
            if chunk.row:
                heapq.heapreplace(heap, (chunk.row["ordinal"] // ORDINALS_OF_AN_INPUT, run, chunk.row["ordinal"], name, chunk))
            else:
                heapq.heappop(heap)
                chunk.close()


class ChunkReader:
    """A chunk that is read: its journal row by row, its records as they are asked for. Files are opened when they are needed."""

    def __init__(self, dataset: Dataset, name: str) -> None:
        self._dataset, self._name = dataset, name
        self._opened = ExitStack()
        self._group: tuple[int, Any] = (-1, None)
        self.row: Row | None = None

    @cached_property
    def _journal(self) -> Iterator[Row]:
        return self._dataset.rows("journal", self._name)

    @cached_property
    def _records(self) -> ParquetFile:
        return self._opened.enter_context(self._dataset.open("records", self._name))

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Where the record of each document is: number of the row group, row in it."""
        places = {}
        for group in range(self._records.num_row_groups):
            for row, sha256 in enumerate(self._records.read_row_group(group, columns=["document_id"])["document_id"].to_pylist()):
                places[sha256] = group, row
        return places

    def advance(self) -> None:
        """Go to the next row of the journal."""
        self.row = next(self._journal, None)

    def record(self, sha256: str) -> str:
        """The record of a document as JSON. Raises CorpusError if it is not there."""
        with self._dataset.errors():
            if sha256 not in self._places:
                raise CorpusError(self._dataset.where, f"is damaged: {self._name} lacks the record of {sha256}", hint=REPAIR)
            group, row = self._places[sha256]
            if self._group[0] != group:
                self._group = group, self._records.read_row_group(group, columns=["json"])["json"]
        json: str = self._group[1][row].as_py()
        return json

    def close(self) -> None:
        """Close its files."""
        self._opened.close()


def write_rows(writer: ParquetWriter, table: str, rows: list[Row]) -> None:
    """Write rows as one row group."""
    import pyarrow as pa

    names = [column.name for column in TABLES[table]]
    made = pa.Table.from_pylist([{name: row[name] for name in names} for row in rows], schema=arrow_schema(table))
    writer.write_table(made, row_group_size=len(rows))
