"""Concordance: a word or phrase with what stands left and right of it (keyword in context), and its collocates."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import select

from docparse.query.alphabet import alphabetical
from docparse.query.collocates import Collocate, collocates
from docparse.query.filters import ALL, Filters
from docparse.query.outlines import read_outlines
from docparse.query.places import Reading
from docparse.query.search import Line, lines_of
from docparse.store.corpus import Corpus
from docparse.store.schema import documents
from docparse.words import lower, squeeze

__all__ = ["Collocate", "Concordance", "Concordances", "CountBy", "Sort", "collocates", "count_places", "kwic"]

Sort = Literal["document", "left", "right", "keyword", "date"]
CountBy = Literal["year", "issuer", "doc_type", "keyword"]

SORTED_WORDS = 6
SPACE = re.compile(r"\s+")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Concordance:
    """One place: `left`, `keyword`, `right` as in the text with white space folded; `start`, `end` are offsets in the document's text."""

    document: Line
    left: str
    keyword: str
    right: str
    section: str | None
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Concordances:
    """A page of a concordance: `total` places in `documents` documents. `complete` is False where only a sample of the documents was read."""

    query: str
    total: int
    documents: int
    complete: bool
    lines: tuple[Concordance, ...]


class _Place(NamedTuple):
    document_id: int
    start: int
    end: int
    left: str
    keyword: str
    right: str


def _left(place: _Place) -> Any:
    return alphabetical(WORD.findall(place.left)[: -SORTED_WORDS - 1 : -1])


def _right(place: _Place) -> Any:
    return alphabetical(WORD.findall(place.right)[:SORTED_WORDS])


def _keyword(place: _Place) -> Any:
    return alphabetical(WORD.findall(place.keyword)), _right(place)


SORTED_BY: dict[Sort, Callable[[_Place], Any]] = {"left": _left, "right": _right, "keyword": _keyword}


def kwic(
    corpus: Corpus,
    query: str,
    *,
    filters: Filters = ALL,
    sort: Sort = "document",
    width: int = 60,
    limit: int = 50,
    offset: int = 0,
) -> Concordances:
    """Places where a word or phrase stands, `width` characters of context on each side, whole words. Raises QueryError.

    `document`: newest first; `date`: oldest first; `left`: by the word before, then the one before that; all words in Vietnamese
    alphabetical order. Of a word in more than 1,000 documents (or 20,000 places, or 12 million characters) a random sample of the
    documents is read, always the same; `count_places` reads the same ones.
    """
    reading = Reading(corpus, query, filters=filters, order="oldest" if sort == "date" else "newest")
    places, found_in = [], 0
    for document_id, text, found in reading:
        found_in += 1
        places += [_Place(document_id, start, end, *_context(text, start, end, width)) for start, end in found]
    key: Callable[[_Place], Any] = SORTED_BY.get(sort, lambda _: ())
    places.sort(key=lambda place: (key(place), reading.rank[place.document_id], place.start))
    shown = places[offset : offset + limit]
    ids = sorted({place.document_id for place in shown})
    with corpus.read() as connection:
        named, outlines = lines_of(connection, ids), read_outlines(connection, ids)
    concordance = []
    for place in shown:
        outline = outlines[place.document_id]
        unit = outline.unit(place.start)
        concordance.append(
            Concordance(
                document=named[place.document_id],
                left=place.left,
                keyword=place.keyword,
                right=place.right,
                section=unit.address if unit else None,
                page=outline.page(place.start),
                start=place.start,
                end=place.end,
            )
        )
    return Concordances(query, len(places), found_in, reading.complete, tuple(concordance))


def _context(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    """Left context, keyword, right context; a space that stands between them stays with the context."""
    left = SPACE.sub(" ", text[max(start - 2 * width, 0) : start])
    right = SPACE.sub(" ", text[end : end + 2 * width])
    if len(left) > width or start > 2 * width:
        left = left[-width - 1 :].partition(" ")[2] or left[-width:]
    if len(right) > width or end + 2 * width < len(text):
        right = right[: width + 1].rpartition(" ")[0] or right[:width]
    return left.lstrip(), squeeze(text[start:end]), right.rstrip()


def count_places(corpus: Corpus, query: str, *, filters: Filters = ALL, by: CountBy = "year") -> tuple[tuple[str | None, int], ...]:
    """Places by year (in order of time, unknown last), or by issuer, kind of document or spelling of the keyword (most frequent first).

    Spellings that differ in capitals only are one, shown as it is written most often. The places are those of `kwic`: where its `complete`
    is False, they are counted in a random sample of the documents. Raises QueryError.
    """
    reading = Reading(corpus, query, filters=filters)
    if by == "keyword":
        return _spellings(Counter(squeeze(text[start:end]) for _, text, found in reading for start, end in found))
    places = {document_id: len(found) for document_id, _, found in reading}
    column = documents.c.date if by == "year" else documents.c[by]
    counts: Counter[str | None] = Counter()
    with corpus.read() as connection:
        for document_id, value in connection.execute(select(documents.c.id, column).where(documents.c.id.in_(places))):
            counts[value[:4] if value and by == "year" else value] += places[document_id]
    if by == "year":
        return tuple(sorted(counts.items(), key=lambda count: (count[0] is None, count[0] or "")))
    return _by_frequency(counts)


def _spellings(counts: Counter[str]) -> tuple[tuple[str | None, int], ...]:
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for form, count in sorted(counts.items()):
        forms[lower(form)][form] += count
    return _by_frequency({same.most_common(1)[0][0]: same.total() for same in forms.values()})


def _by_frequency(counts: dict[Any, int]) -> tuple[tuple[str | None, int], ...]:
    return tuple(sorted(counts.items(), key=lambda count: (-count[1], count[0] is None, alphabetical(WORD.findall(count[0] or "")))))
