"""Words that the generator does not use: without them the tagger takes every word it never met for a name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from docparse.lexicon import FOLDER, load_rows
from docparse.model.names import OUTSIDE
from docparse.training.examples import Paragraph

WORD = re.compile(r"[^\W\d_]+")
CHANGED_PARAGRAPHS, CHANGED_WORDS = 0.5, 0.25
CAPITALS = 0.05
LONGEST = 45
MARKS = (",", ";", ".", ":", "-")


class Noise:
    """Puts other words of the lexicon in place of words outside names, and makes paragraphs of words that follow each other usually."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        words: set[str] = set()
        for path in sorted(FOLDER.glob("*.*")):
            if path.suffix in (".toml", ".csv"):
                words.update(
                    word for word in WORD.findall(path.read_text(encoding="utf-8")) if word.islower() and len(word) < 8 and not word.isascii()
                )
        self._following: dict[str, list[str]] = {}
        for row in load_rows("word_pairs"):
            self._following.setdefault(row["first"], []).append(row["second"])
            words.update((row["first"], row["second"]))
        self._words = sorted(words)
        self._firsts = sorted(self._following)

    def __call__(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph with some words outside names changed; the same one mostly."""
        if self.rng.random() >= CHANGED_PARAGRAPHS:
            return paragraph
        words = list(paragraph.words)
        for index, tag in enumerate(paragraph.tags):
            if tag == OUTSIDE and words[index].isalpha() and self.rng.random() < CHANGED_WORDS:
                other = self.rng.choice(self._words)
                words[index] = (
                    other.upper() if words[index].isupper() and len(words[index]) > 1 else other.capitalize() if words[index][0].isupper() else other
                )
        return Paragraph(words, paragraph.spaces, paragraph.tags)

    def paragraphs(self, count: int) -> Iterator[Paragraph]:
        """Paragraphs without names: a walk over the pairs of words, with marks, numbers and a few capitals."""
        for _ in range(count):
            words: list[str] = []
            word = self.rng.choice(self._firsts)
            shouted = self.rng.random() < 0.05
            opens = True
            for _ in range(self.rng.randint(4, LONGEST)):
                capital = opens or self.rng.random() < CAPITALS
                words.append(word.upper() if shouted else word.capitalize() if capital else word)
                opens = False
                following = self._following.get(word)
                if following and self.rng.random() < 0.93:
                    word = self.rng.choice(following)
                else:
                    mark = self.rng.choice(MARKS) if self.rng.random() < 0.5 else str(self.rng.randint(1, 2100))
                    words.append(mark)
                    opens = mark == "."
                    word = self.rng.choice(self._firsts)
            yield Paragraph(words, [True] * len(words), [OUTSIDE] * len(words))
