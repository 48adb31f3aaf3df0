"""Citations across documents: what a document cites and what cites it, the most cited, what stands on what was repealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, distinct, func, select

from docparse.find.relations import RETELLING
from docparse.query.cited_names import find_stated, key_reach, name_fully, split_key
from docparse.query.documents import lines
from docparse.query.filters import ALL, Filters
from docparse.query.search import Line
from docparse.store.corpus import Corpus
from docparse.store.schema import citations, document_keys, documents
from docparse.store.views import named_documents, names_for

RELATIONS = ("basis", "implements", "amends", "replaces", "repeals", "issues", "answers", "mentions")
ENDING = ("repeals", "replaces")
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited document: in the corpus (`document`) or known by its key only. `documents` cite it, `mentions` times."""

    key: str
    name: str
    document: Line | None
    documents: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Link:
    """One document cites another by a relation. `key` is the cited one's; `cited_id` is None where it is absent or ambiguous."""

    citing_id: int
    key: str
    relation: str
    cited_id: int | None
    mentions: int


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A document that stands on one that was repealed or replaced before it was issued or since: `by` repeals or replaces `basis`."""

    document: Line
    basis_key: str
    basis: Line | None
    relation: str
    by: Line


def most_cited(corpus: Corpus, *, filters: Filters = ALL, relation: str | None = None, limit: int = 20, offset: int = 0) -> tuple[Cited, ...]:
    """What the documents cite most, by the number of citing documents.

    A document is counted under each of its keys: one that others cite with and without its year stands there twice.
    """
    where: list[ColumnElement[bool]] = [citations.c.key.is_not(None)]
    if relation:
        where.append(citations.c.relation == relation)
    if (condition := filters.condition()) is not None:
        where.append(citations.c.document_id.in_(select(documents.c.id).where(condition)))
    with corpus.read() as connection:
        counted = _count(connection, where, limit=limit, offset=offset)
        keys = [cited.key for cited in counted]
        resolved, homes = resolve_keys(connection, keys), _homes(connection, keys)
    at_home = {key: document_id for key in keys if (document_id := resolved.get((key, homes.get(key))))}
    line = lines(corpus, list(at_home.values()))
    return tuple(replace(cited, document=line.get(at_home.get(cited.key, 0))) for cited in counted)


def cites(corpus: Corpus, document_id: int) -> tuple[tuple[Link, Cited], ...]:
    """What a document cites, by relation, then in the order of its text. The counts of `Cited` are those of the whole corpus."""
    own = citations.c.document_id == document_id
    keys = select(citations.c.key).where(own)
    with corpus.read() as connection:
        found = find_links(connection, keys, own)
        counted = {cited.key: cited for cited in _count(connection, [citations.c.key.in_(keys)])}
        first = dict(connection.execute(select(citations.c.key, func.min(citations.c.position)).where(own).group_by(citations.c.key)).all())
    line = lines(corpus, [link.cited_id for link in found if link.cited_id])
    found.sort(key=lambda link: (RELATIONS.index(link.relation), first[link.key]))
    return tuple((link, replace(counted[link.key], document=line.get(link.cited_id or 0))) for link in found)


def cited_by(corpus: Corpus, document_id: int, *, limit: int = 100, offset: int = 0) -> tuple[tuple[Link, Line], ...]:
    """What cites a document for certain, newest first; other files of the same document are cited by the same ones."""
    keys = select(document_keys.c.key).where(document_keys.c.document_id == document_id)
    others = citations.c.document_id != document_id
    return _citing(corpus, keys, others, linked=True, limit=limit, offset=offset)


def count_citing(corpus: Corpus, document_id: int) -> int:
    """How many documents cite a document for certain."""
    query = _citing_for_certain([document_id], func.count(distinct(citations.c.document_id)))
    with corpus.read() as connection:
        return connection.scalar(query) or 0


def citing_key(corpus: Corpus, key: str, *, limit: int = 100, offset: int = 0) -> tuple[tuple[Link, Line], ...]:
    """What cites the document with this key, whether the corpus has it or not, newest first."""
    keys = select(document_keys.c.key).where(document_keys.c.key == key)
    return _citing(corpus, keys, citations.c.key == key, linked=False, limit=limit, offset=offset)


def unfounded(corpus: Corpus, *, filters: Filters = ALL, limit: int = 100) -> tuple[Unfounded, ...]:
    """Documents whose basis another document of the corpus repeals or replaces as a whole, newest first; `by` is the first that did so.

    Only keys count that name one document: for both documents, or in the province from which both come.
    """
    with corpus.read() as connection:
        found = list(islice(_unfounded(connection, filters.condition()), limit))
        basis = resolve_keys(connection, [key for _, key, *_ in found])
    line = lines(corpus, [number for row in found for number in (row[0], row[3], basis.get((row[1], row[4])) or 0) if number])
    return tuple(
        Unfounded(line[document_id], key, line.get(basis.get((key, province)) or 0), relation, line[by])
        for document_id, key, relation, by, province in found
    )


def find_links(
    connection: Connection, keys: Select[Any], *where: ColumnElement[bool], linked: bool = False, limit: int | None = None, offset: int = 0
) -> list[Link]:
    """Links for the citations that fulfil `where`, newest citing document first; `linked` leaves out what is absent or ambiguous.

    `keys` chooses the keys that they may hold: only those are looked up, and not what every key of the corpus names.
    """
    named = named_documents(document_keys.c.key.in_(keys)).subquery("named")
    one = names_for(named.c.cited_id, named.c.only, documents.c.province)
    order = (documents.c.date.desc().nulls_last(), citations.c.document_id.desc(), citations.c.key, citations.c.relation)
    query = (
        select(citations.c.document_id, citations.c.key, citations.c.relation, func.max(case((one, named.c.cited_id))), func.count())
        .join(documents, documents.c.id == citations.c.document_id)
        .outerjoin(named, named.c.key == citations.c.key)
        .where(citations.c.key.is_not(None), *where)
        .group_by(documents.c.date, citations.c.document_id, citations.c.key, citations.c.relation)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    if linked:
        query = query.where(citations.c.key.in_(keys), one)
    return [Link(*row) for row in connection.execute(query)]


def find_citing(connection: Connection, cited: Sequence[int], *, limit: int) -> list[int]:
    """The documents that cite one of these for certain, newest first."""
    query = (
        _citing_for_certain(cited, citations.c.document_id)
        .group_by(documents.c.date, citations.c.document_id)
        .order_by(documents.c.date.desc().nulls_last(), citations.c.document_id.desc())
    )
    return list(connection.scalars(query.limit(limit)))


def _citing_for_certain(cited: Sequence[int], column: ColumnElement[Any]) -> Select[Any]:
    keys = select(document_keys.c.key).where(document_keys.c.document_id.in_(cited))
    named = named_documents(document_keys.c.key.in_(keys)).subquery("named")
    return (
        select(column)
        .select_from(citations)
        .join(documents, documents.c.id == citations.c.document_id)
        .join(named, named.c.key == citations.c.key)
        .where(names_for(named.c.cited_id, named.c.only, documents.c.province), citations.c.key.in_(keys), citations.c.document_id.not_in(cited))
    )


def _homes(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """The province of all documents that cite a key, where that is one."""
    province = documents.c.province
    query = (
        select(citations.c.key, func.min(province).label("province"))
        .join(documents, documents.c.id == citations.c.document_id)
        .where(citations.c.key.in_(keys))
        .group_by(citations.c.key)
        .having(func.count(distinct(func.coalesce(province, ""))) == 1)
    )
    return {row.key: row.province for row in connection.execute(query) if row.province}


def resolve_keys(connection: Connection, keys: Iterable[str]) -> Resolved:
    """What each key names."""
    rows = connection.execute(named_documents(document_keys.c.key.in_(set(keys))))
    return Resolved({row.key: (row.cited_id, row.only) for row in rows})


class Resolved:
    """Documents by key and the province of the citing document."""

    def __init__(self, named: dict[str, tuple[int | None, str | None]]) -> None:
        self._named = named

    def get(self, cited: tuple[str, str | None]) -> int | None:
        """The document that a key names in a document from a province, None if it is absent or ambiguous."""
        document_id, only = self._named.get(cited[0], (None, None))
        return document_id if only in (None, cited[1]) else None


def _count(connection: Connection, where: Sequence[ColumnElement[bool]], *, limit: int | None = None, offset: int = 0) -> list[Cited]:
    citing = func.count(distinct(citations.c.document_id))
    query = (
        select(citations.c.key, citing, func.count())
        .where(*where)
        .group_by(citations.c.key)
        .order_by(citing.desc(), citations.c.key)
        .limit(limit)
        .offset(offset)
    )
    rows = connection.execute(query).all()
    stated = find_stated(connection, [key for key, *_ in rows])
    return [Cited(key, name_fully(key, stated[key]), None, count, mentions) for key, count, mentions in rows]


def _citing(corpus: Corpus, keys: Select[Any], where: ColumnElement[bool], *, linked: bool, limit: int, offset: int) -> tuple[tuple[Link, Line], ...]:
    with corpus.read() as connection:
        found = find_links(connection, keys, where, linked=linked, limit=limit, offset=offset)
    line = lines(corpus, [link.citing_id for link in found])
    return tuple((link, line[link.citing_id]) for link in found)


def _unfounded(connection: Connection, condition: ColumnElement[bool] | None) -> Iterator[tuple[int, str, str, int, str | None]]:
    """Document, key of its basis, relation, what ended that, province of the document."""
    ended = citations.c.relation.in_(ENDING) & (citations.c.provisions == "[]") & citations.c.key.is_not(None)
    query = (
        select(citations.c.key, citations.c.relation, citations.c.document_id, documents.c.date, documents.c.doc_type, documents.c.province)
        .join(documents, documents.c.id == citations.c.document_id)
        .where(ended)
        .distinct()
        .order_by(citations.c.key, documents.c.date, citations.c.document_id, citations.c.relation)
    )
    enders = {key: list(rows) for key, rows in groupby(connection.execute(query).all(), key=lambda row: str(row.key))}
    other = citations.alias("other")
    ended_keys = select(other.c.key).where(other.c.relation.in_(ENDING), other.c.provisions == "[]")
    standing = (
        select(documents.c.date, citations.c.document_id, citations.c.key, documents.c.province)
        .join(documents, documents.c.id == citations.c.document_id)
        .where(citations.c.relation == "basis", citations.c.key.in_(ended_keys))
        .distinct()
        .order_by(documents.c.date.desc().nulls_last(), citations.c.document_id.desc(), citations.c.key)
    )
    if condition is not None:
        standing = standing.where(condition)
    for row in connection.execute(standing.execution_options(yield_per=ROWS_AT_ONCE)):
        for ender in enders[row.key]:
            if ender.document_id != row.document_id and _can_end(row.key, row.province, ender.doc_type, ender.province):
                yield row.document_id, row.key, ender.relation, ender.document_id, row.province
                break


def _can_end(key: str, province: str | None, by_type: str | None, by_province: str | None) -> bool:
    """Whether a document may repeal or replace the one that a key names in a document from `province`.

    What a letter or report says is done by others; a local body ends nothing of a central one, and nothing but a law ends a law.
    """
    parts, reach = split_key(key), key_reach(key)
    if by_type in RETELLING:
        return by_type == parts.kind and reach != "none"
    if parts.is_law and by_type and not split_key(by_type).is_law:
        return False
    if reach == "all":
        return bool(parts.issuer) or by_province is None
    return reach == "province" and by_province is not None and by_province == province
