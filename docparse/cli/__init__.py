"""The command line: one command a verb. Heavy modules are imported inside the commands, so that --help starts at once."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from docparse import __version__
from docparse.cli import accounts, corpus, documents, gold, research, serve, tasks
from docparse.cli.common import INTERRUPTED

STATUS_HELP = (
    "Exit status: 0 all files parsed; 1 unexpected error; 2 wrong usage or settings; 3 missing file; 4 empty; 5 encrypted; 6 damaged; "
    "7 not a document; 8 too large; 9 missing program; 12 output not written; 16 no trained pipeline there; 130 stopped. Of several failures, that "
    "of the first."
)
VERIFY_HELP = (
    "Exit status: 0 every file is signed and all signatures are intact; 1 a signature is not, or a file has none; a file that cannot be read "
    "has the status that it has with parse. Of several failures, that of the first."
)

INGEST_HELP = (
    "Exit status: 0 everything that was given is in the corpus; 1 some of it failed; 2 nothing to do, or wrong usage or settings; "
    "13 the corpus cannot be used; 130 stopped with Ctrl-C: the same command goes on where it stopped."
)

RESEARCH_HELP = (
    "Exit status: 0 answered, with nothing too; 2 wrong usage, or a search that cannot be read; 13 the corpus cannot be used; "
    "14 the corpus has no such document or agency, or several."
)

app = typer.Typer(
    name="docparse",
    help="Vietnamese administrative documents into structured records: header, sections, citations, dates, agencies, tasks.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"docparse {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    pass


app.command(epilog=STATUS_HELP)(documents.parse)
app.command(epilog=VERIFY_HELP)(documents.verify)
app.command()(documents.ocr)
app.command()(documents.schema)
app.command(epilog=INGEST_HELP)(corpus.ingest)
app.command(epilog=INGEST_HELP)(corpus.watch)
app.command(epilog=INGEST_HELP)(corpus.load)
app.command()(corpus.journal)
app.command(epilog=INGEST_HELP)(corpus.retry)
app.command()(corpus.export)
app.command(epilog=RESEARCH_HELP)(research.search)
app.command(epilog=RESEARCH_HELP)(research.facets)
app.command(epilog=RESEARCH_HELP)(research.kwic)
app.command(epilog=RESEARCH_HELP)(research.cited)
app.add_typer(tasks.tasks, name="tasks")
app.command(epilog=RESEARCH_HELP)(research.agencies)
app.command(epilog=RESEARCH_HELP)(research.agency)
app.command(epilog=RESEARCH_HELP)(research.show)
app.command()(serve.serve)
app.add_typer(accounts.account, name="account")
app.command()(gold.evaluate)
app.command()(gold.train)
app.command(name="check-gold")(gold.check_gold)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
