"""Words that the generator does not use: without them the tagger takes every word it never met for a name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from docparse import lexicon
from docparse.lexicon import load_rows, load_values
from docparse.model.names import OUTSIDE
from docparse.training.examples import Paragraph

WORD = re.compile(r"[^\W\d_]+")
CHANGED_PARAGRAPHS, CHANGED_WORDS = 0.5, 0.25
CAPITALS = 0.05
LONGEST = 45
MARKS = (",", ";", ".", ":", "-")
OTHER_NAMES = 0.35  # of the paragraphs get a name that is no body


class Noise:
    """Puts other words of the lexicon in place of words outside names, and makes paragraphs of words that follow each other usually."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        words: set[str] = set()
        for path in sorted(lexicon.FOLDER.glob("*.*")):
            if path.suffix in (".toml", ".csv"):
                words.update(
                    word for word in WORD.findall(path.read_text(encoding="utf-8")) if word.islower() and len(word) < 8 and not word.isascii()
                )
        self._following: dict[str, list[str]] = {}
        for row in load_rows("word_pairs"):
            self._following.setdefault(row["first"], []).append(row["second"])
            words.update((row["first"], row["second"]))
        self._words = sorted(words)
        self._heads = [head.split() for head in load_values("other_names")["heads"]]
        self._firsts = sorted(self._following)

    def __call__(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph with some words outside names changed; the same one mostly."""
        if self.rng.random() < OTHER_NAMES:
            paragraph = self._with_other_name(paragraph)
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

    def _with_other_name(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph with the name of something that is no body after a word in small letters."""
        places = [
            index + 1
            for index, (word, tag) in enumerate(zip(paragraph.words, paragraph.tags, strict=True))
            if tag == OUTSIDE and word.isalpha() and word.islower() and (index + 1 == len(paragraph.tags) or paragraph.tags[index + 1] == OUTSIDE)
        ]
        if not places:
            return paragraph
        at, name = self.rng.choice(places), self._other_name()
        words = [*paragraph.words[:at], *name, *paragraph.words[at:]]
        spaces = [*paragraph.spaces[: at - 1], True, *[True] * len(name), *paragraph.spaces[at:]]
        return Paragraph(words, spaces, [*paragraph.tags[:at], *[OUTSIDE] * len(name), *paragraph.tags[at:]])

    def _other_name(self) -> list[str]:
        """A head with capitalised syllables, or initials, or words in small letters after it."""
        head = [self.rng.choice(self._heads)[0].capitalize()] if self.rng.random() < 0.1 else list(self.rng.choice(self._heads))
        if self.rng.random() < 0.6:
            head[0] = head[0].capitalize()
        chance, count = self.rng.random(), self.rng.randint(1, 5)
        if chance < 0.2:
            return [*head, "".join(self.rng.choice("ABCDĐGHIKLMNPQSTVX") for _ in range(count + 1))]
        syllables = [self.rng.choice(self._words) for _ in range(count)]
        if chance < 0.6:
            return [*head, *(one.capitalize() for one in syllables)]
        return [*head, syllables[0].capitalize(), *syllables[1:]]

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
