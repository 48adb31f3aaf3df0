"""Dictionary dropout: names are disguised while the tagger learns, so that it learns their surroundings and their build, not a list."""

from __future__ import annotations

import random
from collections.abc import Sequence

from docparse.training.examples import Paragraph

SWAPPED, DISGUISED, RENAMED = 0.2, 0.25, 0.15
LONGEST_POOL = 20_000


class Disguise:
    """Changes the agencies of paragraphs at random: for another name, for invented syllables, or for another head noun."""

    def __init__(self, paragraphs: Sequence[Paragraph], rng: random.Random) -> None:
        self.rng = rng
        self._names: list[list[str]] = []
        syllables: set[str] = set()
        for paragraph in paragraphs:
            syllables.update(word.lower() for word in paragraph.words if word.isalpha() and 1 < len(word) < 8)
            self._names += (paragraph.words[first:end] for first, end in _agencies(paragraph))
        self._syllables = sorted(syllables)
        rng.shuffle(self._names)
        del self._names[LONGEST_POOL:]

    def __call__(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph with some of its agencies changed; the same one where none is."""
        changed: Paragraph | None = None
        for first, end in reversed(list(_agencies(paragraph))):
            chance = self.rng.random()
            if chance < SWAPPED:
                name = self._like(paragraph.words[first:end], self.rng.choice(self._names))
            elif chance < SWAPPED + DISGUISED:
                name = [self._invented(word) if self.rng.random() < 0.7 else word for word in paragraph.words[first:end]]
            elif chance < SWAPPED + DISGUISED + RENAMED:
                size = min(end - first, self.rng.choice((1, 1, 2)))
                name = [*map(self._invented, paragraph.words[first : first + size]), *paragraph.words[first + size : end]]
            else:
                continue
            changed = changed or Paragraph(list(paragraph.words), list(paragraph.spaces), list(paragraph.tags))
            changed.words[first:end] = name
            changed.spaces[first:end] = [True] * (len(name) - 1) + [paragraph.spaces[end - 1]]
            changed.tags[first:end] = [changed.tags[first], *["I-AGENCY"] * (len(name) - 1)]
        return changed or paragraph

    def _invented(self, word: str) -> str:
        """Another syllable in the same letter case; marks and numbers stay."""
        if not word.isalpha() or len(word) > 7:
            return word
        other = self.rng.choice(self._syllables)
        return other.upper() if word.isupper() and len(word) > 1 else other.capitalize() if word[0].isupper() else other

    @staticmethod
    def _like(old: Sequence[str], new: Sequence[str]) -> list[str]:
        """A name in capitals where the old one was."""
        shouted = all(word.isupper() for word in old if word.isalpha()) and len(old) > 1
        return [word.upper() for word in new] if shouted else list(new)


def _agencies(paragraph: Paragraph) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, tag in enumerate(paragraph.tags):
        if tag == "B-AGENCY":
            found.append((index, index + 1))
        elif tag == "I-AGENCY" and found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
    return found
