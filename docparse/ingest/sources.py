"""Inputs in a stable order: files and folders, and what each file is by its content."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from docparse.errors import DocparseError, MissingFile
from docparse.ingest.archives import FOREIGN_ARCHIVES, ArchiveKind, archive_kind
from docparse.read import DOCX, PLAIN, media_type
from docparse.store.locations import to_location

HEAD = 8192  # bytes by which a file is told
TEXT_SUFFIXES = {".txt", ".text", ""}
NO_DOCUMENT = "is no document. docparse reads PDF, DOCX, DOC, RTF and text files"


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a file is not read."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """A file: `size` in bytes, `modified` in nanoseconds since 1970 as text; `given` says that it was named itself, not met in a folder."""

    path: Path
    given: bool
    size: int | None = None
    modified: str | None = None
    skip: Skip | DocparseError | None = None


def walk(paths: Iterable[Path]) -> Iterator[Found]:
    """The files as they are given, folders as the files in them sorted by name. Links in folders are not followed.

    A file that is not there gives a Found with the error; so does a folder that cannot be read.
    """
    for given in paths:
        waiting = [given.absolute()]
        while waiting:
            path = waiting.pop()
            found = _look_at(path, given=path == given.absolute())
            if isinstance(found, Found):
                yield found
            else:
                waiting += [path / os.fsdecode(name) for name in sorted(found, reverse=True)]


def _look_at(path: Path, *, given: bool) -> Found | list[bytes]:
    """A file, or the names in a folder."""
    try:
        status = path.stat() if given else path.lstat()
        if stat.S_ISDIR(status.st_mode):
            with os.scandir(path) as entries:
                return [os.fsencode(entry.name) for entry in entries]
    except OSError as error:
        return Found(path, given, skip=MissingFile(to_location(str(path)), f"cannot be opened ({error.strerror})"))
    skip = None
    if stat.S_ISLNK(status.st_mode):
        skip = Skip("link", "is a symbolic link. Give its target, if that is to be read")
    elif not stat.S_ISREG(status.st_mode):
        skip = Skip("special_file", "is no regular file")
    return Found(path, given, status.st_size, str(status.st_mtime_ns), skip)


def kind_of(path: Path, name: str, *, given: bool) -> Literal["document"] | ArchiveKind | Skip:
    """What a file is by its content; plain text counts by its name too, unless it was given itself. Raises OSError.

    An empty file, or one whose name says that it is a document, is one: what is wrong with it is for the parser to say.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    suffix = Path(name).suffix.lower()
    named = suffix in {".pdf", ".docx", ".doc", ".rtf", ".txt"}
    for magic, program in FOREIGN_ARCHIVES.items():
        if head.startswith(magic):
            return Skip("foreign_archive", f"is a {program} archive, which docparse does not open. Unpack it, or pack it again as ZIP or tar")
    if archive := archive_kind(head, path):
        return archive
    kind = media_type(head) if head else None
    if kind == DOCX and suffix and not (named or given):
        return Skip("no_document", NO_DOCUMENT)
    if kind == PLAIN and not (given or suffix in TEXT_SUFFIXES or named):
        return Skip("no_document", NO_DOCUMENT)
    return "document" if kind or named or given else Skip("no_document", NO_DOCUMENT)
