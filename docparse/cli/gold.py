"""Commands about gold files: evaluate, train, check-gold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from docparse.cli.common import NoModel, complain, load_settings, usage_errors
from docparse.errors import DocparseError, ModelError

if TYPE_CHECKING:
    from docparse.model.load import Model
    from docparse.settings import Settings


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
    no_model: NoModel = False,
    ablation: Annotated[bool, typer.Option("--ablation", help="Compare rules, model and both, leaving out each issuer in turn.")] = False,
) -> None:
    """Score the parser on annotated documents.

    Prints precision, recall, F1 and support by layer. With --baseline the exit status is 1 if the F1 of a layer over all documents fell.
    """
    if save and baseline is None:
        raise typer.BadParameter("needs --baseline FILE", param_hint="--save-baseline")
    if ablation:
        _print_ablation(gold)
        return
    import json

    from docparse import evaluate as evaluation

    with usage_errors():
        before = evaluation.load_baseline(baseline) if baseline and not save else None
        result = evaluation.evaluate(gold, records_dir=records, text_only=text_only, settings=load_settings(no_model=no_model), report=complain)
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


def _print_ablation(gold: Path) -> None:
    """What rules, model and both find of issuers that the confidence was not fitted to, as Markdown."""
    with usage_errors():
        from docparse.training.ablation import ablate, ablation_table, reliability_lines
        from docparse.training.cases import read_cases

        settings = load_settings()
        model = _model(settings)
        result = ablate(read_cases(gold, settings), model, report=complain)
    for line in ablation_table(result):
        typer.echo(line)
    for layer in result.confidences:
        typer.echo("")
        for line in reliability_lines(result, layer):
            typer.echo(line)


def _model(settings: Settings) -> Model:
    """The pipeline that the settings name, the one that comes with docparse where they leave it out. Raises ModelError."""
    from docparse.model.load import AUTO, OFF, load_model

    model = load_model(AUTO if settings.model == OFF else settings.model)
    if model is None:
        raise ModelError("pipeline", "is not there, or spaCy is not installed", hint="Install it: pip install 'docparse[spacy]'.")
    return model


def train(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the pipeline goes.", show_default=False)],
    gold: Annotated[Path | None, typer.Option("--gold", metavar="DIR", help="Folder of gold files (docs/annotation.md).", show_default=False)] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", metavar="PATH", help="Folder of texts, or JSON lines with `text`.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the order of examples.")] = 1,
) -> None:
    """Teach the trained pipeline what documents of your own hold: gold, such as reviewed corrections, and texts nobody annotated.

    The pipeline that DOCPARSE_MODEL names (by default the one that comes with docparse) is taught further and written to --output; with gold
    the confidence is fitted as well, and names that only the pipeline sees are added from now on if that gives better agencies on this gold.
    Use it with DOCPARSE_MODEL=DIR, and see what it is worth with docparse evaluate --ablation on gold that it was not taught from.
    """
    if gold is None and text is None:
        raise typer.BadParameter("give --gold, --text or both", param_hint="--gold")
    with usage_errors():
        settings = load_settings()
        model = _model(settings)
        from docparse.training import make
        from docparse.training.ablation import choose_threshold, with_threshold
        from docparse.training.cases import read_cases

        rules = settings.model_copy(update={"model": "off"})
        cases = read_cases(gold, rules) if gold else []
        material = make.gold_material(cases)
        if text:
            material.add(make.silver_material(make.read_texts(text), rules))
        if cases:  # on documents that the pipeline has not been taught yet
            model = with_threshold(model, choose_threshold(cases, model))
        model = make.tune(model, material, seed=seed, report=complain)
        make.save_model(make.calibrated(model, cases) if cases else model, output)
    typer.echo(f"{output}: taught {len(material.paragraphs):,} paragraphs and {len(material.units):,} units")


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
