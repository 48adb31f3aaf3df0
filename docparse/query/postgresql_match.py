"""Searches in the language of PostgreSQL's tsquery, and the order of what they find."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, cast, func, literal, literal_column, not_, or_, select, true

from docparse.query.language import And, Near, Not, Or, Query, Words, positive
from docparse.query.spelling import bears, number_beside_symbol, numbers, spellings, with_equals
from docparse.store.schema import documents
from docparse.words import WORD, unaccent

CANDIDATES = 200  # documents that are put in order, the best by the server's own measure
K1, B = 1.2, 0.75  # BM25 as in SQLite
IN_HEADING = 4.0  # weight against the text


def matching(query: Query) -> Select[Any]:
    """The ids of the documents that a search finds."""
    return select(documents.c.id).where(_condition(with_equals(query)))


def find_ids(connection: Connection, query: Query, where: ColumnElement[bool] | None) -> NDArray[np.int64]:
    """The ids of the documents that a search finds among those of `where`."""
    found = matching(query)
    return np.array(connection.scalars(found if where is None else found.where(where)).all(), dtype=np.int64)


def ranked(connection: Connection, query: Query, chosen: NDArray[np.bool_], limit: int) -> list[int]:
    """The best of the chosen documents (a mask by id), best first: all words in the heading; a number beside its symbol; the others.

    Within each BM25 over words and neighbouring words counts. Of many matches the first by the server's own `ts_rank_cd` are compared.
    """
    same, near = with_equals(query), number_beside_symbol(query)
    wanted = " | ".join(dict.fromkeys(_query(part, fold=True) for part in positive(query)))
    first = [cast(_condition(same, only="heading"), Integer), cast(_condition(near), Integer) if near else literal(0)]
    server = func.ts_rank_cd(literal_column("documents.folded_words"), _tsquery(wanted), 1)
    found = select(documents.c.id, *(column.label(f"tier_{at}") for at, column in enumerate(first))).where(
        documents.c.id.in_(chosen.nonzero()[0].tolist())
    )
    best = found.order_by(*(column.desc() for column in (*first, server, documents.c.id))).limit(max(CANDIDATES, limit)).subquery()
    texts = select(best, documents.c.heading, documents.c.folded, documents.c.number).join(documents, documents.c.id == best.c.id)
    rows = connection.execute(texts).all()
    wanted_numbers = numbers(query)
    scores = _bm25([(row.heading or "", row.folded) for row in rows], query)
    order = sorted(
        range(len(rows)), key=lambda at: (not bears(rows[at].number, wanted_numbers), -rows[at].tier_0, -rows[at].tier_1, -scores[at], -rows[at].id)
    )
    return [rows[at].id for at in order[:limit]]


def _bm25(texts: Sequence[tuple[str, str]], query: Query) -> list[float]:
    """The worth of each text (heading, body) among them."""
    words = [tuple(map(unaccent, part.words)) for found in positive(query) for part in (found.items if isinstance(found, Near) else [found])]  # type: ignore[union-attr]
    typed = [word for part in words for word in part]
    terms = list(dict.fromkeys([*((word,) for word in typed), *itertools.pairwise(typed)]))
    counted = []
    for heading, body in texts:
        found: Counter[tuple[str, ...]] = Counter()
        for text_, weight in ((heading, IN_HEADING), (body, 1.0)):
            tokens = WORD.findall(text_)
            for term in terms:
                times = sum(1 for at in range(len(tokens) - len(term) + 1) if tokens[at] == term[0] and tuple(tokens[at : at + len(term)]) == term)
                found[term] += times * weight  # type: ignore[assignment]
        counted.append((found, len(body)))
    mean = sum(length for _, length in counted) / len(counted) if counted else 1.0
    having = {term: sum(1 for found, _ in counted if found[term]) for term in terms}
    return [
        sum(
            math.log(1 + (len(counted) - having[term] + 0.5) / (having[term] + 0.5))
            * found[term]
            * (K1 + 1)
            / (found[term] + K1 * (1 - B + B * length / (mean or 1.0)))
            for term in terms
        )
        for found, length in counted
    ]


def _condition(query: Query, *, only: str | None = None) -> ColumnElement[bool]:
    """The condition; `only`: in one column and without marks, what must not be there left out."""
    match query:
        case Not(part=part):
            return true() if only else not_(_condition(part))
        case Or(parts=parts):
            return or_(*(_condition(part, only=only) for part in parts))
        case And(parts=parts):
            return and_(*(_condition(part, only=only) for part in parts))
        case Words(exact=exact) | Near(items=(Words(exact=exact), *_)):
            columns = [only] if only else ["text"] if exact else ["folded", "heading"] if isinstance(query, Words) else ["folded"]
            return or_(*(_holds(column, _query(query, fold=bool(only) or not exact)) for column in columns))
    raise ValueError(query)


def _holds(column: str, query: str) -> ColumnElement[bool]:
    return literal_column(f"documents.{column}_words").op("@@", is_comparison=True)(_tsquery(query))


def _tsquery(query: str) -> ColumnElement[object]:
    return func.to_tsquery("simple", query)


def _query(query: Query, *, fold: bool) -> str:
    """Words as a tsquery: quoted, so that nothing in them is a sign of its language.

    >>> _query(Words(("phân", "bổ"), exact=True), fold=False)
    "('phân' <-> 'bổ')"
    """
    match query:
        case Words():
            return _any([_row(form, fold=fold, prefix=query.prefix) for form in spellings(query)])
        case Near(items=items, distance=distance):
            first, *others = items
            both = [_any([_apart(first, other, between, fold=fold) for between in range(distance + 1)]) for other in others]
            return "(" + " & ".join(both) + ")"
    raise ValueError(query)


def _apart(one: Words, other: Words, between: int, *, fold: bool) -> str:
    first, second = _query(one, fold=fold), _query(other, fold=fold)
    return f"({first} <{between + 1}> {second} | {second} <{between + 1}> {first})"


def _row(words: Sequence[str], *, fold: bool, prefix: bool) -> str:
    quoted = ["'" + (unaccent(word) if fold else word).replace("'", "''") + "'" for word in words]
    if prefix:
        quoted[-1] += ":*"
    return "(" + " <-> ".join(quoted) + ")" if len(quoted) > 1 else quoted[0]


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + " | ".join(parts) + ")"
