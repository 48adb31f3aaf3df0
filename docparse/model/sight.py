"""What the model sees in a text: names with their probability, and for any stretch how far it looks like a body."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX

from docparse.find.blocks import Block
from docparse.model.names import decode, name_tagger
from docparse.text import Span

if TYPE_CHECKING:
    from spacy.language import Language

AGENCY_TAGS = ("B-AGENCY", "I-AGENCY")
BATCH = 400  # paragraphs


@dataclass(frozen=True, slots=True)
class SeenName:
    """A name that the model sees: its range in the text, its label, and a probability from 0 to 1."""

    start: int
    end: int
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Sight:
    """The names of a text in order; `starts` are the offsets of the syllables, `agency` their probabilities of being part of a body."""

    names: tuple[SeenName, ...]
    starts: list[int]
    agency: NDArray[np.float32]

    def support(self, start: int, end: int) -> float:
        """How far a stretch looks like a body: the mean over its syllables, 0 to 1; 0 where it has none."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return float(self.agency[first:last].mean()) if last > first else 0.0


def see(nlp: Language, content: str, blocks: Sequence[Block | Span]) -> Sight:
    """What the tagger of `nlp` sees in the paragraphs of a text."""
    tagger = name_tagger(nlp)
    labels = tagger.labels
    columns = [labels.index(tag) for tag in AGENCY_TAGS]
    flat = content.replace("\n", " ")
    names: list[SeenName] = []
    starts: list[int] = []
    parts: list[NDArray[np.float32]] = []
    shown = [block for block in blocks if block.end > block.start]
    for at in range(0, len(shown), BATCH):
        batch = shown[at : at + BATCH]
        docs = [nlp.make_doc(flat[block.start : block.end]) for block in batch]
        for block, doc, rows in zip(batch, docs, tagger.predict(docs), strict=True):
            offsets = (doc.to_array(IDX).astype(int) + block.start).tolist() if len(doc) else []
            for first, end, label, probability in decode(rows, labels):
                names.append(SeenName(offsets[first], offsets[end - 1] + len(doc[end - 1]), label, probability))
            starts += offsets
            parts.append(rows[:, columns].sum(axis=1))
    agency = np.concatenate(parts) if parts else np.zeros(0, dtype="f")
    if any(after < before for before, after in pairwise(starts)):
        order = np.argsort(starts, kind="stable")
        starts, agency = [starts[index] for index in order], agency[order]
    return Sight(tuple(sorted(names, key=lambda name: name.start)), starts, agency)
