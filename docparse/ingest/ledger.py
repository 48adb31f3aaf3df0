"""Where a run keeps account of its inputs: a corpus, or a chunk of a run on a cluster."""

from __future__ import annotations

from typing import Any, Protocol

from docparse.store.corpus import FINAL, Entry
from docparse.store.rows import Rows


class Ledger(Protocol):
    """What a run asks and tells; `docparse.store.corpus.Writer` says what each means."""

    def entry(self, location: str) -> Entry | None:
        """What is known of a location."""

    def add_entry(self, location: str, *, status: str = "waiting", **values: Any) -> Entry:
        """Take a new input in."""

    def update_entry(self, entry_id: int, **values: Any) -> None:
        """Say what became of an input."""

    def document(self, sha256: str) -> tuple[int, str, str] | None:
        """Id, parser and file name of the document with these bytes."""

    def new_id(self) -> int:
        """An id that no document and no input has."""

    def save(self, rows: Rows, *, replace: bool) -> None:
        """Write all rows of one record, or none of them and raise RowRefused."""

    def commit(self) -> None:
        """Make lasting what was written."""


def is_settled(entry: Entry, size: int | None, modified: str | None, *, parser: str, reparse: bool) -> bool:
    """Whether nothing is to be done for an input: it is final, the file has not changed, and `reparse` does not ask for this parser's reading.

    >>> is_settled(Entry(1, "/a.pdf", "parsed", size=5, modified="7", parser="old"), 5, "7", parser="new", reparse=False)
    True
    """
    if entry.status not in FINAL or (entry.size, entry.modified) != (size, modified):
        return False
    return not reparse or entry.parser == parser or entry.status == "skipped"
