"""Searches in the language of SQLite's FTS5, and the order of what they find."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, table, text

from docparse.query.language import And, Near, Not, Or, Query, Words
from docparse.query.spelling import bears, number_beside_symbol, numbers, runs, spellings, with_equals
from docparse.store.schema import documents
from docparse.words import unaccent

WEIGHTS = {"documents_fts": "1.0, 1.0, 4.0", "pairs_fts": "4.0, 1.0"}  # of the columns
HEADING = "heading"
AT_A_TIME = 50  # rows
MOST_OF_A_NUMBER = 500  # documents with a number in their heading that are looked at


ROWID: ColumnElement[int] = literal_column("documents_fts.rowid")


def matching(query: Query, what: ColumnElement[Any] = ROWID) -> Select[Any]:
    """The ids of the documents that a search finds."""
    return _rows_of("documents_fts", expression(with_equals(query)), what)


def find_ids(connection: Connection, query: Query, where: ColumnElement[bool] | None) -> NDArray[np.int64]:
    """The ids of the documents that a search finds among those of `where`."""
    found = matching(query, func.group_concat(ROWID))  # one value: reading it takes half the time of rows
    if where is not None:  # `+`: the index is read once and compared, not asked again for each document
        found = found.where(literal_column("+documents_fts.rowid").in_(select(documents.c.id).where(where)))
    return np.fromstring(connection.scalar(found) or "", sep=",", dtype=np.int64)


def ranked(connection: Connection, query: Query, chosen: NDArray[np.bool_], limit: int) -> list[int]:
    """The best of the chosen documents (a mask by id), best first: its own number; side by side in the heading; all in the
    heading; side by side in the text; pairs of them; anywhere. BM25 within each.
    """
    found: dict[int, None] = dict.fromkeys(document_id for document_id in _own_number(connection, query) if is_in(chosen, document_id))
    for index, match in _tiers(query):
        rows = _rows_of(index, match, literal_column(f"{index}.rowid"))
        order = text(f"bm25({index}, {WEIGHTS[index]}), {index}.rowid DESC")
        for document_id in connection.scalars(rows.order_by(order).execution_options(yield_per=AT_A_TIME)):
            if len(found) >= limit:
                return list(found)
            if is_in(chosen, document_id):
                found[document_id] = None
    return list(found)[:limit]


def is_in(chosen: NDArray[np.bool_], document_id: int) -> bool:
    """Whether a document is chosen."""
    return document_id < len(chosen) and bool(chosen[document_id])


def _own_number(connection: Connection, query: Query) -> list[int]:
    """The documents that bear a number that is searched for, newest first."""
    wanted = numbers(query)
    if not wanted:
        return []
    phrases = f"{{{HEADING}}} : (" + " OR ".join(_phrase(form, fold=True) for form in wanted) + ")"
    ids = connection.scalars(_rows_of("documents_fts", phrases, ROWID).limit(MOST_OF_A_NUMBER)).all()
    found = select(documents.c.id, documents.c.number).where(documents.c.id.in_(ids)).order_by(documents.c.date.desc(), documents.c.id.desc())
    return [row.id for row in connection.execute(found) if bears(row.number, wanted)]


def _rows_of(index: str, match: str, what: ColumnElement[Any]) -> Select[Any]:
    return select(what).select_from(table(index)).where(literal_column(index).op("MATCH", is_comparison=True)(match))


def _tiers(query: Query) -> Iterator[tuple[str, str]]:
    """What to look for one after another: index and expression. Not all that is found there matches the search."""
    same = with_equals(query)
    pairs = [[list(itertools.pairwise(form)) for form in run] for run in runs(query) or () if all(len(form) > 1 for form in run)]
    together = " AND ".join("(" + " OR ".join("(" + " AND ".join(map(_pair, form)) + ")" for form in run) + ")" for run in pairs)
    if together:
        yield "pairs_fts", f"{{{HEADING}}} : ({together})"
    yield "pairs_fts", expression(same, only=HEADING)
    if near := number_beside_symbol(query):
        yield "documents_fts", expression(near)
    if together:
        yield "pairs_fts", together
        each = dict.fromkeys(pair for run in pairs for form in run for pair in form)
        if len(each) > 1:
            yield "pairs_fts", " OR ".join(map(_pair, each))
    yield "documents_fts", expression(same)


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
