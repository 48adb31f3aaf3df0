"""What made documents teach the trained pipeline: used by scripts/train and scripts/withheld."""

from __future__ import annotations

from collections.abc import Iterator

from generator.examples import Example, training_examples

from docparse.find.blocks import find_blocks
from docparse.text import Text
from docparse.training.examples import UNKNOWN, NameSpan, tagged
from docparse.training.fit_units import UnitExample
from docparse.training.make import Material
from docparse.words import squeeze

UNIT_SEED = 20  # units are learned from other documents than names


def generated(seed: int, documents: int) -> Material:
    """What made documents teach."""
    material = Material()
    for example in training_examples(seed=seed, count=documents):
        text = Text.of_lines(example.text.removesuffix("\n").split("\n"))
        material.paragraphs += tagged(text.content, names(example), find_blocks(text))
    for example in training_examples(seed=seed + UNIT_SEED, count=documents):
        material.units += units(example)
    return material


def names(example: Example) -> Iterator[NameSpan]:
    """The names of an example. A member of an elliptic list, which lacks its head noun, teaches nothing."""
    for entity in example.entities:
        whole = entity.label != "agency" or squeeze(example.text[entity.start : entity.end]).casefold() == squeeze(entity.mention).casefold()
        yield NameSpan(entity.start, entity.end, entity.label.upper() if whole else UNKNOWN)


def units(example: Example) -> Iterator[UnitExample]:
    """The paragraphs of an example, and the clauses inside them, with the heading above."""
    heading = ""
    for unit in example.units:
        words = example.text[unit.start : unit.end]
        yield UnitExample(words, unit.label, example.doc_type, heading)
        for clause in example.clauses:
            if unit.start <= clause.start and clause.end <= unit.end and (clause.start, clause.end) != (unit.start, unit.end):
                yield UnitExample(example.text[clause.start : clause.end], clause.label, example.doc_type, heading)
        if unit.label == "heading":
            heading = words
