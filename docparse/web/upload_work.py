"""What the worker process of an upload does: it knows nothing of the site."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docparse.errors import DocparseError
from docparse.pipeline import parse_bytes, read_file
from docparse.record import Record
from docparse.settings import Settings


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to parse: where its bytes are, and what the sender calls it."""

    path: Path
    filename: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file has no record."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class UploadParser:
    """Parses uploads."""

    settings: Settings

    def __call__(self, task: Upload, on_page: Callable[[int], None]) -> Record | Refusal:
        """The record of an upload. Programs that help to read it keep their temporary files in its folder, which is removed afterwards."""
        tempfile.tempdir = os.environ["TMPDIR"] = str(task.path.parent)
        try:
            data = read_file(task.path, self.settings)
            return parse_bytes(data, location=task.filename, filename=task.filename, settings=self.settings, on_page=on_page)
        except MemoryError:
            raise
        except DocparseError as error:
            return Refusal(error.code, f"{task.filename}: {error.reason}.".replace(str(task.path), task.filename), error.hint)
        except Exception as error:
            return Refusal("unexpected", f"{task.filename}: cannot be parsed ({type(error).__name__}).", "Please report this with the file.")
