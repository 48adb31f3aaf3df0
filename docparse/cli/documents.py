"""Commands about single documents: parse, verify, ocr, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docparse.cli.common import INTERRUPTED, UNEXPECTED, USAGE, NoModel, complain, find_documents, load_settings, usage_errors, with_progress
from docparse.errors import DocparseError
from docparse.output import Folder, Format, Stream, schema_text

if TYPE_CHECKING:
    from docparse.settings import Settings


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="PDF, DOCX, DOC or text files, or folders of them.", show_default=False)],
    form: Annotated[Format | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write one file for each record into this folder.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are in the output folder already.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show in the table the rule behind each finding and its source.")] = False,
    no_model: NoModel = False,
) -> None:
    """Parse documents into records.

    Several files give a JSON array, with --format jsonl one record a line. A file that cannot be parsed is told on standard error and the
    others are still parsed. In JSON and YAML every finding names its rule anyway.
    """
    with usage_errors():
        settings = load_settings(no_model=no_model)
        inputs = list(find_documents(files))
    several = len(files) > 1 or any(path.is_dir() for path in files)
    if form is None:
        form = Format.TABLE if explain or (output is None and sys.stdout.isatty()) else Format.JSON
    sink: Folder | Stream
    if output is None:
        sink = Stream(sys.stdout, form, several=several, explain=explain)
    else:
        if output.resolve() in {path.resolve().parent for path in inputs}:
            complain(f"{output}: holds documents that are to be parsed. Nothing is written beside them: give another --output folder.")
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
        for path in with_progress(inputs, shown=not isinstance(sink, Stream) or not sys.stdout.isatty()):
            try:
                sink.prepare(path)
                record = parse_file(path, settings=settings)
                sink.write(path, record)
            except DocparseError as error:
                complain(str(error))
                status = status or error.exit_status
            except BrokenPipeError:
                raise
            except Exception as error:
                complain(f"{path}: unexpected {type(error).__name__}: {error}. This is a defect of docparse: please report it with the file.")
                status = status or UNEXPECTED
            except KeyboardInterrupt:
                complain(f"stopped: {sink.written} of {len(inputs)} records written.")
                return INTERRUPTED
    return status


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

    with usage_errors():
        settings = load_settings()
        inputs = list(find_documents(files))
    found, status = [], 0
    for path in inputs:
        try:
            verification = build_verification(path, parse_file(path, settings=settings))
        except DocparseError as error:
            complain(str(error))
            status = status or error.exit_status
            continue
        found.append(verification)
        status = status or int(verification.verdict != "intact")
        if not as_json:
            print_verification(verification)
    if as_json:
        typer.echo(to_json(found, several=len(files) > 1 or any(path.is_dir() for path in files)))
    raise typer.Exit(status)


def ocr(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PDF.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.pdf", help="Where the copy goes.", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there already.")] = False,
) -> None:
    """Make a searchable copy of a scan (with OCRmyPDF); the original is never touched.

    `docparse parse` recognises scans by itself and does not need this.
    """
    from docparse.searchable import make_searchable

    with usage_errors():
        copy = make_searchable(file, output, settings=load_settings(), overwrite=overwrite)
    typer.echo(f"{copy.path}: {copy.recognised} of {copy.pages} pages recognised")
    if copy.unsigned:
        complain(f"{copy.path}: the digital signatures of {file} do not hold for the copy. Keep the original.")


def schema() -> None:
    """Print the JSON Schema of the record."""
    sys.stdout.write(schema_text())
