"""The command line: one command a verb. Heavy modules are imported inside the commands, so that --help starts at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docparse import __version__
from docparse.errors import DocparseError, MissingFile, SettingsError
from docparse.output import Folder, Format, Stream, schema_text

if TYPE_CHECKING:
    from docparse.settings import Settings

SUFFIXES = {".pdf", ".docx", ".doc", ".txt"}
UNEXPECTED, USAGE, INTERRUPTED = 1, 2, 130
STATUS_HELP = (
    "Exit status: 0 all files parsed; 1 unexpected error; 2 wrong usage or settings; 3 missing file; 4 empty; 5 encrypted; 6 damaged; "
    "7 not a document; 8 too large; 9 missing program; 12 output not written; 130 stopped. Of several failures, that of the first."
)
VERIFY_HELP = (
    "Exit status: 0 every file is signed and all signatures are intact; 1 a signature is not, or a file has none; a file that cannot be read "
    "has the status that it has with parse. Of several failures, that of the first."
)

app = typer.Typer(
    name="docparse",
    help="Vietnamese administrative documents into structured records: header, sections, citations, dates, agencies, tasks.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"docparse {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    pass


@app.command(epilog=STATUS_HELP)
def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="PDF, DOCX, DOC or text files, or folders of them.", show_default=False)],
    form: Annotated[Format | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write one file for each record into this folder.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are in the output folder already.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show in the table the rule behind each finding and its source.")] = False,
) -> None:
    """Parse documents into records.

    Several files give a JSON array, with --format jsonl one record a line. A file that cannot be parsed is told on standard error and the
    others are still parsed. In JSON and YAML every finding names its rule anyway.
    """
    with _usage_errors():
        settings = _settings()
        inputs = list(_documents(files))
    several = len(files) > 1 or any(path.is_dir() for path in files)
    if form is None:
        form = Format.TABLE if explain or (output is None and sys.stdout.isatty()) else Format.JSON
    sink: Folder | Stream
    if output is None:
        sink = Stream(sys.stdout, form, several=several, explain=explain)
    else:
        if output.resolve() in {path.resolve().parent for path in inputs}:
            _complain(f"{output}: holds documents that are to be parsed. Nothing is written beside them: give another --output folder.")
            raise typer.Exit(USAGE)
        sink = Folder(output, form, inputs, overwrite=overwrite, explain=explain)
    status = _parse_all(inputs, sink, settings)
    if output is not None and sys.stderr.isatty():
        typer.echo(f"{sink.written} of {len(inputs)} records written to {output}", err=True)
    raise typer.Exit(status)


def _parse_all(inputs: list[Path], sink: Folder | Stream, settings: Settings) -> int:
    """Parse and write each input; the exit status is that of the first failure."""
    from docparse.pipeline import parse_file

    status = 0
    with sink:
        for path in _with_progress(inputs, shown=not isinstance(sink, Stream) or not sys.stdout.isatty()):
            try:
                sink.prepare(path)
                record = parse_file(path, settings=settings)
                sink.write(path, record)
            except DocparseError as error:
                _complain(str(error))
                status = status or error.exit_status
            except BrokenPipeError:
                raise
            except Exception as error:
                _complain(f"{path}: unexpected {type(error).__name__}: {error}. This is a defect of docparse: please report it with the file.")
                status = status or UNEXPECTED
            except KeyboardInterrupt:
                _complain(f"stopped: {sink.written} of {len(inputs)} records written.")
                return INTERRUPTED
    return status


def _documents(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are, folders as the documents in them; each once. Raises MissingFile for a folder without any."""
    seen: set[Path] = set()
    for path in paths:
        found = sorted(entry for entry in path.rglob("*") if entry.suffix.lower() in SUFFIXES and entry.is_file()) if path.is_dir() else [path]
        if not found:
            raise MissingFile(str(path), "holds no document", hint=f"A folder is searched for files that end in {', '.join(sorted(SUFFIXES))}.")
        yield from (entry for entry in found if entry not in seen)
        seen.update(found)


def _with_progress(inputs: list[Path], *, shown: bool) -> Iterator[Path]:
    if len(inputs) < 2 or not shown or not sys.stderr.isatty():
        yield from inputs
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(inputs, description="parsing", console=Console(stderr=True), transient=True)


def _settings() -> Settings:
    from pydantic import ValidationError

    from docparse.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"DOCPARSE_{str(row['loc'][0]).upper()}: {row['msg']}" for row in error.errors())
        raise SettingsError("environment", f"has wrong settings ({problems})") from error


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Any docparse error inside ends the command with one line and its exit status."""
    try:
        yield
    except DocparseError as error:
        _complain(str(error))
        raise typer.Exit(error.exit_status) from error


def _complain(message: str) -> None:
    typer.echo(f"docparse: {' '.join(message.split())}", err=True)


@app.command(epilog=VERIFY_HELP)
def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="PDF files, or folders of documents.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Show who signed documents, in what role and when, whether they are as they were signed, and what was changed since.

    Certificates are checked against the roots that DOCPARSE_TRUST_ROOTS names (a PEM or DER file, or a folder of them), without the network.
    Scans are recognised first, to compare the page with the signatures; DOCPARSE_OCR=false leaves that out.
    """
    from docparse.pipeline import parse_file
    from docparse.verify import build_verification, print_verification, to_json

    with _usage_errors():
        settings = _settings()
        inputs = list(_documents(files))
    found, status = [], 0
    for path in inputs:
        try:
            verification = build_verification(path, parse_file(path, settings=settings))
        except DocparseError as error:
            _complain(str(error))
            status = status or error.exit_status
            continue
        found.append(verification)
        status = status or int(verification.verdict != "intact")
        if not as_json:
            print_verification(verification)
    if as_json:
        typer.echo(to_json(found, several=len(files) > 1 or any(path.is_dir() for path in files)))
    raise typer.Exit(status)


@app.command()
def ocr(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PDF.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.pdf", help="Where the copy goes.", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there already.")] = False,
) -> None:
    """Make a searchable copy of a scan (with OCRmyPDF); the original is never touched.

    `docparse parse` recognises scans by itself and does not need this.
    """
    from docparse.searchable import make_searchable

    with _usage_errors():
        copy = make_searchable(file, output, settings=_settings(), overwrite=overwrite)
    typer.echo(f"{copy.path}: {copy.recognised} of {copy.pages} pages recognised")
    if copy.unsigned:
        _complain(f"{copy.path}: the digital signatures of {file} do not hold for the copy. Keep the original.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the record."""
    sys.stdout.write(schema_text())


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="Folder of gold files (docs/annotation.md).", show_default=False)],
    records: Annotated[
        Path | None, typer.Option("--records", metavar="DIR", help="Score the records <id>.json in this folder; parse nothing.")
    ] = None,
    errors: Annotated[str | None, typer.Option("--errors", metavar="LAYER", help="List what is wrong in one layer, such as tasks.leads.")] = None,
    text_only: Annotated[bool, typer.Option("--text-only", help="Leave out scans: documents with a page that is only a picture.")] = False,
    by_doc: Annotated[bool, typer.Option("--by-doc", help="Also show the F1 of the main layers for each document.")] = False,
    baseline: Annotated[Path | None, typer.Option("--baseline", metavar="FILE", help="Show gains and losses against these figures.")] = None,
    save: Annotated[bool, typer.Option("--save-baseline", help="Write the figures to the baseline file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Score the parser on annotated documents.

    Prints precision, recall, F1 and support by layer. With --baseline the exit status is 1 if the F1 of a layer over all documents fell.
    """
    if save and baseline is None:
        raise typer.BadParameter("needs --baseline FILE", param_hint="--save-baseline")
    import json

    from docparse import evaluate as evaluation

    with _usage_errors():
        before = evaluation.load_baseline(baseline) if baseline and not save else None
        result = evaluation.evaluate(gold, records_dir=records, text_only=text_only, settings=_settings(), report=_complain)
    changes = evaluation.compare(result, before) if before else []
    if errors and errors not in result.total.tallies:
        raise typer.BadParameter(f"{errors!r} is none of {', '.join(result.total.tallies)}", param_hint="--errors")
    if errors:
        lines = [" | ".join(row) for row in result.total.errors[errors]]
    elif as_json:
        lines = [json.dumps(result.total.figures(), indent=1)]
    else:
        lines = [*(evaluation.document_table(result) if by_doc else ()), *evaluation.layer_table(result.total.figures(), before)]
        lines += evaluation.change_lines(changes)
    for line in lines:
        typer.echo(line)
    if save and baseline:
        evaluation.save_baseline(result, baseline)
    raise typer.Exit(int(any(change.is_loss and not change.document for change in changes)))


@app.command(name="check-gold")
def check_gold(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Gold files.", show_default=False)]) -> None:
    """Check the form of gold files (docs/annotation.md)."""
    from docparse.gold import load_gold

    status = 0
    for path in files:
        try:
            gold = load_gold(path)
        except DocparseError as error:
            _complain(str(error))
            status = error.exit_status
        else:
            counts = ", ".join(f"{len(getattr(gold, layer))} {layer}" for layer in ("sections", "citations", "dates", "agencies", "tasks"))
            typer.echo(f"{path}: ok ({counts})")
    raise typer.Exit(status)
