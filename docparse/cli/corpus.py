"""Commands about the corpus: ingest, watch, journal, retry, load, export."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docparse.cli.common import INTERRUPTED, USAGE, complain, load_settings, usage_errors
from docparse.errors import MissingFile, printable

if TYPE_CHECKING:
    from docparse.ingest.progress import Quiet
    from docparse.ingest.run import Options, Summary
    from docparse.store.corpus import Corpus

CORPUS = "corpus.db"


class Engine(StrEnum):
    """Where documents are parsed."""

    LOCAL = "local"
    RAY = "ray"


Where = Annotated[str, typer.Option("--corpus", metavar="PATH|URL", envvar="DOCPARSE_CORPUS", help="SQLite file, or postgresql://user@host/name.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Documents at a time. Default: the number of cores.", show_default=False)]
Timeout = Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="Longest time for one document.")]
Memory = Annotated[int, typer.Option("--memory", metavar="MB", min=512, help="Most memory (address space) for one document.")]
Quietly = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors of the run itself.")]


def ingest(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH...", help="Documents, folders, ZIP or tar archives; on Ray URLs too.", show_default=False)
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="A file with one path a line (- for standard input).", show_default=False)
    ] = None,
    corpus: Where = CORPUS,
    workers: Workers = None,
    timeout: Timeout = 900.0,
    memory: Memory = 4096,
    reparse: Annotated[bool, typer.Option("--reparse", help="Parse again what another version of docparse, its rules or settings parsed.")] = False,
    engine: Annotated[
        Engine, typer.Option("--engine", help="local, or ray: on Ray Data into a Parquet dataset, which docparse load reads.")
    ] = Engine.LOCAL,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="DIR|URL", help="The dataset of --engine ray.", show_default=False)] = None,
    again: Annotated[bool, typer.Option("--retry", help="With --engine ray: take again what failed.")] = False,
    address: Annotated[str | None, typer.Option("--address", help="Of a Ray cluster. Default: Ray on this machine.", show_default=False)] = None,
    quiet: Quietly = False,
) -> None:
    """Take documents, folders and archives into a corpus; every file is accounted for in its journal.

    A file that is there already is left alone. What is stopped, killed or broken goes on with the same command.
    """
    if (engine is Engine.RAY) != (output is not None) or ((address or again) and engine is Engine.LOCAL):
        raise typer.BadParameter("--engine ray needs --output; --output, --address and --retry need --engine ray", param_hint="--engine")
    with usage_errors():
        given = [*(paths or []), *(_listed(listed) if listed else [])]
        if not given:
            raise typer.BadParameter("give a PATH or --list FILE", param_hint="PATH")
        options = _options(workers, timeout, memory, reparse=reparse)
        if output is not None:
            summary = _run_on_ray(given, output, address, options=options, actors=workers, again=again, quiet=quiet)
        else:
            with _corpus(corpus, create=True) as opened:
                summary = _run(opened, [Path(path) for path in given], options=options, quiet=quiet)
    raise typer.Exit(_status(summary))


def load(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Folder or URL of a dataset.", show_default=False)],
    corpus: Where = CORPUS,
    reparse: Annotated[bool, typer.Option("--reparse", help="Take also what another version of docparse has parsed since.")] = False,
    quiet: Quietly = False,
) -> None:
    """Take a dataset that docparse ingest --engine ray has made into a corpus."""
    from docparse.cluster.load import load as load_dataset
    from docparse.ingest.progress import Quiet

    with usage_errors(), _corpus(corpus, create=True) as opened:
        summary = load_dataset(dataset, opened, reparse=reparse, report=Quiet())
        _say(opened.name, summary, quiet=quiet)
    raise typer.Exit(_status(summary))


def watch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder into which files are dropped.", show_default=False)],
    corpus: Where = CORPUS,
    workers: Workers = None,
    timeout: Timeout = 900.0,
    memory: Memory = 4096,
    settle: Annotated[
        float, typer.Option("--settle", metavar="SECONDS", min=0.0, help="A file is complete when it has not changed for so long.")
    ] = 5.0,
    quiet: Quietly = False,
) -> None:
    """Take files into a corpus as they arrive in a folder, until Ctrl-C."""
    import signal
    import threading

    from docparse.ingest.watch import complete_files

    stop = threading.Event()
    failed = False
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with usage_errors(), _corpus(corpus, create=True) as opened:
        if not quiet:
            complain(f"watching {folder}; stop with Ctrl-C")
        for files in complete_files(folder, settle_seconds=settle, stop=stop):
            summary = _run(opened, files, options=_options(workers, timeout, memory), quiet=quiet)
            failed = failed or bool(summary.inputs["failed"])
            if summary.stopped:
                break
    raise typer.Exit(int(failed))


def retry(corpus: Where = CORPUS, workers: Workers = None, timeout: Timeout = 900.0, memory: Memory = 4096, quiet: Quietly = False) -> None:
    """Try again what failed or was left waiting, and nothing else."""
    from docparse.store.journal import unfinished

    with usage_errors(), _corpus(corpus) as opened:
        paths, only = unfinished(opened)
        if not paths:
            complain(f"{corpus}: nothing in it has failed.")
            raise typer.Exit(USAGE)
        summary = _run(opened, paths, options=_options(workers, timeout, memory), quiet=quiet, only=only)
    raise typer.Exit(_status(summary))


def journal(
    corpus: Where = CORPUS,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Which rows: failed, skipped, waiting, parsed, same, archive, all.", show_default="failed, skipped, waiting"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what failed, was skipped or is still waiting, and why; with how many inputs became what."""
    import json

    from docparse.store.journal import counts, rows_with
    from docparse.store.schema import STATUSES

    wanted = tuple(status or ("failed", "skipped", "waiting"))
    wanted = STATUSES if "all" in wanted else wanted
    if unknown := set(wanted) - set(STATUSES):
        raise typer.BadParameter(f"{sorted(unknown)[0]!r} is none of {', '.join(STATUSES)}, all", param_hint="--status")
    with usage_errors(), _corpus(corpus) as opened:
        for row in rows_with(opened, wanted):
            if as_json:
                typer.echo(json.dumps(row, ensure_ascii=False))
            else:
                page = f" (page {row['page']})" if row["page"] else ""
                typer.echo(printable(f"{row['status']:8} {row['code'] or '':14} {row['message'] or row['location']}{page}"))
        if not as_json:
            typer.echo(", ".join(f"{count:,} {name}" for name, count in counts(opened).items()) or "the journal is empty")


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the files.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="jsonl, parquet, csv, xlsx, or metadata (archive metadata, Thông tư 05/2025 and 02/2019).")],
    corpus: Where = CORPUS,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,
) -> None:
    """Write the corpus as files."""
    from docparse.export.tables import Form
    from docparse.export.tables import export as write

    if to not in list(Form):
        raise typer.BadParameter(f"{to!r} is none of {', '.join(Form)}", param_hint="--to")
    with usage_errors(), _corpus(corpus) as opened:
        for path in write(opened, Form(to), folder, overwrite=overwrite):
            typer.echo(path)


@contextmanager
def _corpus(where: str, *, create: bool = False) -> Iterator[Corpus]:
    from docparse.store.corpus import Corpus

    corpus = Corpus(where, create=create)
    try:
        yield corpus
    finally:
        corpus.close()


def _options(workers: int | None, timeout: float, memory: int, *, reparse: bool = False) -> Options:
    from docparse.ingest.run import Options

    return Options(timeout=timeout, memory=memory, reparse=reparse, **({"workers": workers} if workers else {}))


def _run(corpus: Corpus, paths: list[Path], *, options: Options, quiet: bool, only: frozenset[str] | None = None) -> Summary:
    from docparse.ingest.run import ingest as run

    report = _report(quiet, lambda: len(only) if only is not None else _count(paths))
    with report.running():
        summary = run(corpus, paths, settings=load_settings(), options=options, report=report, only=only)
    _say(corpus.name, summary, quiet=quiet)
    if not quiet and not summary.stopped and summary.inputs["failed"] + summary.inputs["failed before"]:
        complain("docparse journal says what failed and why, docparse retry tries it again.")
    return summary


def _run_on_ray(paths: list[str], output: str, address: str | None, *, options: Options, actors: int | None, again: bool, quiet: bool) -> Summary:
    from docparse.cluster.inputs import list_inputs
    from docparse.cluster.run import ingest_on_ray

    report = _report(quiet, lambda: sum(1 for _ in list_inputs(paths)))
    with report.running():
        summary = ingest_on_ray(paths, output, settings=load_settings(), options=options, report=report, address=address, actors=actors, retry=again)
    _say(output, summary, quiet=quiet)
    return summary


def _say(name: str, summary: Summary, *, quiet: bool) -> None:
    from docparse.ingest.progress import in_words

    if not quiet:
        typer.echo(f"{name}: {in_words(summary)}")
        if summary.stopped:
            complain("stopped; the same command goes on.")


def _report(quiet: bool, total: Callable[[], int]) -> Quiet:
    from docparse.ingest.progress import Bar, Lines, Quiet

    if quiet:
        return Quiet()
    return (Bar if sys.stderr.isatty() else Lines)(complain, total())


def _count(paths: list[Path]) -> int:
    from docparse.ingest.sources import walk

    return sum(1 for _ in walk(paths))


def _listed(file: Path) -> list[str]:
    """The paths in a list; relative ones start where the command was called."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise MissingFile(str(file), f"cannot be opened ({error.strerror})") from error
    return [os.fsdecode(line) for line in data.splitlines() if line.strip()]


def _status(summary: Summary) -> int:
    if summary.stopped:
        return INTERRUPTED
    if summary.inputs["failed"] or summary.inputs["failed before"]:
        return 1
    return 0 if summary.inputs["parsed"] + summary.inputs["same"] + summary.inputs["known"] else USAGE
