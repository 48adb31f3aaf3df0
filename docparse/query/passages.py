"""Near-identical passages: what a document repeats of others, and what is new in it."""

from __future__ import annotations

from dataclasses import dataclass

from docparse.query.search import Line
from docparse.store.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph `[start, end)` of the document. `likeness` 0 to 1 to the paragraph `[other_start, other_end)` of the other; 0: it is new.

    `changed`: ranges of the document's text inside it that differ.
    """

    start: int
    end: int
    likeness: float
    other_start: int | None
    other_end: int | None
    changed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document beside an earlier one; `repeated` is the share of its characters in passages that the other has too."""

    document: Line
    other: Line
    repeated: float
    passages: tuple[Passage, ...]


def compare(corpus: Corpus, document_id: int, other_id: int) -> Comparison:
    """Paragraph by paragraph, what of a document stands in another one."""
    raise NotImplementedError


def similar(corpus: Corpus, document_id: int, *, limit: int = 10) -> tuple[tuple[Line, float], ...]:
    """Documents that share most of the text of this one, with the share (0 to 1)."""
    raise NotImplementedError
