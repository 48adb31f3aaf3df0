"""Commands about gold files: evaluate, check-gold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docparse.cli.common import complain, load_settings, usage_errors
from docparse.errors import DocparseError


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

    with usage_errors():
        before = evaluation.load_baseline(baseline) if baseline and not save else None
        result = evaluation.evaluate(gold, records_dir=records, text_only=text_only, settings=load_settings(), report=complain)
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


def check_gold(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Gold files.", show_default=False)]) -> None:
    """Check the form of gold files (docs/annotation.md)."""
    from docparse.gold import load_gold

    status = 0
    for path in files:
        try:
            gold = load_gold(path)
        except DocparseError as error:
            complain(str(error))
            status = error.exit_status
        else:
            counts = ", ".join(f"{len(getattr(gold, layer))} {layer}" for layer in ("sections", "citations", "dates", "agencies", "tasks"))
            typer.echo(f"{path}: ok ({counts})")
    raise typer.Exit(status)
