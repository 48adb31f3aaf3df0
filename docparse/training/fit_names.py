"""Training of the tagger of names."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Adam, fix_random_seed, set_dropout_rate

from docparse.model.names import TAGS, NameTagger, name_tagger
from docparse.training.dropout import Disguise
from docparse.training.examples import UNKNOWN, Paragraph
from docparse.training.noise import Noise

WORDS_A_BATCH = 1500
LEARN_RATE = 0.002
SMOOTHED = 0.03
DROPPED = 0.1

Report = Callable[[str], None]


def add_names(nlp: Language, *, seed: int) -> NameTagger:
    """A fresh tagger in the pipeline, with its labels and random weights."""
    fix_random_seed(seed)
    nlp.add_pipe("docparse_names", name="names")
    tagger = name_tagger(nlp)
    for tag in TAGS:
        tagger.add_label(tag)
    sample = nlp.make_doc("Giao Sở Y tế báo cáo Chủ tịch UBND tỉnh")
    tagger.model.initialize(X=[sample], Y=[np.zeros((len(sample), len(TAGS)), dtype="f")])
    return tagger


def fit_names(
    nlp: Language,
    paragraphs: Sequence[Paragraph],
    *,
    epochs: int,
    seed: int,
    learn_rate: float = LEARN_RATE,
    disguised: bool = True,
    noisy: bool = False,
    report: Report = print,
) -> None:
    """Train the tagger of `nlp` on paragraphs, with names disguised anew in each epoch."""
    rng = random.Random(seed)
    tagger = name_tagger(nlp)
    columns = {tag: index for index, tag in enumerate(tagger.labels)}
    disguise = Disguise(paragraphs, rng) if disguised else None
    noise = Noise(rng) if noisy else None
    optimizer = Adam(learn_rate, L2=1e-6, grad_clip=1.0)
    model = tagger.model
    set_dropout_rate(model, DROPPED)
    order = list(paragraphs)
    batches = sum(len(paragraph.words) for paragraph in order) / WORDS_A_BATCH * epochs
    step = 0
    for epoch in range(epochs):
        rng.shuffle(order)
        loss = words = 0.0
        batch: list[Paragraph] = []
        for index, paragraph in enumerate(order):
            shown = disguise(paragraph) if disguise else paragraph
            batch.append(noise(shown) if noise else shown)
            if sum(len(one.words) for one in batch) < WORDS_A_BATCH and index + 1 < len(order):
                continue
            optimizer.learn_rate = learn_rate * max(0.02, min(1.0, step / 50, (batches - step) / (0.7 * batches)))
            docs = [Doc(nlp.vocab, words=one.words, spaces=one.spaces) for one in batch]
            scores, backprop = model.begin_update(docs)
            gradients = []
            for one, rows in zip(batch, scores, strict=True):
                known = np.array([tag != UNKNOWN for tag in one.tags])
                truth = np.full(rows.shape, SMOOTHED / len(columns), dtype="f")
                truth[np.arange(len(rows)), [columns[tag or "O"] for tag in one.tags]] += 1 - SMOOTHED
                gradients.append((rows - truth) * known[:, None] / WORDS_A_BATCH * 8)
                loss -= float((truth * np.log(rows + 1e-8)).sum(axis=1)[known].sum())
                words += known.sum()
            backprop(gradients)
            model.finish_update(optimizer)
            batch, step = [], step + 1
        report(f"names: epoch {epoch + 1} of {epochs}, loss {loss / max(words, 1):.4f} a syllable")
    set_dropout_rate(model, 0.0)
