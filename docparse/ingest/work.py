"""What a worker process does with a document: parse it and make its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docparse.errors import DocparseError
from docparse.pipeline import parse_bytes, read_file
from docparse.settings import Settings
from docparse.store.rows import Rows, build_rows


@dataclass(frozen=True, slots=True)
class Task:
    """A document to parse: `path` is where its bytes are, `location` what people call it, `document_id` the id it has or will have."""

    entry_id: int
    document_id: int
    location: str
    path: Path
    filename: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of a document."""

    rows: Rows
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document has no rows."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Parser:
    """Parses tasks; each worker has one."""

    settings: Settings
    version: str

    def __call__(self, task: Task, on_page: Callable[[int], None]) -> Parsed | Failure:
        """The rows of a document, or why it has none. Raises MemoryError where the memory of the worker is used up."""
        try:
            return self.parse(task, on_page)
        except MemoryError:
            raise
        except DocparseError as error:
            return Failure(error.code, _told(error, task))
        except Exception as error:
            told = f"unexpected {type(error).__name__}: {_told(error, task)}"
            return Failure("unexpected", f"{task.location}: {told}. Please report this with the file.")

    def parse(self, task: Task, on_page: Callable[[int], None]) -> Parsed:
        """The rows of a document. Raises what reading and parsing raise."""
        data = read_file(task.path, self.settings)
        record = parse_bytes(data, location=task.location, filename=task.filename, settings=self.settings, on_page=on_page)
        return Parsed(build_rows(record, task.document_id, parser=self.version), record.document_id, record.source.pages or 1)


def _told(error: Exception, task: Task) -> str:
    """What an error says, of the input by its location: its bytes may be in a temporary file."""
    return str(error).replace(str(task.path), task.location)
