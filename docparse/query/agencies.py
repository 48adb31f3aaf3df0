"""Agencies: who they are, were and became; what they issue, lead and support."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, distinct, func, select

from docparse.errors import MissingEntry
from docparse.find import authority
from docparse.find.places import provinces
from docparse.query.agency_spellings import UNLISTED, Spellings
from docparse.query.documents import lines
from docparse.query.filters import ALL, Filters
from docparse.query.folding import holding
from docparse.query.search import Line
from docparse.query.tasks import Found, Role, Span, TaskLine, actor_names, build_page, find_tasks, of_actors
from docparse.store.corpus import Corpus
from docparse.store.schema import agencies as agency_table
from docparse.store.schema import agency_mentions, documents, task_actors

NOTHING = Found(0, (), {}, {})


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency in a list; counts are documents of the corpus that mention it, that it issued, and tasks that it leads."""

    id: str
    name: str
    kind: str | None
    level: str | None
    place: str | None
    mentioned: int
    issued: int
    led: int


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency with the knowledge of the authority list (empty where it is not listed) and its newest documents and tasks.

    `predecessors`, `successors`: (id, name). `valid_from`, `valid_to`: ISO 8601 days as far as known.
    """

    line: AgencyLine
    aliases: tuple[str, ...]
    valid_from: str | None
    valid_to: str | None
    predecessors: tuple[tuple[str, str], ...]
    successors: tuple[tuple[str, str], ...]
    issued: tuple[Line, ...]
    leads: tuple[TaskLine, ...]
    supports: tuple[TaskLine, ...]


def agencies(corpus: Corpus, name: str = "", *, filters: Filters = ALL, limit: int = 50, offset: int = 0) -> tuple[AgencyLine, ...]:
    """Agencies whose name or alias has these words (marks may be left out), most mentioned first. With filters all counts are of those documents.

    Tasks name who leads them as the text does: `Sở Nội vụ` in a document from Hà Tĩnh counts for Sở Nội vụ tỉnh Hà Tĩnh, in one of a central
    body for none; `các sở` for none.
    """
    condition = filters.condition()
    chosen = None if condition is None else select(documents.c.id).where(condition)
    mentioned = func.count(distinct(agency_mentions.c.document_id))
    counted = select(agency_mentions.c.agency_id, mentioned.label("mentioned")).group_by(agency_mentions.c.agency_id)
    if chosen is not None:
        # `+ 0`: through the index of agencies once, not from document to document through whole rows
        counted = counted.where((agency_mentions.c.document_id + 0).in_(chosen))
    with corpus.read() as connection:
        if name.strip():
            counted = counted.where(agency_mentions.c.agency_id.in_(_named(connection, name)))
        page = counted.order_by(mentioned.desc(), agency_mentions.c.agency_id).limit(limit).offset(offset).subquery("page")
        query = select(agency_table, page.c.mentioned).join(page, page.c.agency_id == agency_table.c.id)
        rows = connection.execute(query.order_by(page.c.mentioned.desc(), agency_table.c.id)).all()
        issued = _issued(connection, [row.id for row in rows], condition)
        names = actor_names(connection)
        led = {row.id: _led(connection, Spellings.of(row.id, _name(row.id, row.name)), names, chosen) for row in rows}
    return tuple(
        AgencyLine(row.id, _name(row.id, row.name), row.kind, row.level, row.place, row.mentioned, issued.get(row.id, 0), led[row.id]) for row in rows
    )


def agency(corpus: Corpus, agency_id: str, *, limit: int = 20, today: dt.date | None = None) -> Agency:
    """One agency with its newest documents and the first `limit` tasks by deadline. Raises MissingEntry.

    One that the corpus does not mention is there if the authority list has it.
    """
    span = Span.of(today, 30)
    listed = _listed(agency_id)
    newest = select(documents.c.id).where(documents.c.issuer_id == agency_id)
    newest = newest.order_by(documents.c.date.desc().nulls_last(), documents.c.id.desc()).limit(limit)
    with corpus.read() as connection:
        known = listed or connection.execute(select(agency_table).where(agency_table.c.id == agency_id)).one_or_none()
        if known is None:
            raise MissingEntry(agency_id)
        mentioned = select(func.count(distinct(agency_mentions.c.document_id))).where(agency_mentions.c.agency_id == agency_id)
        newest = (
            select(documents.c.id).where(documents.c.issuer_id == agency_id).order_by(documents.c.date.desc().nulls_last(), documents.c.id.desc())
        )
        issued = list(connection.scalars(newest.limit(limit)))
        counts = connection.scalar(mentioned) or 0, _issued(connection, [agency_id], None).get(agency_id, 0)
        named = Spellings.of(agency_id, known.name).among(actor_names(connection))
        leads, supports = (_tasks(connection, role, named, limit) for role in ("lead", "support"))
    line = lines(corpus, issued)
    return Agency(
        AgencyLine(agency_id, known.name, known.kind, known.level, known.place or None, *counts, leads.total),
        _aliases(agency_id),
        listed.valid_from or None if listed else None,
        listed.valid_to or None if listed else None,
        tuple((before, authority.agency(before).name) for before in _predecessors(agency_id)) if listed else (),
        ((listed.successor, authority.agency(listed.successor).name),) if listed and listed.successor else (),
        tuple(line[document_id] for document_id in issued),
        build_page(corpus, leads, span).tasks,
        build_page(corpus, supports, span).tasks,
    )


def _named(connection: Connection, name: str) -> list[str]:
    """The agencies with these words in their name, or in one of their aliases together with their place."""
    rows = connection.execute(select(agency_table.c.id, agency_table.c.name, agency_table.c.place))
    spelled = {
        agency_id: [known, _name(agency_id, known), *(f"{alias} {place or ''}" for alias in (*_aliases(agency_id), _symbol(agency_id)) if alias)]
        for agency_id, known, place in rows
    }
    return [agency_id for agency_id, names in spelled.items() if holding(names, name)]


def _issued(connection: Connection, ids: Sequence[str], condition: ColumnElement[bool] | None) -> dict[str, int]:
    query = select(documents.c.issuer_id, func.count()).where(documents.c.issuer_id.in_(ids)).group_by(documents.c.issuer_id)
    if condition is not None:
        query = query.where(condition)
    return dict(connection.execute(query).all())


def _led(connection: Connection, spellings: Spellings, names: Iterable[str], chosen: Select[Any] | None) -> int:
    named = spellings.among(names)
    if named is None:
        return 0
    led = select(task_actors.c.document_id, task_actors.c.task_position).where(named, task_actors.c.role == "lead").distinct()
    if chosen is not None:
        led = led.where(task_actors.c.document_id.in_(chosen))
    return connection.scalar(select(func.count()).select_from(led.subquery())) or 0


def _tasks(connection: Connection, role: Role, named: ColumnElement[bool] | None, limit: int) -> Found:
    return NOTHING if named is None else find_tasks(connection, [of_actors(role, named)], limit=limit)


def _listed(agency_id: str) -> authority.Agency | None:
    """The entry of the authority list, None where it has none."""
    if agency_id.startswith(UNLISTED):
        return None
    try:
        return authority.agency(agency_id)
    except KeyError:
        return None


def _name(agency_id: str, spelled: str) -> str:
    """The name in the authority list: the corpus keeps one of the spellings in its documents."""
    listed = _listed(agency_id)
    return listed.name if listed else spelled


def _entry(agency_id: str) -> authority.Agency | None:
    return authority.agencies().get(agency_id.partition(".")[0])


def _aliases(agency_id: str) -> tuple[str, ...]:
    """Other names in the authority list; those of a provincial body stand there without its place."""
    entry = _entry(agency_id)
    return entry.aliases if entry else ()


def _symbol(agency_id: str) -> str:
    entry = _entry(agency_id)
    return entry.symbol if entry else ""


def _predecessors(agency_id: str) -> list[str]:
    """The bodies that became this one: others of the same place, and the same of provinces that were joined to its own."""
    key, _, place = agency_id.partition(".")
    before = [entry.id + (f".{place}" if place else "") for entry in authority.agencies().values() if entry.successor == key]
    before += [f"{key}.{province.id}" for province in provinces().values() if place and province.successor == place]
    return [other for other in before if authority.agency(other).successor == agency_id]
