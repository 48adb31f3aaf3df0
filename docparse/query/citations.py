"""The citation graph: what a document cites and what cites it, the most cited, chains, what stands on what was repealed."""

from __future__ import annotations

from dataclasses import dataclass

from docparse.query.filters import ALL, Filters
from docparse.query.search import Line
from docparse.store.corpus import Corpus


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
class Node:
    """A document of a graph: `id` is `document:12` or `key:luật:31/2024/QH15`."""

    id: str
    label: str
    title: str | None
    document_id: int | None
    distance: int


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` cites `target` by `relation`."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A part of the citation graph; `cut` says that there is more than fits."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A document that stands on one that was repealed or replaced before it was issued or since: `by` repeals or replaces `basis`."""

    document: Line
    basis_key: str
    basis: Line | None
    relation: str
    by: Line


def most_cited(corpus: Corpus, *, filters: Filters = ALL, relation: str | None = None, limit: int = 20, offset: int = 0) -> tuple[Cited, ...]:
    """What the documents cite most, by the number of citing documents."""
    raise NotImplementedError


def cites(corpus: Corpus, document_id: int) -> tuple[tuple[Link, Cited], ...]:
    """What a document cites, by relation."""
    raise NotImplementedError


def cited_by(corpus: Corpus, document_id: int, *, limit: int = 100, offset: int = 0) -> tuple[tuple[Link, Line], ...]:
    """What cites a document, newest first."""
    raise NotImplementedError


def citing_key(corpus: Corpus, key: str, *, limit: int = 100, offset: int = 0) -> tuple[tuple[Link, Line], ...]:
    """What cites the document with this key, whether the corpus has it or not."""
    raise NotImplementedError


def chains(corpus: Corpus, document_id: int, *, relation: str = "basis", depth: int = 4) -> Graph:
    """The basis of the basis and so on (or another relation), `depth` steps."""
    raise NotImplementedError


def neighbourhood(corpus: Corpus, document_id: int, *, depth: int = 1, limit: int = 60) -> Graph:
    """The document with what it cites and what cites it, `depth` steps both ways, at most `limit` nodes, nearest and most cited first."""
    raise NotImplementedError


def unfounded(corpus: Corpus, *, filters: Filters = ALL, limit: int = 100) -> tuple[Unfounded, ...]:
    """Documents whose basis another document of the corpus repeals or replaces."""
    raise NotImplementedError
