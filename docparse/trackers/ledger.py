"""The ledger: which task is which item in which tracker, and what was sent. It stays when a document is parsed again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import RowMapping

from docparse.store.corpus import Corpus
from docparse.store.rows import REVIEW
from docparse.store.schema import documents, receipts, tasks
from docparse.trackers.items import Fields

State = Literal["held", "sending", "sent"]
AT_ONCE = 500
OF_DOCUMENT = ""  # the task id of the item above the tasks of a document
JSON = ("sent", "echo")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One item of one tracker. `sent`: the fields as docparse sent them last; `echo`: as the tracker had them right after that."""

    target: str
    key: str
    sha256: str
    task_id: str
    action: str
    state: State
    place: str = ""
    parent: str | None = None
    remote_id: str | None = None
    url: str | None = None
    sent: Fields = field(default_factory=dict)
    echo: Fields = field(default_factory=dict)
    progress: str | None = None
    done_on: str | None = None
    heard: str | None = None


def receipts_of(corpus: Corpus, target: str) -> tuple[Receipt, ...]:
    """All receipts of a target, oldest first."""
    with corpus.read() as connection:
        rows = connection.execute(select(receipts).where(receipts.c.target == target).order_by(receipts.c.id)).mappings()
        return tuple(map(_receipt, rows))


def tasks_now(corpus: Corpus, sha256s: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Id and action of all tasks that documents have now, by the SHA-256 of the document; one without tasks, or not in the corpus, is left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    wanted = sorted(set(sha256s))
    query = select(documents.c.sha256, tasks.c.id, tasks.c.action).join(tasks, tasks.c.document_id == documents.c.id)
    with corpus.read() as connection:
        for first in range(0, len(wanted), AT_ONCE):
            some = query.where(documents.c.sha256.in_(wanted[first : first + AT_ONCE])).order_by(documents.c.id, tasks.c.position)
            for sha256, task_id, action in connection.execute(some):
                found.setdefault(sha256, []).append((task_id, action))
    return found


def write(corpus: Corpus, written: Sequence[Receipt]) -> None:
    """Write receipts, in one transaction; one of the same target and key is replaced."""
    if not written:
        return
    rows = [_row(receipt) for receipt in written]
    known = select(receipts.c.key).where(receipts.c.target == bindparam("of"), receipts.c.key.in_(bindparam("keys", expanding=True)))
    with corpus.amend() as writer:
        connection = writer.connection
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            there = set(connection.scalars(known, {"of": some[0]["target"], "keys": [row["key"] for row in some]}))
            if new := [row for row in some if row["key"] not in there]:
                connection.execute(receipts.insert(), new)
            if old := [{f"new_{name}": value for name, value in row.items()} for row in some if row["key"] in there]:
                changes: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name not in {"target", "key"}}
                one = (receipts.c.target == bindparam("new_target")) & (receipts.c.key == bindparam("new_key"))
                connection.execute(update(receipts).where(one).values(changes), old)


def forget(corpus: Corpus, target: str, keys: Sequence[str]) -> None:
    """Take out receipts of what was never sent."""
    if keys:
        with corpus.amend() as writer:
            writer.connection.execute(delete(receipts).where(receipts.c.target == target, receipts.c.key.in_(keys), receipts.c.state == "held"))


@dataclass(frozen=True, slots=True)
class Held:
    """A task on the review list: it waits for a person because docparse is not certain of it."""

    target: str
    document_id: int
    task_id: str
    position: int
    start: int
    end: int
    page: int
    action: str
    confidence: float


def held(corpus: Corpus) -> tuple[Held, ...]:
    """The review list: tasks that were not sent because of their confidence and that nobody corrected or accepted since, the most certain first."""
    columns = (receipts.c.target, documents.c.id, tasks.c.id, tasks.c.position, tasks.c.start, tasks.c.end, tasks.c.page, tasks.c.action)
    query = (
        select(*columns, tasks.c.confidence)
        .join(documents, documents.c.sha256 == receipts.c.sha256)
        .join(tasks, (tasks.c.document_id == documents.c.id) & (tasks.c.id == receipts.c.task_id))
        .where(receipts.c.state == "held", tasks.c.rule != REVIEW)
        .order_by(tasks.c.confidence.desc(), documents.c.id, tasks.c.position, receipts.c.target)
    )
    with corpus.read() as connection:
        return tuple(Held(*row) for row in connection.execute(query))


def now() -> str:
    """The moment, ISO 8601, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _receipt(row: RowMapping) -> Receipt:
    values: dict[str, Any] = {name: row[name] for name in Receipt.__slots__}
    return Receipt(**{**values, **{name: fields_of(values[name]) for name in JSON}})


def _row(receipt: Receipt) -> dict[str, Any]:
    values = {name: getattr(receipt, name) for name in Receipt.__slots__}
    return {**values, **{name: json.dumps(values[name], ensure_ascii=False) for name in JSON}, "updated": now()}


def fields_of(text: str) -> Fields:
    """Fields from their JSON: lists are tuples again."""
    loaded: Mapping[str, Any] = json.loads(text)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in loaded.items()}
