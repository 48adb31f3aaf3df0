"""Files that get their names when all of them are whole, and files that one process holds."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from docparse.errors import CorpusError, OutputError

TAKEN = "Give --overwrite or another folder."
REFUSED = "Check the folder, its permissions and free space, also that of the folder for temporary files (TMPDIR)."


@contextmanager
def new_files(folder: Path, names: Sequence[str], *, overwrite: bool = False) -> Iterator[list[Path]]:
    """Paths to write the files under; they get their names together when the block ends, so that they are of one export, or not at all.

    Raises OutputError if one is there and may not be overwritten, or if the system refuses.
    """
    targets = [folder / name for name in names]
    parts = [target.with_name(f".{target.name}.part") for target in targets]
    try:
        _refuse_taken(targets, overwrite=overwrite)
        folder.mkdir(parents=True, exist_ok=True)
        yield parts
        _refuse_taken(targets, overwrite=overwrite)
        for part, target in zip(parts, targets, strict=True):
            part.replace(target)
    except OSError as error:
        raise OutputError(str(folder if len(names) > 1 else targets[0]), f"cannot be written ({error.strerror or error})", hint=REFUSED) from error
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _refuse_taken(targets: Sequence[Path], *, overwrite: bool) -> None:
    for target in targets:
        if target.is_dir() or (target.exists() and not overwrite):
            raise OutputError(str(target), hint=TAKEN)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, hex, read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hold(file: BinaryIO, of: str, *, doing: str = "is being written", wait: bool = False) -> None:
    """Keep other processes of docparse from writing what the file stands for, until it is closed or this process ends.

    Raises CorpusError, which names what it is the lock `of`, if another one holds it, unless it is to `wait` for that one.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        raise CorpusError(of, f"{doing} by another docparse", hint="Wait until it has finished.") from error
