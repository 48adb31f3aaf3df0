"""How right the parser is: gold documents parsed and scored, and gains and losses against a baseline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docparse.errors import DocparseError, GoldError
from docparse.gold import GoldDocument, find_input, load_gold
from docparse.score import Score, score_document
from docparse.settings import Settings

MAIN_LAYERS = ("header.number", "sections", "citations", "dates", "agencies", "tasks", "tasks.strict")
NOISE = 0.0005

Report = Callable[[str], None]
Figures = Mapping[str, Mapping[str, float]]


@dataclass
class Evaluation:
    """The scores of a gold folder: micro-averaged, and for each document."""

    total: Score = field(default_factory=Score)
    documents: dict[str, Score] = field(default_factory=dict)

    def as_baseline(self) -> dict[str, Any]:
        """The figures as JSON values: `layers` in full, `documents` by F1; rounded, so that the file changes only where a result does."""
        layers = {layer: {key: round(value, 4) for key, value in row.items()} for layer, row in self.total.figures().items()}
        documents = {
            name: {layer: round(row["f1"], 4) for layer, row in score.figures().items() if row["support"] or row["found"]}
            for name, score in self.documents.items()
        }
        return {"layers": layers, "documents": documents}


@dataclass(frozen=True)
class Change:
    """An F1 that differs from the baseline; `document` is empty for the whole gold set."""

    document: str
    layer: str
    before: float
    after: float

    @property
    def is_loss(self) -> bool:
        """Whether the figure fell."""
        return self.after < self.before


def evaluate(
    gold_dir: Path, *, records_dir: Path | None = None, text_only: bool = False, settings: Settings | None = None, report: Report = print
) -> Evaluation:
    """Parse and score every document of a gold folder; with `records_dir`, score the records `<id>.json` that lie there instead.

    A document that cannot be parsed, or has no record there, counts as an empty record and is told to `report`. With `text_only`
    documents with a page that is only a picture are left out.
    Raises GoldError if the folder holds no gold file or one of a wrong form.
    """
    files = sorted(gold_dir.glob("*.json"))
    if not files:
        raise GoldError(str(gold_dir), "holds no gold file (*.json)")
    if text_only:
        settings = (settings or Settings()).model_copy(update={"ocr": False})
    evaluation = Evaluation()
    for file in files:
        gold = load_gold(file)
        try:
            record = _parsed(gold, file, settings) if records_dir is None else _stored(gold, records_dir)
        except DocparseError as error:
            report(f"{error} Counted as an empty record.")
            record = {}
        if text_only and _is_scan(record):
            continue
        score = score_document(gold.model_dump(mode="json"), record)
        evaluation.documents[gold.id] = score
        evaluation.total.add(score)
    return evaluation


def _is_scan(record: Mapping[str, Any]) -> bool:
    recognised = record.get("source", {}).get("text_origin") in ("ocr", "mixed")
    return recognised or any(problem["code"] == "no_text_layer" for problem in record.get("problems", ()))


def _parsed(gold: GoldDocument, file: Path, settings: Settings | None) -> Mapping[str, Any]:
    from docparse.pipeline import parse_file

    source = find_input(file, gold.input)
    if source is None:
        raise GoldError(str(file), f"names the input {gold.input}, which is not there")
    return parse_file(source, settings=settings).model_dump(mode="json")


def _stored(gold: GoldDocument, records_dir: Path) -> Mapping[str, Any]:
    path = records_dir / f"{gold.id}.json"
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GoldError(str(path), "is no readable record", hint="") from error
    if not isinstance(record, dict):
        raise GoldError(str(path), "is no record but another JSON value", hint="")
    return record


def compare(evaluation: Evaluation, baseline: Mapping[str, Any]) -> list[Change]:
    """Every F1 that differs from the baseline by more than rounding: the whole set first, then documents; new layers and documents are none.

    >>> compare(Evaluation(), {"layers": {}, "documents": {}})
    []
    """
    now = evaluation.as_baseline()
    rows = [("", layer, row["f1"], baseline["layers"].get(layer, {}).get("f1")) for layer, row in now["layers"].items()]
    for name, layers in now["documents"].items():
        rows += [(name, layer, f1, baseline["documents"].get(name, {}).get(layer)) for layer, f1 in layers.items()]
    return [Change(name, layer, before, after) for name, layer, after, before in rows if before is not None and abs(after - before) > NOISE]


def load_baseline(path: Path) -> Mapping[str, Any]:
    """Read what `save_baseline` wrote. Raises GoldError if it is not there or something else."""
    try:
        baseline = json.loads(path.read_bytes())
        return {"layers": dict(baseline["layers"]), "documents": dict(baseline["documents"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldError(str(path), "is no baseline", hint="Write one with docparse evaluate --save-baseline.") from error


def save_baseline(evaluation: Evaluation, path: Path) -> None:
    """Write the figures for later comparison."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(evaluation.as_baseline(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def layer_table(figures: Figures, baseline: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Lines of a table of precision, recall, F1 and support by layer, with the change of F1 where a baseline is given."""
    yield f"{'layer':24}{'precision':>10}{'recall':>10}{'f1':>10}{'support':>10}{'found':>10}" + (f"{'change':>10}" if baseline else "")
    for layer, row in figures.items():
        line = f"{layer:24}{row['precision']:10.3f}{row['recall']:10.3f}{row['f1']:10.3f}{row['support']:10}{row['found']:10}"
        before = baseline["layers"].get(layer, {}).get("f1") if baseline else None
        yield line + (f"{row['f1'] - before:+10.3f}" if before is not None else "")


def document_table(evaluation: Evaluation) -> Iterator[str]:
    """Lines of a table of the F1 of the main layers for each document."""
    yield f"{'document':44}" + "".join(f"{layer:>14}" for layer in MAIN_LAYERS)
    for name, score in evaluation.documents.items():
        yield f"{name:44}" + "".join(f"{score.tallies[layer].figures()['f1']:14.3f}" for layer in MAIN_LAYERS)


def change_lines(changes: list[Change]) -> Iterator[str]:
    """Lines that tell gains and losses, losses first and the largest of them on top."""
    for change in sorted(changes, key=lambda change: change.after - change.before):
        kind = "loss" if change.is_loss else "gain"
        figures = f"{change.after - change.before:+.3f}  {change.layer:24}{change.before:.3f} -> {change.after:.3f}"
        yield f"{kind} {figures}  {change.document or 'all documents'}"
