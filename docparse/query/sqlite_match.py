"""Searches in the language of SQLite's FTS5, and the order of what they find."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select, table, text

from docparse.query.language import And, Near, Not, Or, Query, Words, all_words
from docparse.query.spelling import number_beside_symbol, runs, spellings, with_equals
from docparse.store.schema import documents
from docparse.words import unaccent

WEIGHTS = {"documents_fts": "1.0, 1.0, 4.0", "pairs_fts": "4.0, 1.0"}  # of the columns
HEADING = "heading"


def matching(query: Query, where: ColumnElement[bool] | None) -> Select[Any]:
    """The ids of the documents that a search finds among those of `where`."""
    return _rows_of("documents_fts", expression(with_equals(query)), where)


def ranked(connection: Connection, query: Query, where: ColumnElement[bool] | None, limit: int) -> list[int]:
    """The best documents, best first: all words in the heading; side by side in the text; pairs of them; anywhere. BM25 within each."""
    found: dict[int, None] = {}
    for index, match, implied in _tiers(query):
        if len(found) >= limit:
            break
        chosen = _rows_of(index, match, where)
        if not implied:
            chosen = chosen.where(_in(index, matching(query, None)))
        order = text(f"bm25({index}, {WEIGHTS[index]}), {index}.rowid DESC")
        found.update(dict.fromkeys(connection.scalars(chosen.order_by(order).limit(limit))))
    return list(found)[:limit]


def _rows_of(index: str, match: str, where: ColumnElement[bool] | None) -> Select[Any]:
    found = select(_rowid(index)).select_from(table(index)).where(literal_column(index).op("MATCH", is_comparison=True)(match))
    return found if where is None else found.where(_in(index, select(documents.c.id).where(where)))


def _rowid(index: str) -> ColumnElement[int]:
    return literal_column(f"{index}.rowid")


def _in(index: str, chosen: Select[Any]) -> ColumnElement[bool]:
    """`+`: the index is read once and compared, not asked again for each row of `chosen`."""
    return literal_column(f"+{index}.rowid").in_(chosen)


def _tiers(query: Query) -> Iterator[tuple[str, str, bool]]:
    """What to look for one after another: index, expression, whether whatever it finds matches the search."""
    same = with_equals(query)
    parts = query.parts if isinstance(query, And) else (query,)
    loose = not any(words.exact for words in all_words(query)) and not any(isinstance(part, Not) for part in parts)
    yield "documents_fts", expression(same, only=HEADING), loose
    if near := number_beside_symbol(query):
        yield "documents_fts", expression(near), False
    pairs = [[list(itertools.pairwise(form)) for form in run] for run in runs(query) or () if all(len(form) > 1 for form in run)]
    if pairs:
        together = " AND ".join("(" + " OR ".join("(" + " AND ".join(map(_pair, form)) + ")" for form in run) + ")" for run in pairs)
        yield "pairs_fts", together, loose and all(isinstance(part, Words) and len(part.words) == 1 and not part.prefix for part in parts)
        each = dict.fromkeys(pair for run in pairs for form in run for pair in form)
        if len(each) > 1:
            yield "pairs_fts", " OR ".join(map(_pair, each)), False
    yield "documents_fts", expression(same), True


def _pair(pair: Sequence[str]) -> str:
    return '"' + "_".join(pair) + '"'


def expression(query: Query, *, only: str | None = None) -> str:
    """A search as FTS5 writes it; `only`: in one column and without marks, what must not be there left out.

    >>> expression(Words(("phân", "bổ"), exact=True))
    '{text} : ("phân bổ")'
    """
    match query:
        case Words():
            forms = {query.words} if only and not query.number else spellings(query)
            columns = only or ("text" if query.exact else "folded heading")
            star = " *" if query.prefix else ""
            return f"{{{columns}}} : ({' OR '.join(_phrase(form, fold=bool(only)) + star for form in forms)})"
        case Near(items=items, distance=distance):
            exact = all(item.exact for item in items)
            return (
                f"{{{only or ('text' if exact else 'folded')}}} : NEAR({' '.join(_phrase(item.words, fold=not exact) for item in items)}, {distance})"
            )
        case Or(parts=parts):
            return "(" + " OR ".join(expression(part, only=only) for part in parts) + ")"
        case And(parts=parts):
            wanted = " AND ".join(expression(part, only=only) for part in parts if not isinstance(part, Not))
            unwanted = [expression(part.part) for part in parts if isinstance(part, Not)]
            return f"(({wanted}) NOT ({' OR '.join(unwanted)}))" if unwanted and not only else f"({wanted})"
        case Not():
            raise ValueError("a search for what is not there is refused before")


def _phrase(words: Sequence[str], *, fold: bool) -> str:
    return '"' + " ".join(map(unaccent, words) if fold else words) + '"'
