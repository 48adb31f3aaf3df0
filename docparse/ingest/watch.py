"""A drop folder: files are taken when they are complete."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch as changes

from docparse.errors import MissingFile
from docparse.ingest.sources import walk

LOOK_MS = 500


def complete_files(
    folder: Path, *, settle_seconds: float, stop: threading.Event, clock: Callable[[], float] = time.monotonic
) -> Iterator[list[Path]]:
    """The files of a folder, those that are there first, later ones when neither size nor time have changed for `settle_seconds`.

    Names that begin with a dot or end in `.part`, `.tmp` or `.crdownload` are files that a program has not finished yet.
    Raises MissingFile if it is no folder.
    """
    if not folder.is_dir():
        raise MissingFile(str(folder), "is no folder")
    seen: dict[Path, tuple[tuple[int | None, str | None], float]] = {}
    taken: dict[Path, tuple[int | None, str | None]] = {}
    for _ in changes(folder, stop_event=stop, rust_timeout=LOOK_MS, yield_on_timeout=True, raise_interrupt=False, recursive=True):
        now = clock()
        ready = []
        for found in walk([folder]):
            state = (found.size, found.modified)
            if _is_unfinished(found.path) or taken.get(found.path) == state:
                continue
            if seen.get(found.path, (None, 0.0))[0] != state:
                seen[found.path] = state, now
            elif now - seen[found.path][1] >= settle_seconds:
                taken[found.path] = state
                del seen[found.path]
                ready.append(found.path)
        if ready:
            yield ready


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.suffix.lower() in {".part", ".tmp", ".crdownload"}
