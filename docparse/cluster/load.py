"""A dataset into a corpus: as if its inputs were parsed here, in their order. What is broken off goes on; loading again changes nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from docparse.cluster.dataset import ChunkReader, Dataset
from docparse.errors import CorpusError
from docparse.ingest.ledger import document_id_of, is_settled, status_of_known, status_of_parsed
from docparse.ingest.process import stoppable
from docparse.ingest.progress import Quiet
from docparse.ingest.run import COMMIT_DOCUMENTS, Report, Summary
from docparse.record import Record
from docparse.store.corpus import Corpus, Entry, RowRefused, Writer
from docparse.store.rows import Row, build_rows


def load(where: str, corpus: Corpus, *, reparse: bool = False, report: Report | None = None) -> Summary:
    """Take a dataset into a corpus and say what became of its inputs.

    Inputs that the corpus knows as final are left as they are; `reparse` takes what another parser has read since. Stops cleanly at SIGINT
    and SIGTERM. Raises MissingTool, CorpusError if the dataset cannot be read or the corpus not be written; what was committed stays.
    """
    dataset = Dataset(where)
    with dataset.errors():
        if not dataset.runs():
            raise CorpusError(where, "holds no dataset of docparse", hint="Make it with docparse ingest --engine ray --output.")
    started = time.monotonic()
    with corpus.write() as writer, stoppable() as stop:
        run = _Load(writer, reparse, report or Quiet())
        for row, chunk in dataset.rows_in_order():
            run.take(row, chunk)
            if stop.is_set():
                break
        else:
            run.leave(None)
        if reparse:
            writer.remove_unnamed_agencies()
    run.summary.seconds, run.summary.stopped = time.monotonic() - started, stop.is_set()
    return run.summary


@dataclass(slots=True)
class _Load:
    writer: Writer
    reparse: bool
    report: Report
    summary: Summary = field(default_factory=Summary)
    around: list[tuple[Row, Entry, bool]] = field(default_factory=list)  # inputs that the next may be in, and whether they are to be settled
    refused: dict[str, str] = field(default_factory=dict)  # documents that the database refuses, and why
    unsaved: int = 0

    def take(self, row: Row, chunk: ChunkReader) -> None:
        """Take one row of the journal."""
        self.leave(row["archive"])
        entry = self.writer.entry(row["location"])
        wanted = entry is None or not self._is_settled(entry, row)
        entry = entry or self._enter(row)
        self.around.append((row, entry, wanted))
        if not wanted:
            self.summary.inputs["failed before" if entry.status == "failed" else "known"] += 1
        elif row["status"] in {"parsed", "same"}:
            self._document(row, entry, chunk)
        elif row["status"] != "archive":
            self._settle(row, entry, row["status"])
        self.unsaved += 1
        if self.unsaved >= COMMIT_DOCUMENTS:
            self.writer.commit()
            self.unsaved = 0
        self.report.update(self.summary, [])

    def leave(self, archive: str | None) -> None:
        """Settle the archives whose members are done: until then the corpus must not take them for finished."""
        while self.around and self.around[-1][0]["location"] != archive:
            row, entry, wanted = self.around.pop()
            if wanted and row["status"] == "archive":
                self._settle(row, entry, "archive")

    def _is_settled(self, entry: Entry, row: Row) -> bool:
        if entry.status == "failed" and row["status"] != "failed":
            return False
        return is_settled(entry, row["size"], row["modified"], parser=row["parser"], reparse=self.reparse)

    def _enter(self, row: Row) -> Entry:
        archive_id = self.around[-1][1].id if row["archive"] else None
        return self.writer.add_entry(row["location"], archive_id=archive_id, size=row["size"], modified=row["modified"])

    def _document(self, row: Row, entry: Entry, chunk: ChunkReader) -> None:
        sha256 = row["sha256"]
        document = self.writer.document(sha256)
        if document and not (self.reparse and document[1] != row["parser"]):
            self._settle(row, entry, status_of_known(entry, document[0]), document_id=document[0], seconds=None)
            return
        if sha256 not in self.refused:
            record = Record.model_validate_json(chunk.record(sha256))
            document_id = document_id_of(entry, self.writer)
            if document:
                document_id, source = document[0], record.source.model_copy(update={"filename": document[2]})
                record = record.model_copy(update={"source": source})
            try:
                self.writer.save(build_rows(record, document_id, parser=row["parser"]), replace=document is not None)
            except RowRefused as error:
                self.refused[sha256] = str(error)
            else:
                self.summary.pages += record.source.pages or 1
                self._settle(row, entry, status_of_parsed(entry, replaced=document is not None), document_id=document_id)
                return
        message = f"{row['location']}: the database refuses its record ({self.refused[sha256]})."
        self._settle(row, entry, "failed", code="refused", message=message)

    def _settle(self, row: Row, entry: Entry, status: str, **values: Any) -> None:
        """Say in the journal what became of an input."""
        said = {name: row[name] for name in ("code", "message", "page", "seconds", "size", "modified", "parser")}
        if row["sha256"]:
            said["sha256"] = row["sha256"]
        said = {**said, "attempts": entry.attempts + row["attempts"], **values}
        self.writer.update_entry(entry.id, status=status, **said)
        self.summary.inputs[status] += 1
        if status == "failed":
            self.report.failed(row["location"], said["message"] or "")
