"""The component that tells what a paragraph or clause is: a task given or planned, a result, a legal basis, a description, a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline.textcat import TextCategorizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from docparse.words import old_tone

CLASSES = ("assigned", "planned", "result", "basis", "description", "heading")
TASKS = ("assigned", "planned")
WORD = re.compile(r"[^\W_]+|[.,;:]")
DIGIT = re.compile(r"\d")
FIRST_WORDS, LAST_WORDS, OPENING, HEADING_WORDS = 60, 10, 4, 14
DEFAULT_MODEL = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 2, "length": 32768, "no_output_layer": False}


class UnitClassifier(TextCategorizer):
    """Sets `doc.cats`. `doc.user_data["doc_type"]` and `["heading"]`, where there, tell the type of the document and the heading above."""

    def predict(self, docs: Iterable[Doc]) -> NDArray[np.float32]:
        """The probability of each class for each document."""
        shown = [unit_doc(self.vocab, doc.text, doc_type=doc.user_data.get("doc_type"), heading=doc.user_data.get("heading", "")) for doc in docs]
        return self.judge(shown)

    def work(self, units: Sequence[tuple[str, str]], *, doc_type: str | None) -> list[float]:
        """The probability, 0 to 1, that each unit of a document tells work to be done. A unit is its text and the heading above it."""
        shown = [unit_doc(self.vocab, text, doc_type=doc_type, heading=heading) for text, heading in units]
        columns = [self.labels.index(label) for label in TASKS]
        return [float(row[columns].sum()) for row in self.judge(shown)]

    def judge(self, units: Sequence[Doc]) -> NDArray[np.float32]:
        """The probabilities of the classes of units made by `unit_doc`."""
        if not units:
            return np.zeros((0, len(self.labels)), dtype="f")
        scores: NDArray[np.float32] = self.model.predict(list(units))
        return scores


def unit_doc(vocab: Vocab, text: str, *, doc_type: str | None, heading: str) -> Doc:
    """A unit as the classifier sees it: its words, those that open it once more, the words of the heading above and the type of the document.

    >>> [token.text for token in unit_doc(Vocab(), "Rà soát 12 hồ sơ", doc_type="kế hoạch", heading="Nhiệm vụ")][:5]
    ['t:kế_hoạch', 'h:nhiệm', 'h:vụ', '^rà', '^soát']
    """
    words = WORD.findall(DIGIT.sub("0", old_tone(text)))
    shown = words if len(words) <= FIRST_WORDS + LAST_WORDS else [*words[:FIRST_WORDS], *words[-LAST_WORDS:]]
    context = [f"t:{(doc_type or '-').replace(' ', '_')}", *(f"h:{word}" for word in WORD.findall(old_tone(heading))[:HEADING_WORDS])]
    return Doc(vocab, words=[*context, *(f"^{word}" for word in words[:OPENING]), *(shown or ["-"])])


def unit_classifier(nlp: Language) -> UnitClassifier:
    """The component of a pipeline."""
    return cast(UnitClassifier, nlp.get_pipe("units"))


@Language.factory("docparse_units", assigns=["doc.cats"], default_config={"model": DEFAULT_MODEL})
def create_units(nlp: Language, name: str, model: Any) -> UnitClassifier:
    """The component for a pipeline."""
    return UnitClassifier(nlp.vocab, model, name, threshold=0.5, scorer=None)
