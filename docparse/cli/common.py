"""What the commands share: settings, errors as one line, inputs, progress."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docparse.errors import DocparseError, MissingFile, SettingsError, printable

if TYPE_CHECKING:
    from docparse.settings import Settings

NoModel = Annotated[bool, typer.Option("--no-model", help="Parse with the rules alone, whatever DOCPARSE_MODEL says.")]
SUFFIXES = {".pdf", ".docx", ".doc", ".txt"}
UNEXPECTED, USAGE, INTERRUPTED = 1, 2, 130


def load_settings(*, no_model: bool = False) -> Settings:
    """The settings of the environment, with `no_model` for the rules alone. Raises SettingsError."""
    from pydantic import ValidationError

    from docparse.settings import Settings

    try:
        return Settings(model="off") if no_model else Settings()
    except ValidationError as error:
        problems = "; ".join(f"DOCPARSE_{str(row['loc'][0]).upper()}: {row['msg']}" for row in error.errors())
        raise SettingsError("environment", f"has wrong settings ({problems})") from error


@contextmanager
def usage_errors() -> Iterator[None]:
    """Any docparse error inside ends the command with one line and its exit status."""
    try:
        yield
    except DocparseError as error:
        complain(str(error))
        raise typer.Exit(error.exit_status) from error


def complain(message: str) -> None:
    """One line on standard error."""
    typer.echo(f"docparse: {printable(' '.join(message.split()))}", err=True)


def find_documents(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are, folders as the documents in them; each once. Raises MissingFile for a folder without any."""
    seen: set[Path] = set()
    for path in paths:
        found = sorted(entry for entry in path.rglob("*") if entry.suffix.lower() in SUFFIXES and entry.is_file()) if path.is_dir() else [path]
        if not found:
            raise MissingFile(str(path), "holds no document", hint=f"A folder is searched for files that end in {', '.join(sorted(SUFFIXES))}.")
        yield from (entry for entry in found if entry not in seen)
        seen.update(found)


def with_progress(inputs: list[Path], *, shown: bool) -> Iterator[Path]:
    """The inputs, with a bar on a terminal if there are several."""
    if len(inputs) < 2 or not shown or not sys.stderr.isatty():
        yield from inputs
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(inputs, description="parsing", console=Console(stderr=True), transient=True)
