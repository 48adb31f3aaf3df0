"""Made-up documents that cite each other and charge agencies, written record by record."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest

from docparse.record import AgencyMention, Citation, Deadline, Header, Record, Source, Task
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

Cites = tuple[str, str]  # relation, key


def citation(relation: str, key: str, *, title: str | None = None, provisions: tuple[dict[str, str], ...] = ()) -> Citation:
    """A citation with a key."""
    kind, number, *_ = key.split(":")
    return Citation(
        start=0, end=1, rule="test", text=number, doc_type=kind, number=number, title=title, provisions=provisions, relation=relation, resolved=key
    )  # type: ignore[arg-type]


def mention(name: str, agency_id: str | None = None, place: str | None = None) -> AgencyMention:
    """A mention of an agency."""
    return AgencyMention(start=0, end=1, rule="test", text=name, mention=name, name=name, agency_id=agency_id, place=place, level="provincial")


def task(number: int, action: str, *leads: str, supports: tuple[str, ...] = (), last_day: str | None = None, every: str | None = None) -> Task:
    """A task; `last_day` is ISO 8601, `every` an RRULE."""
    day = dt.date.fromisoformat(last_day) if last_day else None
    deadline = Deadline(text=last_day or "định kỳ", last_day=day, recurrence=every) if last_day or every else None
    return Task(start=0, end=1, rule="test", id=f"I/{number}", text=action, action=action, status="assigned", leads=leads, supports=supports, deadline=deadline, section=("I",))  # fmt: skip


def document(
    doc_type: str | None,
    number: str | None,
    day: str | None,
    *cites: Cites | Citation,
    issuer: str | None = None,
    place: str | None = None,
    title: str | None = None,
    agencies: Sequence[AgencyMention] = (),
    tasks: Sequence[Task] = (),
) -> Record:
    """A record; its text holds what its tasks say."""
    text = "\n".join([f"{doc_type} {number} {title or ''}", *(item.action for item in tasks)])
    digest = hashlib.sha256(repr((doc_type, number, day, issuer, place, title, cites)).encode()).hexdigest()
    source = Source(filename=f"{digest[:8]}.txt", media_type="text/plain", size=len(text), pages=None, text_origin="plain")
    header = Header(doc_type=doc_type, number=number, date=dt.date.fromisoformat(day) if day else None, issuer=issuer, place=place, title=title)
    citations = tuple(item if isinstance(item, Citation) else citation(*item) for item in cites)
    return Record(document_id=digest, source=source, text=text, header=header, citations=citations, agencies=tuple(agencies), tasks=tuple(tasks))


def make_corpus(request: pytest.FixtureRequest, folder: Path) -> Corpus:
    """An empty corpus on the engine that `request.param` names; unlike `postgres`, for fixtures of any scope."""
    if request.param == "sqlite":
        return Corpus(str(folder / "c.db"), create=True)
    import psycopg

    server = request.getfixturevalue("postgres_url")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return Corpus(f"{server.rpartition('/')[0]}/{name}", create=True)


def add(corpus: Corpus, *records: Record) -> list[int]:
    """Write documents; their ids count from 1."""
    ids = []
    with corpus.write() as writer:
        for record in records:
            ids.append(writer.new_id())
            writer.save(build_rows(record, ids[-1], parser="test"), replace=False)
    return ids
