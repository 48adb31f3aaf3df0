"""Corrections for tests, and corpora that hold one document."""

from __future__ import annotations

import itertools
from typing import Any

from docparse.record import Mark, Record
from docparse.review.corrections import Action, Correction, Kind, apply
from docparse.review.values import text_of
from docparse.store.corpus import Corpus
from docparse.store.rows import build_rows

IDS = itertools.count(1)


def correction(record: Record, kind: Kind, action: Action, found: Mark | None = None, field: str | None = None, after: Any = None) -> Correction:
    """A correction of a finding of the record as it is."""
    quote = text_of(found, record.text) if found else None
    start, end = (found.start, found.end) if found else (None, None)
    return Correction(next(IDS), record.document_id, kind, action, start, end, quote, field, None, after, None, "an", "2026-01-01T00:00:00+00:00")


def added(record: Record, kind: Kind, words: str, **after: Any) -> Correction:
    """A finding where these words stand first."""
    start = record.text.index(words)
    return correction(record, kind, "add", Mark(start=start, end=start + len(words), rule="r"), None, after)


def applied(record: Record, *corrections: Correction) -> Record:
    """The record with corrections that all find their place."""
    made, unplaced = apply(record, corrections)
    assert unplaced == []
    return Record.model_validate_json(made.model_dump_json())


def put(corpus: Corpus, record: Record, *locations: str, parser: str = "test", replace: bool = False) -> int:
    """Write a document as a run does that finds it in these places, and give its id."""
    with corpus.write() as writer:
        first, *others = [writer.entry(location) or writer.add_entry(location) for location in locations or (record.document_id,)]
        writer.save(build_rows(record, first.id, parser=parser), replace=replace)
        for entry in (first, *others):
            status = "parsed" if entry is first else "same"
            writer.update_entry(entry.id, status=status, document_id=first.id, sha256=record.document_id)
    return first.id
