"""Where a run keeps account of its inputs: a corpus, or a chunk of a run on a cluster."""

from __future__ import annotations

from typing import Any, Protocol

from docparse.store.corpus import Entry
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
    if entry.status == "waiting" or (entry.size, entry.modified) != (size, modified):
        return False
    return not reparse or entry.parser == parser or entry.status == "skipped"


def document_id_of(entry: Entry, ledger: Ledger) -> int:
    """The id of a new document: that of the input that brings it, unless that has brought another one before."""
    return ledger.new_id() if entry.document_id else entry.id


def status_of_known(entry: Entry, document_id: int) -> str:
    """What an input is whose bytes are a document already: still `parsed` if it is the one that brought that document.

    >>> status_of_known(Entry(1, "/a.pdf", "parsed", document_id=1), 1), status_of_known(Entry(2, "/b.pdf", "waiting"), 1)
    ('parsed', 'same')
    """
    return "parsed" if document_id == entry.document_id and entry.status == "parsed" else "same"


def status_of_parsed(entry: Entry, *, replaced: bool) -> str:
    """What an input is whose document was parsed: `same` stays so if the record of an older parser was replaced.

    >>> status_of_parsed(Entry(2, "/b.pdf", "same", document_id=1), replaced=True)
    'same'
    """
    return "same" if replaced and entry.status == "same" else "parsed"
