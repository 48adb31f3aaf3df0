"""Tasks of a corpus with all that a tracker or a file says of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, and_, func, select

from docparse.query.filters import ALL, Filters
from docparse.query.tasks import TaskFilters, TaskLine, every_task
from docparse.store.corpus import Corpus
from docparse.store.schema import agencies, agency_mentions, citations, documents, receipts, task_citations
from docparse.store.views import is_likely_duplicate
from docparse.words import old_tone

EVERY = TaskFilters()
BORN_DIGITAL = ("text_layer", "markup", "plain")


@dataclass(frozen=True, slots=True)
class TrackedTask:
    """A task to be followed up. `document` of the line is where it stands.

    `sha256` is that document by its bytes; `citations` names the documents that the task cites, as people name them;
    `agencies` holds for each lead its names, the most exact first (id of the authority list, full name, as written).
    """

    line: TaskLine
    sha256: str
    citations: tuple[str, ...] = ()
    agencies: tuple[tuple[str, ...], ...] = ()


def tracked_tasks(corpus: Corpus, wanted: TaskFilters = EVERY, *, filters: Filters = ALL, today: dt.date | None = None) -> Iterator[TrackedTask]:
    """The tasks that fit, document by document. Of several files of one document (same number, day and issuer) only one gives tasks:
    the one whose tasks a tracker holds already, else the one that was not scanned, else the first."""
    for document_id, found in groupby(every_task(corpus, wanted, filters=filters, today=today), key=lambda task: task.document.id):
        with corpus.read() as connection:
            if _stands_for(connection, document_id) == document_id:
                yield from _with_names(connection, document_id, list(found))


def of_document(task: TrackedTask) -> str:
    """The document of a task as people name it.

    >>> of_document(task)  # doctest: +SKIP
    'Kế hoạch số 214/KH-SYT ngày 12/3/2026 của Sở Y tế'
    """
    document = task.line.document
    named = name_of(document.doc_type, document.number, document.date, document.title)
    return f"{named} của {document.issuer}" if document.issuer else named


def name_of(doc_type: str | None, number: str | None, date: str | None, title: str | None = None) -> str:
    """A document as people name it; by its title where it has no number. `date`: ISO 8601, a month or a year too.

    >>> name_of("quyết định", "2760/QĐ-BYT", "2023-07-04"), name_of("luật", None, None, "Đất đai")
    ('Quyết định số 2760/QĐ-BYT ngày 4/7/2023', 'Luật Đất đai')
    """
    parts = [doc_type or "văn bản", f"số {number}" if number else title or ""]
    if date and date.count("-") == 2:
        parts.append(f"ngày {day_in_words(date)}")
    elif date:
        parts.append(f"năm {date[:4]}")
    named = " ".join(filter(None, parts))
    return named[:1].upper() + named[1:]


def day_in_words(day: str) -> str:
    """An ISO 8601 day as it is written.

    >>> day_in_words("2026-03-05")
    '5/3/2026'
    """
    date = dt.date.fromisoformat(day)
    return f"{date.day}/{date.month}/{date.year}"


def _stands_for(connection: Connection, document_id: int) -> int:
    """The one of several files of a document whose tasks are sent."""
    this, other = documents.alias("this"), documents.alias("other")
    held = select(receipts.c.id).where(receipts.c.sha256 == other.c.sha256, receipts.c.state != "held").limit(1).exists()
    files = (
        select(other.c.id, other.c.text_origin, held.label("held"))
        .join(this, and_(is_likely_duplicate(this, other), other.c.id != this.c.id))
        .where(this.c.id == document_id)
    )
    others = connection.execute(files).all()
    if not others:
        return document_id
    own = select(other.c.id, other.c.text_origin, held.label("held")).where(other.c.id == document_id)
    ranked = [(not row.held, row.text_origin not in BORN_DIGITAL, row.id) for row in (*others, connection.execute(own).one())]
    return int(min(ranked)[-1])


def _with_names(connection: Connection, document_id: int, tasks: Sequence[TaskLine]) -> Iterator[TrackedTask]:
    sha256 = str(connection.scalar(select(documents.c.sha256).where(documents.c.id == document_id)))
    cited = _cited(connection, document_id)
    names = _agency_names(connection, document_id, {lead for task in tasks for lead in task.leads})
    for task in tasks:
        yield TrackedTask(task, sha256, cited.get(task.position, ()), tuple(names.get(old_tone(lead), (lead,)) for lead in task.leads))


def _cited(connection: Connection, document_id: int) -> Mapping[int, tuple[str, ...]]:
    columns = (citations.c.doc_type, citations.c.number, citations.c.date, citations.c.title)
    of_task = and_(
        citations.c.document_id == task_citations.c.document_id,
        citations.c.position == task_citations.c.citation_position,
    )
    query = select(task_citations.c.task_position, *columns).join(citations, of_task).where(task_citations.c.document_id == document_id)
    found: dict[int, list[str]] = defaultdict(list)
    for position, doc_type, number, date, title in connection.execute(query.order_by(citations.c.position)):
        named = name_of(doc_type, number, date, title)
        if (number or title) and named not in found[position]:
            found[position].append(named)
    return {position: tuple(names) for position, names in found.items()}


def _agency_names(connection: Connection, document_id: int, leads: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For each lead that is an agency mentioned in the document: id, full name, the name as written."""
    query = (
        select(agency_mentions.c.mention, agencies.c.id, func.max(agencies.c.name))
        .join(agencies, agencies.c.id == agency_mentions.c.agency_id)
        .where(agency_mentions.c.document_id == document_id, ~agency_mentions.c.collective)
        .group_by(agency_mentions.c.mention, agencies.c.id)
        .order_by(func.min(agency_mentions.c.position))
    )
    wanted = {old_tone(lead): lead for lead in leads}
    found: dict[str, tuple[str, ...]] = {}
    for mention, agency_id, name in connection.execute(query):
        plain = old_tone(mention)
        if plain in wanted:
            found.setdefault(plain, (agency_id, name, wanted[plain]))
    return found
