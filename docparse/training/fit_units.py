"""Training of the classifier of units and clauses."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.language import Language
from thinc.api import Adam, fix_random_seed

from docparse.model.units import CLASSES, UnitClassifier, unit_classifier, unit_doc

UNITS_A_BATCH = 128
LEARN_RATE = 0.002
SMOOTHED = 0.03
WITHOUT_CONTEXT = 0.15  # of the units are shown without type and heading

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class UnitExample:
    """A unit with its class; `weight` says how much it counts."""

    text: str
    label: str
    doc_type: str | None
    heading: str
    weight: float = 1.0


def add_units(nlp: Language, *, seed: int) -> UnitClassifier:
    """A fresh classifier in the pipeline, with its classes and random weights."""
    fix_random_seed(seed)
    nlp.add_pipe("docparse_units", name="units")
    classifier = unit_classifier(nlp)
    for label in CLASSES:
        classifier.add_label(label)
    sample = unit_doc(nlp.vocab, "Rà soát hồ sơ", doc_type="kế hoạch", heading="")
    classifier.model.initialize(X=[sample], Y=np.zeros((1, len(CLASSES)), dtype="f"))
    return classifier


def fit_units(
    nlp: Language, examples: Sequence[UnitExample], *, epochs: int, seed: int, learn_rate: float = LEARN_RATE, report: Report = print
) -> None:
    """Train the classifier of `nlp`."""
    rng = random.Random(seed)
    classifier = unit_classifier(nlp)
    optimizer = Adam(learn_rate, L2=1e-6, grad_clip=1.0)
    order = list(examples)
    steps = max(1, epochs * len(order) // UNITS_A_BATCH)
    step = 0
    for epoch in range(epochs):
        rng.shuffle(order)
        right = 0
        for at in range(0, len(order), UNITS_A_BATCH):
            batch = order[at : at + UNITS_A_BATCH]
            optimizer.learn_rate = learn_rate * max(0.05, 1 - step / steps)
            bare = [rng.random() < WITHOUT_CONTEXT for _ in batch]
            docs = [
                unit_doc(nlp.vocab, one.text, doc_type=None if alone else one.doc_type, heading="" if alone else one.heading)
                for one, alone in zip(batch, bare, strict=True)
            ]
            truth = np.full((len(batch), len(CLASSES)), SMOOTHED / len(CLASSES), dtype="f")
            columns = [CLASSES.index(one.label) for one in batch]
            truth[np.arange(len(batch)), columns] += 1 - SMOOTHED
            scores, backprop = classifier.model.begin_update(docs)
            weights = np.array([[one.weight] for one in batch], dtype="f")
            backprop((scores - truth) * weights / len(batch))
            classifier.model.finish_update(optimizer)
            right += int((scores.argmax(axis=1) == columns).sum())
            step += 1
        report(f"units: epoch {epoch + 1} of {epochs}, {right / max(len(order), 1):.4f} right")
