"""One run: each input is looked up in the journal, parsed where that is needed, written, and accounted for."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from docparse.errors import CorpusError, DocparseError
from docparse.files import sha256_of
from docparse.identity import parser_version
from docparse.ingest.archives import ArchiveKind, Budget, Link, read_members
from docparse.ingest.ledger import Ledger, document_id_of, is_settled, status_of_known, status_of_parsed
from docparse.ingest.pool import Done, Lost, Pool, Work
from docparse.ingest.process import NO_ROOM, new_folder, stoppable
from docparse.ingest.sources import Found, Skip, kind_of, walk
from docparse.ingest.work import Failure, Parsed, Parser, Task
from docparse.settings import Settings
from docparse.store.corpus import Corpus, Entry, RowRefused
from docparse.store.locations import to_location

COMMIT_SECONDS = 1.0
COMMIT_DOCUMENTS = 100
WAIT_SECONDS = 0.2  # between looks at whether the run is to stop
REMEDIES = {
    "timeout": "Try again with docparse retry --timeout SECONDS.",
    "memory": "Try again with docparse retry --memory MB.",
    "crash": "Please report it with the file.",
}
PRELOADED = ("docparse.ingest.work",)


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes: `timeout` in seconds and `memory` in megabytes for each document; `reparse` takes what another parser read."""

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    timeout: float = 900.0
    memory: int = 4096
    reparse: bool = False


class Report(Protocol):
    """Who is told how a run goes."""

    def update(self, summary: Summary, current: list[str]) -> None:
        """Say where the run is."""

    def failed(self, location: str, message: str) -> None:
        """Say that an input failed."""


@dataclass(slots=True)
class Summary:
    """What a run has done: inputs by what became of them, pages of the documents parsed, `known` inputs that were final before."""

    inputs: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    seconds: float = 0.0
    stopped: bool = False

    @property
    def total(self) -> int:
        """Inputs that are accounted for."""
        return self.inputs.total()


@dataclass(frozen=True, slots=True)
class Input:
    """A file on its way: `location` is its name in the journal, `path` where its bytes are, `unpacked` whether that is a temporary file."""

    location: str
    path: Path
    filename: str
    size: int | None
    modified: str | None
    given: bool
    archive: Entry | None = None
    depth: int = 0
    unpacked: bool = False
    skip: Skip | DocparseError | None = None


@dataclass(slots=True)
class _Archive:
    """An archive that is not done: `open` members are on their way; it is unpacked while `reading`."""

    entry: Entry
    input: Input
    open: int = 0
    reading: bool = True


def ingest(
    corpus: Corpus,
    paths: Iterable[Path],
    *,
    settings: Settings,
    options: Options,
    report: Report,
    only: frozenset[str] | None = None,
    parser: Callable[[Settings, str], Work] = Parser,
) -> Summary:
    """Take files, folders and archives into a corpus and say what became of them.

    Inputs that the journal knows as final are left as they are. `only`: locations that are tried again, with the archives that they
    are in; all others are passed over. `parser` is made in each worker from the settings and the version of the parser.
    Stops cleanly at SIGINT and SIGTERM. Raises CorpusError if the corpus cannot be written; what was committed stays.
    """
    settings = settings.model_copy(update={"ocr_jobs": 1})  # the workers are as many as the cores already
    version = parser_version(settings)
    make_work = partial(parser, settings, version)
    folder = new_folder()
    started = time.monotonic()
    try:
        with corpus.write() as writer, stoppable() as stop:
            with Pool(make_work, workers=options.workers, timeout=options.timeout, memory=options.memory << 20, preload=PRELOADED) as pool:
                run = Run(writer, pool, settings, options, report, version, folder, stop, only)
                run.take_all(map(_input_of, walk(paths)))
            if options.reparse:
                writer.remove_unnamed_agencies()
        run.summary.seconds, run.summary.stopped = time.monotonic() - started, stop.is_set()
        return run.summary
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Run:
    """Takes inputs one after another; `writer` is told of them, files that are unpacked lie in `folder`."""

    writer: Ledger
    pool: Pool
    settings: Settings
    options: Options
    report: Report
    version: str
    folder: Path
    stop: threading.Event
    only: frozenset[str] | None
    summary: Summary = field(default_factory=Summary)
    on_the_way: dict[int, tuple[Input, Entry, str]] = field(default_factory=dict)
    same_bytes: dict[str, list[tuple[Input, Entry]]] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)  # inputs that are parsed or wait for one with the same bytes
    archives: dict[int, _Archive] = field(default_factory=dict)
    committed: float = field(default_factory=time.monotonic)
    unsaved: int = 0

    def take_all(self, inputs: Iterable[Input]) -> None:
        """Take each input, and go on until all are done."""
        for taken in inputs:
            self._take(taken)
            self._keep_up()
            if self.stop.is_set():
                return
        while self.pool.running and not self.stop.is_set():
            self._collect()

    def _take(self, taken: Input, budget: Budget | None = None) -> None:
        """Look an input up and do what is needed: nothing, a note in the journal, unpacking, or parsing."""
        entry = self.writer.entry(taken.location)
        if entry and (entry.id in self.under_way or entry.id in self.archives):
            self.summary.inputs["known"] += 1  # it was given twice
            self._release(taken)
            return
        if not self._is_wanted(taken, entry):
            self._release(taken)
            return
        entry = entry or self._enter(taken)
        try:
            kind = taken.skip or kind_of(taken.path, taken.filename, given=taken.given)
        except OSError as error:
            kind = Skip("missing_file", f"cannot be opened ({error.strerror})")
        match kind:
            case DocparseError():
                status = "skipped" if isinstance(kind, Link) else "failed"
                self._settle(taken, entry, status, code=kind.code, message=str(kind))
            case Skip():
                status = "failed" if kind.code == "missing_file" else "skipped"
                self._settle(taken, entry, status, code=kind.code, message=f"{taken.location}: {kind.message}.")
            case "document":
                self._parse(taken, entry)
            case "zip" | "tar":
                self._unpack(taken, entry, kind, budget or Budget())

    def _is_wanted(self, taken: Input, entry: Entry | None) -> bool:
        """Whether there is anything to do; counts inputs that are final already."""
        if self.only is not None and taken.location not in self.only:
            return False
        if entry is None or self.only is not None:
            return True
        if not is_settled(entry, taken.size, taken.modified, parser=self.version, reparse=self.options.reparse):
            return True
        self.summary.inputs["known" if entry.status != "failed" else "failed before"] += 1
        return False

    def _enter(self, taken: Input) -> Entry:
        archive_id = taken.archive.id if taken.archive else None
        return self.writer.add_entry(taken.location, archive_id=archive_id, size=taken.size, modified=taken.modified)

    def _parse(self, taken: Input, entry: Entry) -> None:
        try:
            sha256 = sha256_of(taken.path)
        except OSError as error:
            self._settle(taken, entry, "failed", code="missing_file", message=f"{taken.location}: cannot be read ({error.strerror}).")
            return
        if sha256 in self.same_bytes:
            self.under_way.add(entry.id)
            self.same_bytes[sha256].append((taken, entry))
            return
        document = self.writer.document(sha256)
        if document and not (self.options.reparse and document[1] != self.version):
            self._settle_same(taken, entry, sha256, document[0])
            return
        filename = taken.filename
        if document:
            document_id, filename = document[0], document[2]
        else:
            document_id = document_id_of(entry, self.writer)
        self.under_way.add(entry.id)
        self.same_bytes[sha256] = []
        self.on_the_way[entry.id] = taken, entry, sha256
        while not self.pool.has_room and not self.stop.is_set():
            self._collect()
        self.pool.submit(Task(entry.id, document_id, taken.location, taken.path, filename, replace=document is not None))

    def _collect(self) -> None:
        """Write what workers have done."""
        for outcome in self.pool.wait(WAIT_SECONDS):
            self._finish(outcome)
        self._keep_up()

    def _keep_up(self) -> None:
        """Commit now and then, say where the run is."""
        if self.unsaved >= COMMIT_DOCUMENTS or time.monotonic() - self.committed > COMMIT_SECONDS:
            self._commit()
        self.report.update(self.summary, [task.location for task in self.pool.current])

    def _commit(self) -> None:
        self.writer.commit()
        self.committed, self.unsaved = time.monotonic(), 0

    def _finish(self, outcome: Done | Lost) -> None:
        task: Task = outcome.task
        taken, entry, sha256 = self.on_the_way.pop(task.entry_id)
        seconds = round(outcome.seconds, 3)
        match outcome:
            case Lost():
                message = f"{task.location}: {outcome.detail}. {REMEDIES[outcome.reason]}"
                self._fail(taken, entry, sha256, outcome.reason, message, page=outcome.page, seconds=seconds)
            case Done(result=Failure(code=code, message=message)):
                self._fail(taken, entry, sha256, code, message, seconds=seconds)
            case Done(result=Parsed() as parsed) if parsed.sha256 != sha256:
                message = f"{task.location}: was changed while it was read. docparse retry takes it again."
                self._fail(taken, entry, sha256, "changed", message, seconds=seconds)
            case Done(result=Parsed() as parsed):
                try:
                    self.writer.save(parsed.rows, replace=task.replace)
                except RowRefused as error:
                    self._fail(taken, entry, sha256, "refused", f"{task.location}: the database refuses its record ({error}).", seconds=seconds)
                    return
                self.unsaved += 1
                self.summary.pages += parsed.pages
                self._settle(
                    taken, entry, status_of_parsed(entry, replaced=task.replace), sha256=sha256, document_id=task.document_id, seconds=seconds
                )
                for other, other_entry in self.same_bytes.pop(sha256):
                    self._settle_same(other, other_entry, sha256, task.document_id)

    def _fail(self, taken: Input, entry: Entry, sha256: str, code: str, message: str, **values: Any) -> None:
        self._settle(taken, entry, "failed", sha256=sha256, code=code, message=message, **values)
        for other, other_entry in self.same_bytes.pop(sha256):
            said = message.replace(taken.location, other.location, 1)
            self._settle(other, other_entry, "failed", sha256=sha256, code=code, message=said, **values)

    def _settle_same(self, taken: Input, entry: Entry, sha256: str, document_id: int) -> None:
        self._settle(taken, entry, status_of_known(entry, document_id), sha256=sha256, document_id=document_id)

    def _settle(self, taken: Input, entry: Entry, status: str, **values: Any) -> None:
        """Say in the journal what became of an input."""
        cleared = {"code": None, "message": None, "page": None, "seconds": None}
        if message := values.get("message"):
            values["message"] = message.encode(errors="backslashreplace").decode()
        row = {**cleared, "size": taken.size, "modified": taken.modified, "parser": self.version, "attempts": entry.attempts + 1, **values}
        self.writer.update_entry(entry.id, status=status, **row)
        self.under_way.discard(entry.id)
        self.summary.inputs[status] += 1
        if status == "failed":
            self.report.failed(taken.location, row["message"] or "")
        self._release(taken)

    def _unpack(self, taken: Input, entry: Entry, kind: ArchiveKind, budget: Budget) -> None:
        """Take the members of an archive. It is settled when all of them are: until then the next run opens it again."""
        if taken.depth == budget.depth:
            self._settle(taken, entry, "failed", code="too_large", message=f"{taken.location}: holds archives in archives too deep.")
            return
        archive = self.archives[entry.id] = _Archive(entry, taken)
        try:
            for member in read_members(taken.path, kind, location=taken.location, into=self.folder, budget=budget, max_bytes=self.settings.max_bytes):
                archive.open += 1
                name = to_location(member.name)
                inside = Input(
                    f"{taken.location}!/{name}",
                    member.path or taken.path,
                    name.rsplit("/", 1)[-1],
                    member.path.stat().st_size if member.path else None,
                    taken.modified,
                    given=False,
                    archive=entry,
                    depth=taken.depth + 1,
                    unpacked=member.path is not None,
                    skip=member.error,
                )
                self._take(inside, budget)
                self._keep_up()
                if self.stop.is_set():
                    return
        except DocparseError as error:
            del self.archives[entry.id]
            self._settle(taken, entry, "failed", code=error.code, message=str(error))
            return
        except OSError as error:
            if error.errno in NO_ROOM:
                hint = "Free space there, or set TMPDIR."
                raise CorpusError(str(self.folder), f"cannot hold what is unpacked ({error.strerror})", hint=hint) from error
            del self.archives[entry.id]
            self._settle(taken, entry, "failed", code="missing_file", message=f"{taken.location}: cannot be read ({error.strerror}).")
            return
        archive.reading = False
        self._close(archive)

    def _close(self, archive: _Archive) -> None:
        if not archive.open and not archive.reading:
            del self.archives[archive.entry.id]
            self._settle(archive.input, archive.entry, "archive")

    def _release(self, taken: Input) -> None:
        """Let an input go: its temporary file, and the archive that waits for it."""
        if taken.unpacked:
            taken.path.unlink(missing_ok=True)
        archive = self.archives.get(taken.archive.id) if taken.archive else None
        if archive:
            archive.open -= 1
            self._close(archive)


def _input_of(found: Found) -> Input:
    location = to_location(str(found.path))
    return Input(location, found.path, found.path.name, found.size, found.modified, found.given, skip=found.skip)
