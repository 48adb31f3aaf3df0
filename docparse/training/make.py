"""Making a pipeline: a new one from examples, or the shipped one taught from gold and texts of one's own."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

import docparse.model.syllables  # noqa: F401  (registers what the config names)
from docparse import __version__
from docparse.errors import DocparseError, GoldError
from docparse.find.blocks import find_blocks
from docparse.model.load import COMBINATION, Model
from docparse.model.names import TAGS
from docparse.model.units import CLASSES
from docparse.pipeline import build_record
from docparse.read import read_bytes
from docparse.settings import Settings
from docparse.training.ablation import with_calibration
from docparse.training.cases import SOURCE, Case, findings_of, record_of
from docparse.training.examples import Paragraph, tagged
from docparse.training.fit_names import add_names, fit_names
from docparse.training.fit_units import UnitExample, add_units, fit_units
from docparse.training.from_gold import gold_names, gold_units
from docparse.training.noise import Noise
from docparse.training.silver import silver_names

LONGEST_PARAGRAPH = 400  # tokens
MOST_OF_ONE_TEXT = 6000  # tokens
WITHOUT_NAMES = 0.2  # paragraphs of words that follow each other usually, for each paragraph of an example
TUNING_RATE = 0.0005
TUNING_EPOCHS = 3

Report = Callable[[str], None]


@dataclass
class Material:
    """What a pipeline learns from."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    units: list[UnitExample] = field(default_factory=list)

    def add(self, other: Material) -> None:
        """Take in the material of another source."""
        self.paragraphs += other.paragraphs
        self.units += other.units


def build_pipeline(material: Material, *, epochs: int, unit_epochs: int, seed: int, report: Report = print) -> Language:
    """A new pipeline, trained on examples and on noise made from the lexicon. Same material and seed, same pipeline."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "docparse.syllables.v1"}}})
    add_names(nlp, seed=seed)
    add_units(nlp, seed=seed)
    walks = Noise(random.Random(seed)).paragraphs(int(WITHOUT_NAMES * len(material.paragraphs)))
    fit_names(nlp, [*material.paragraphs, *walks], epochs=epochs, seed=seed, noisy=True, report=report)
    fit_units(nlp, material.units, epochs=unit_epochs, seed=seed, report=report)
    return nlp


def tune(model: Model, material: Material, *, seed: int = 0, report: Report = print) -> Model:
    """The model taught further, without noise and with small steps; what it learned before mostly stays. The weights of `model` are changed."""
    if material.paragraphs:
        fit_names(model.nlp, material.paragraphs, epochs=TUNING_EPOCHS, seed=seed, learn_rate=TUNING_RATE, report=report)
    if material.units:
        fit_units(model.nlp, material.units, epochs=TUNING_EPOCHS, seed=seed, learn_rate=TUNING_RATE, report=report)
    return model


def gold_material(cases: Sequence[Case]) -> Material:
    """What annotated documents teach."""
    material = Material()
    for case in cases:
        record = record_of(case)
        material.paragraphs += _cut(tagged(case.text.content, gold_names(case.gold, record), find_blocks(case.text)))
        material.units += gold_units(case.gold, case.text, record)
    return material


def silver_material(texts: Iterable[bytes], settings: Settings) -> Material:
    """What the rules find in texts, as names; tasks are not learned from rules, which would only repeat themselves."""
    material = Material()
    for data in texts:
        try:
            text = read_bytes(data, filename="text.txt", settings=settings)
        except DocparseError:
            continue
        record = build_record(text, document_id="0", source=SOURCE)
        material.paragraphs += _cut(tagged(text.content, silver_names(record), find_blocks(text)))
    return material


def _cut(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    size = 0
    for one in paragraphs:
        yield Paragraph(one.words[:LONGEST_PARAGRAPH], one.spaces[:LONGEST_PARAGRAPH], one.tags[:LONGEST_PARAGRAPH])
        size += len(one.words)
        if size > MOST_OF_ONE_TEXT:
            return


def read_texts(path: Path) -> Iterator[bytes]:
    """Texts of a folder (`.txt`), or the values `text` of a file of JSON lines, which may be compressed. Raises GoldError if it is neither."""
    if path.is_dir():
        files = sorted([*path.rglob("*.txt"), *path.rglob("*.jsonl.gz"), *path.rglob("*.jsonl")])
        for file in files:
            yield from [file.read_bytes()] if file.suffix == ".txt" else read_texts(file)
        return
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"].encode()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldError(str(path), "holds no texts", hint="Give a folder of .txt files, or JSON lines with a value `text`.") from error


def calibrated(model: Model, cases: Sequence[Case]) -> Model:
    """The model with its confidence fitted to annotated documents."""
    return with_calibration(model, [findings_of(case, model, record_of(case, model)) for case in cases])


def save_model(model: Model, folder: Path) -> None:
    """Write the pipeline and how it joins the rules.

    The weights know words by hashes alone: the list of words that training met is left out, so that no text and no name of a person is in a file.
    """
    description = "Names of bodies and classes of units of Vietnamese administrative documents"
    model.nlp.meta.update(name="docparse_sm", version=__version__, description=description, license="Apache-2.0")
    model.nlp.to_disk(folder)
    (folder / "vocab/strings.json").write_text(json.dumps(sorted({*TAGS, *CLASSES})) + "\n", encoding="utf-8")
    (folder / COMBINATION).write_text(json.dumps(model.combination, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def default_combination() -> dict[str, Any]:
    """How a pipeline joins the rules before anything was calibrated."""
    plain = {"bias": 3.0, "model": 0.0, "rules": {}}
    return {
        "names": {"threshold": None, "surer": 0.97, "likely": 0.6, "shortest": 2, "longest": 24},
        "confidence": {"agencies": plain, "citations": plain, "tasks": plain},
    }
