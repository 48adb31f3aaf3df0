"""The component that finds names: a tagger of syllables whose probabilities come with each name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline.tagger import Tagger
from spacy.tokens import Doc, Span, SpanGroup

OUTSIDE = "O"
LABELS = ("AGENCY", "PERSON", "PLACE", "POSITION")
TAGS = (OUTSIDE, *(f"{part}-{label}" for label in LABELS for part in "BI"))
GROUP = "names"
DEFAULT_MODEL = {
    "@architectures": "spacy.Tagger.v2",
    "normalize": True,
    "tok2vec": {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 64,
            "attrs": ["NORM", "PREFIX", "SHAPE"],
            "rows": [4000, 500, 500],
            "include_static_vectors": False,
        },
        "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 64, "window_size": 1, "maxout_pieces": 2, "depth": 4},
    },
}

Probabilities = NDArray[np.float32]


class NameTagger(Tagger):  # type: ignore[misc]
    """Tags syllables with B-, I- and O, and sets `doc.ents` and `doc.spans["names"]`; the group's `attrs["probabilities"]` has one for each span."""

    def predict(self, docs: Sequence[Doc]) -> list[Probabilities]:
        """The probabilities of the tags for each token of each document."""
        if not any(len(doc) for doc in docs):
            return [np.zeros((len(doc), len(self.labels)), dtype="f") for doc in docs]
        return list(self.model.predict(docs))

    def set_annotations(self, docs: Iterable[Doc], scores: Sequence[Probabilities]) -> None:
        """Write the names that `predict` saw."""
        for doc, rows in zip(docs, scores, strict=True):
            names = decode(rows, self.labels)
            spans = [Span(doc, first, end, label=label) for first, end, label, _ in names]
            doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans, attrs={"probabilities": [name[3] for name in names]})
            doc.set_ents(spans)


def decode(rows: Probabilities, labels: Sequence[str]) -> list[tuple[int, int, str, float]]:
    """Names as first token, end, label and probability: the geometric mean of what their tokens and the token after them got.

    >>> rows = np.array([[0.1, 0.9, 0.0], [0.2, 0.0, 0.8], [1.0, 0.0, 0.0]], dtype="f")
    >>> [(first, end, label, round(p, 3)) for first, end, label, p in decode(rows, ("O", "B-AGENCY", "I-AGENCY"))]
    [(0, 2, 'AGENCY', 0.896)]
    """
    best = rows.argmax(axis=1)
    outside = labels.index(OUTSIDE)
    found: list[tuple[int, int, str, float]] = []
    at, last = 0, len(best)
    inside = np.flatnonzero(best != outside)
    for start in map(int, inside):
        if start < at:
            continue
        label = labels[best[start]][2:]
        end = start + 1
        while end < last and labels[best[end]] == f"I-{label}":
            end += 1
        chosen = [float(rows[i, best[i]]) for i in range(start, end)]
        if end < last:
            going_on = labels.index(f"I-{label}")
            chosen.append(1 - float(rows[end, going_on]))
        found.append((start, end, label, float(np.exp(np.mean(np.log(np.maximum(chosen, 1e-6)))))))
        at = end
    return found


def name_tagger(nlp: Language) -> NameTagger:
    """The component of a pipeline."""
    return cast(NameTagger, nlp.get_pipe("names"))


@Language.factory("docparse_names", assigns=["doc.ents", "doc.spans"], default_config={"model": DEFAULT_MODEL})
def create_names(nlp: Language, name: str, model: Any) -> NameTagger:
    """The component for a pipeline."""
    return NameTagger(nlp.vocab, model, name=name, overwrite=True, scorer=None)
