"""The tokenizer of the pipeline: syllables, numbers and marks, with exact offsets into the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from spacy.attrs import NORM
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from docparse.words import old_tone

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\s\w]|_|\s+")
DIGIT = re.compile(r"\d")


class SyllableTokenizer:
    """Syllables as tokens; white space that is no single space is a token of its own, so that `token.idx` is the offset in the text.

    >>> [token.text for token in SyllableTokenizer(Vocab())("Sở Y tế, 30/2020/NĐ-CP")]
    ['Sở', 'Y', 'tế', ',', '30', '/', '2020', '/', 'NĐ', '-', 'CP']
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        words: list[str] = []
        spaces: list[bool] = []
        for token in TOKEN.findall(text):
            if token == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                words.append(token)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing: the tokenizer has no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> SyllableTokenizer:
        """The tokenizer itself."""
        return self

    def to_disk(self, _path: str, **_: Any) -> None:
        """Nothing: the tokenizer has no state."""

    def from_disk(self, _path: str, **_: Any) -> SyllableTokenizer:
        """The tokenizer itself."""
        return self


def norm(word: str) -> str:
    """A word as the model compares it: lower case, one placement of tone marks, all digits alike.

    >>> norm("Uỷ"), norm("2025")
    ('ủy', '0000')
    """
    return DIGIT.sub("0", old_tone(word))


@registry.tokenizers("docparse.syllables.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], SyllableTokenizer]:
    """What the config of a pipeline names."""

    def create(nlp: Language) -> SyllableTokenizer:
        nlp.vocab.lex_attr_getters[NORM] = norm  # type: ignore[attr-defined]
        return SyllableTokenizer(nlp.vocab)

    return create
