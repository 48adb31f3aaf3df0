"""The corpus for notebooks and scripts: `docparse.open_corpus(url)` gives the questions of `docparse.query` as methods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

from sqlalchemy import Connection

from docparse.choose import Given, choose
from docparse.frames import Library, frame
from docparse.query import agencies as _agencies
from docparse.query import citations as _citations
from docparse.query import documents as _documents
from docparse.query import facets as _facets
from docparse.query import graphs as _graphs
from docparse.query import kwic as _kwic
from docparse.query import passages as _passages
from docparse.query import search as _search
from docparse.query import tasks as _tasks
from docparse.query.filters import ALL, Filters
from docparse.store.corpus import Corpus

EVERY_TASK = _tasks.TaskFilters()


class Research:
    """A corpus to read from; nothing in it can be changed through this. It is a context manager that closes the corpus.

    Answers are dataclasses; `frame` makes a DataFrame of one. Documents are named by `documents.id`, which `find` gives for a number, a file name
    or the beginning of a SHA-256. `filters` makes the filters that most questions take.
    """

    def __init__(self, where: str, *, query_seconds: float | None = None) -> None:
        """Open a corpus: the path of an SQLite file or a URL. Questions that take longer than `query_seconds` end in a QueryError.

        Raises CorpusError where there is no corpus.
        """
        self.corpus = Corpus(where, read_only=True, query_seconds=query_seconds)

    def __enter__(self) -> Research:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.corpus.close()

    def connection(self) -> AbstractContextManager[Connection]:
        """A connection of SQLAlchemy that cannot write, for SQL of your own: `with corpus.connection() as sql: pandas.read_sql("SELECT …", sql)`."""
        return self.corpus.read()

    def frame(self, answer: object, *, library: Library | None = None) -> Any:
        """An answer as a DataFrame of pandas or polars: `docparse.frames.frame`. Raises MissingTool if neither is installed."""
        return frame(answer, library=library)

    def filters(
        self,
        *,
        doc_type: Given = (),
        issuer: Given = (),
        level: Given = (),
        province: Given = (),
        year: Given = (),
        month: Given = (),
        cited: Given = (),
        lead: Given = (),
        status: Given = (),
        origin: Given = (),
        first_day: dt.date | str | None = None,
        last_day: dt.date | str | None = None,
    ) -> Filters:
        """Filters from values as people write them, as `docparse.choose` takes them: `filters(doc_type="ke hoach", year=[2024, 2025])`."""
        return choose(
            self.corpus,
            doc_type=doc_type,
            issuer=issuer,
            level=level,
            province=province,
            year=year,
            month=month,
            cited=cited,
            lead=lead,
            status=status,
            origin=origin,
            first_day=first_day,
            last_day=last_day,
        )

    def search(
        self, query: str = "", *, filters: Filters = ALL, order: _search.Order = "relevance", limit: int = 10, offset: int = 0
    ) -> _search.Results:
        """Find documents; an empty query finds all that fit the filters, newest first. Raises QueryError if the query cannot be read."""
        return _search.search(self.corpus, query, filters=filters, order=order, limit=limit, offset=offset)

    def facets(
        self, query: str = "", *, filters: Filters = ALL, names: Sequence[_facets.Facet] = _facets.FACETS, limit: int = 10
    ) -> dict[_facets.Facet, tuple[_facets.Count, ...]]:
        """The most frequent values of each facet among the documents that match."""
        return _facets.facets(self.corpus, query, filters=filters, names=names, limit=limit)

    def series(self, query: str = "", *, filters: Filters = ALL, by: Literal["year", "month"] = "month") -> tuple[_facets.Count, ...]:
        """Documents that match by time of issue."""
        return _facets.series(self.corpus, query, filters=filters, by=by)

    def crosstab(
        self, rows: _facets.Facet, columns: _facets.Facet, query: str = "", *, filters: Filters = ALL, limit: int = 20
    ) -> _facets.CrossTable:
        """Documents that match by two facets at once."""
        return _facets.crosstab(self.corpus, rows, columns, query, filters=filters, limit=limit)

    def kwic(
        self, query: str, *, filters: Filters = ALL, sort: _kwic.Sort = "document", width: int = 60, limit: int = 50, offset: int = 0
    ) -> _kwic.Concordances:
        """Places where a word or phrase stands, with `width` characters on each side. Raises QueryError."""
        return _kwic.kwic(self.corpus, query, filters=filters, sort=sort, width=width, limit=limit, offset=offset)

    def count_places(self, query: str, *, filters: Filters = ALL, by: _kwic.CountBy = "year") -> tuple[tuple[str | None, int], ...]:
        """How often a word or phrase stands, by year, issuer, kind of document or spelling."""
        return _kwic.count_places(self.corpus, query, filters=filters, by=by)

    def collocates(self, query: str, *, filters: Filters = ALL, span: int = 5, limit: int = 30) -> tuple[_kwic.Collocate, ...]:
        """Words that stand near a word or phrase more often than elsewhere, best first."""
        return _kwic.collocates(self.corpus, query, filters=filters, span=span, limit=limit)

    def find(self, name: str) -> int:
        """The id of the document with this id, number, file name or beginning of the SHA-256. Raises MissingEntry for none and for several."""
        return _documents.find_document(self.corpus, name)

    def document(self, document_id: int) -> _documents.Document:
        """A document with its record. Raises MissingEntry."""
        return _documents.document(self.corpus, document_id)

    def similar(self, document_id: int, *, limit: int = 10) -> tuple[tuple[_search.Line, float], ...]:
        """Documents that share most of the text of this one, with the share (0 to 1)."""
        return _passages.similar(self.corpus, document_id, limit=limit)

    def compare(self, document_id: int, other_id: int) -> _passages.Comparison:
        """Paragraph by paragraph, what of a document stands in another one and what is new."""
        return _passages.compare(self.corpus, document_id, other_id)

    def cites(self, document_id: int) -> tuple[tuple[_citations.Link, _citations.Cited], ...]:
        """What a document cites, by relation."""
        return _citations.cites(self.corpus, document_id)

    def cited_by(self, document_id: int, *, limit: int = 100, offset: int = 0) -> tuple[tuple[_citations.Link, _search.Line], ...]:
        """What cites a document, newest first."""
        return _citations.cited_by(self.corpus, document_id, limit=limit, offset=offset)

    def citing_key(self, key: str, *, limit: int = 100, offset: int = 0) -> tuple[tuple[_citations.Link, _search.Line], ...]:
        """What cites the document with this key, such as `luật:31/2024/QH15`, whether the corpus has it or not."""
        return _citations.citing_key(self.corpus, key, limit=limit, offset=offset)

    def count_citing(self, document_id: int) -> int:
        """How many documents cite a document for certain."""
        return _citations.count_citing(self.corpus, document_id)

    def most_cited(self, *, filters: Filters = ALL, relation: str | None = None, limit: int = 20, offset: int = 0) -> tuple[_citations.Cited, ...]:
        """What the documents cite most, by the number of citing documents."""
        return _citations.most_cited(self.corpus, filters=filters, relation=relation, limit=limit, offset=offset)

    def neighbourhood(self, document_id: int, *, depth: int = 1, limit: int = 60) -> _graphs.Graph:
        """The document with what it cites and what cites it, `depth` steps both ways."""
        return _graphs.neighbourhood(self.corpus, document_id, depth=depth, limit=limit)

    def chains(self, document_id: int, *, relation: str = "basis", depth: int = 4) -> _graphs.Graph:
        """The basis of the basis and so on, or another relation, `depth` steps."""
        return _graphs.chains(self.corpus, document_id, relation=relation, depth=depth)

    def whole_graph(self, *, filters: Filters = ALL) -> _graphs.Graph:
        """All that the documents cite, with every document that cites or is cited."""
        return _graphs.whole_graph(self.corpus, filters=filters)

    def unfounded(self, *, filters: Filters = ALL, limit: int = 100) -> tuple[_citations.Unfounded, ...]:
        """Documents whose basis another document of the corpus repeals or replaces."""
        return _citations.unfounded(self.corpus, filters=filters, limit=limit)

    def agencies(self, name: str = "", *, filters: Filters = ALL, limit: int = 50, offset: int = 0) -> tuple[_agencies.AgencyLine, ...]:
        """Agencies whose name or alias has these words, most mentioned first."""
        return _agencies.agencies(self.corpus, name, filters=filters, limit=limit, offset=offset)

    def agency(self, agency_id: str, *, limit: int = 20) -> _agencies.Agency:
        """One agency, with its newest documents and tasks. Raises MissingEntry."""
        return _agencies.agency(self.corpus, agency_id, limit=limit)

    def tasks(
        self,
        wanted: _tasks.TaskFilters = EVERY_TASK,
        *,
        filters: Filters = ALL,
        today: dt.date | None = None,
        soon_days: int = 30,
        limit: int = 50,
        offset: int = 0,
    ) -> _tasks.TaskPage:
        """Tasks by deadline, those without one last; `soon` is from `today` for `soon_days` days."""
        return _tasks.task_list(self.corpus, wanted, filters=filters, today=today, soon_days=soon_days, limit=limit, offset=offset)

    def count_due(
        self, wanted: _tasks.TaskFilters = EVERY_TASK, *, filters: Filters = ALL, today: dt.date | None = None, soon_days: int = 30
    ) -> dict[_tasks.Due, int]:
        """How many tasks are overdue, soon, later, recurring or without a deadline."""
        return _tasks.count_due(self.corpus, wanted, filters=filters, today=today, soon_days=soon_days)

    def calendar(
        self, month: dt.date, wanted: _tasks.TaskFilters = EVERY_TASK, *, filters: Filters = ALL, today: dt.date | None = None
    ) -> dict[dt.date, Sequence[_tasks.TaskLine]]:
        """The tasks that end on each day of a month, recurring ones on each of their days."""
        return _tasks.calendar(self.corpus, month, wanted, filters=filters, today=today)


def open_corpus(where: str, *, query_seconds: float | None = None) -> Research:
    """Open a corpus to read from: the path of an SQLite file or `postgresql://user@host/name`.

    with docparse.open_corpus("corpus.db") as corpus:
        for hit in corpus.search("phan bo von").hits:
            print(hit.document.number, hit.document.title)

    Raises CorpusError where there is no corpus.
    """
    return Research(where, query_seconds=query_seconds)
