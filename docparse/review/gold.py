"""Reviewed documents as gold files for `docparse evaluate`.

A gold file says of some things what the record does not hold: the first words of a section, agencies once for each form, and notes; those of
the reviewers stand there. It has no place for recurring times, urgency and secrecy, or a citation without number, title and date.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import Connection, select

from docparse.errors import MissingEntry
from docparse.files import new_files, sha256_of
from docparse.gold import (
    GoldAgency,
    GoldCitation,
    GoldDate,
    GoldDeadline,
    GoldDocument,
    GoldHeader,
    GoldSection,
    GoldSigner,
    GoldTask,
)
from docparse.record import Record, Section, Task
from docparse.review.stored import corrections_with
from docparse.score import fold
from docparse.store.corpus import Corpus
from docparse.store.locations import from_location
from docparse.store.schema import corrections, documents, journal, records
from docparse.words import squeeze, unaccent

HEAD = 10  # words of a section
INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class GoldExport:
    """The files written, and the gold files whose input is not in any place where it was, or has other bytes now."""

    files: tuple[Path, ...]
    without_input: tuple[Path, ...]


def export_gold(corpus: Corpus, folder: Path, *, document_ids: Sequence[int] | None = None, overwrite: bool = False) -> GoldExport:
    """Write a gold file for each document that has corrections which hold, or for those of `document_ids`, their inputs into `inputs/`.

    Raises OutputError if a file cannot be written, MissingEntry for an unknown id, CorpusError if the corpus cannot be read.
    """
    with corpus.read() as connection:
        made = [_gold(connection, document_id) for document_id in _chosen(connection, document_ids)]
        sources = {gold.id: _source(connection, sha256) for gold, sha256 in made}
    inputs = [f"{INPUTS}/{gold.input}" for gold, _ in made if sources[gold.id]]
    names = [*(f"{gold.id}.json" for gold, _ in made), *inputs]
    with new_files(folder, names, overwrite=overwrite) as parts:
        if inputs:
            (folder / INPUTS).mkdir(exist_ok=True)
        for (gold, _), part in zip(made, parts, strict=False):
            part.write_text(gold.model_dump_json(indent=1) + "\n", encoding="utf-8")
        for source, part in zip(filter(None, sources.values()), parts[len(made) :], strict=True):
            shutil.copyfile(source, part)
    return GoldExport(tuple(folder / name for name in names), tuple(folder / f"{name}.json" for name, source in sources.items() if not source))


def _chosen(connection: Connection, document_ids: Sequence[int] | None) -> list[int]:
    if document_ids is None:
        held = select(corrections.c.sha256).where(corrections.c.withdrawn.is_(None))
        return list(connection.scalars(select(documents.c.id).where(documents.c.sha256.in_(held)).order_by(documents.c.id)))
    return list(dict.fromkeys(document_ids))


def _gold(connection: Connection, document_id: int) -> tuple[GoldDocument, str]:
    """The gold of a document and the SHA-256 of its bytes."""
    query = select(records.c.json, records.c.corrected).where(records.c.document_id == document_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise MissingEntry(f"document {document_id}")
    record = Record.model_validate_json(row.corrected or row.json)
    notes = [correction.note for correction in corrections_with(connection, record.document_id) if correction.holds and correction.note]
    return gold_of(record, notes=notes), record.document_id


def _source(connection: Connection, sha256: str) -> Path | None:
    """A file with these bytes where the journal says that it was."""
    query = select(journal.c.location).where(journal.c.sha256 == sha256).order_by(journal.c.id)
    paths = (Path(from_location(location)) for location in connection.scalars(query))
    return next((path for path in paths if path.is_file() and _is(path, sha256)), None)


def _is(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False


def gold_of(record: Record, *, notes: Sequence[str] = ()) -> GoldDocument:
    """What a record says, as gold: its id is made of the name of the file and its SHA-256.

    >>> from docparse.record import Source
    >>> source = Source(filename="Kế hoạch.txt", media_type="text/plain", size=8, pages=None, text_origin="plain")
    >>> gold = gold_of(Record(document_id="0123456789ab", source=source, text="KẾ HOẠCH"))
    >>> gold.id, gold.input
    ('ke-hoach-01234567', 'ke-hoach-01234567.txt')
    """
    name = PurePath(record.source.filename)
    plain = re.sub(r"[^a-z0-9]+", "-", unaccent(name.stem).lower()).strip("-")[:60]
    gold_id = "-".join(filter(None, (plain, record.document_id[:8])))
    header = _folded(record.header.model_dump(mode="json", include=set(GoldHeader.model_fields)))
    signers = [_folded(signer.model_dump(include=set(GoldSigner.model_fields))) for signer in record.signers]
    return GoldDocument(
        id=gold_id,
        input=gold_id + re.sub(r"[^a-z0-9.]", "", name.suffix.lower()),
        header=GoldHeader(**header),
        signers=[GoldSigner(**signer) for signer in signers],
        recipients=[squeeze(recipient) for recipient in record.recipients],
        sections=[GoldSection(label=section.label, depth=section.depth, head=_head(record.text, section)) for section in record.sections],
        citations=list(_citations(record)),
        dates=[
            GoldDate(text=squeeze(date.text), first_day=date.first_day.isoformat(), last_day=date.last_day.isoformat())
            for date in record.dates
            if date.first_day and date.last_day and date.first_day <= date.last_day
        ],
        agencies=list(_agencies(record)),
        tasks=[_task(task) for task in record.tasks],
        notes=squeeze("; ".join(notes)) or None,
    )


def _folded(value: Any) -> Any:
    """A value with its texts on one line."""
    match value:
        case str():
            return squeeze(value)
        case list() | tuple():
            return [_folded(row) for row in value]
        case dict():
            return {name: _folded(row) for name, row in value.items()}
    return value


def _head(text: str, section: Section) -> str:
    """The first words behind the label."""
    words = text[section.start : section.end].split()[: HEAD + len(section.label.split()) + 1]
    label = r"\s*".join(map(re.escape, section.label.split()))
    return " ".join(re.sub(rf"^[(\s]*{label}[.):/\s-]*", "", " ".join(words), count=1, flags=re.IGNORECASE).split()[:HEAD])


def _citations(record: Record) -> Iterator[GoldCitation]:
    for citation in record.citations:
        if citation.number or citation.title or citation.date:
            yield GoldCitation(**_folded(citation.model_dump(include=set(GoldCitation.model_fields))))


def _agencies(record: Record) -> Iterator[GoldAgency]:
    forms = {fold(found.mention): (squeeze(found.mention), squeeze(found.name)) for found in record.agencies if not found.collective}
    for form, name in forms.values():
        yield GoldAgency(text=form, name=name if name != form else None)


def _task(task: Task) -> GoldTask:
    deadline = task.deadline.model_dump(mode="json", exclude={"text"}) if task.deadline else {}
    values = _folded(task.model_dump(include={"action", "status", "leads", "supports", "section"}))
    return GoldTask(**values, deadline=GoldDeadline(**deadline) if any(deadline.values()) else None)
