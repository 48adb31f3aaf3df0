"""One document with all that the corpus knows of it."""

from __future__ import annotations

from dataclasses import dataclass

from docparse.query.search import Line
from docparse.record import Record
from docparse.store.corpus import Corpus


@dataclass(frozen=True, slots=True)
class CitationLink:
    """What a citation of the document leads to: `status` is linked, ambiguous or absent; `position` counts as in the record."""

    position: int
    key: str | None
    status: str
    cited: Line | None


@dataclass(frozen=True, slots=True)
class Document:
    """`record` holds the corrections of reviewers, `parsed` is what the parser gave; `location` is where its file was, None if unknown."""

    id: int
    line: Line
    record: Record
    parsed: Record
    location: str | None
    links: tuple[CitationLink, ...]
    cited_by: int
    duplicates: tuple[Line, ...]


def document(corpus: Corpus, document_id: int) -> Document:
    """The document. Raises MissingDocument if the corpus has none with this id."""
    raise NotImplementedError


def find_document(corpus: Corpus, name: str) -> int:
    """The id of the document that `name` names: an id, the start of its SHA-256, its number, or its file name.

    Raises MissingDocument if there is none, and with the candidates if there are several.
    """
    raise NotImplementedError


def lines(corpus: Corpus, document_ids: list[int]) -> dict[int, Line]:
    """Documents as lines of a list, by id."""
    raise NotImplementedError
