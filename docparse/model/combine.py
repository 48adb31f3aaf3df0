"""How what the model sees joins what the rules find: rules stay where they read a name, the model speaks where they are silent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from docparse.find.agency_learning import Seen
from docparse.find.agency_words import heads
from docparse.find.blocks import Block
from docparse.find.places import province_names
from docparse.find.tokens import Phrases, folded_words
from docparse.lexicon import load_values
from docparse.model.confidence import Calibration
from docparse.model.load import Model
from docparse.model.sight import SeenName, Sight, see
from docparse.model.units import unit_classifier
from docparse.record import AgencyMention, Citation, Section, Task
from docparse.text import Span
from docparse.words import old_tone, squeeze

NO_NAME = ':;./"“”|'
NO_WORDS = frozenset(["thuộc", "giáp"])  # they join places: `Tây giáp xã B`, `C thuộc tỉnh D`
CAPITAL_BEFORE = re.compile(r"(?<![^\W\d_])[^\W\d_a-zà-ỹđ][^\W\d_]{0,8}\s\Z")
LONGEST_SYLLABLE = 10
NEAR = 40  # characters: more than the four syllables that the tagger sees to each side
UNDECIDED = 0.5  # what the model thinks of findings that it does not judge


@dataclass
class Combination:
    """The model's view of one text, and the numbers of `combination.json` by which it joins the rules."""

    model: Model
    content: str
    blocks: Sequence[Block]

    @classmethod
    def of(cls, model: Model, content: str, blocks: Sequence[Block]) -> Combination:
        """The view of a text with its paragraphs."""
        return cls(model, content, blocks)

    @cached_property
    def sight(self) -> Sight:
        """What the model sees in the whole text; where no names are to be added, only paragraphs with bodies are looked at, see `agencies`."""
        return see(self.model.nlp, self.content, self.blocks)

    def seen(self) -> Seen | None:
        """The bodies that the model is sure of, whose form it sees surely on the whole, wherever it stands; and what else may be one or part of one.

        None where the threshold is null: no threshold made model and rules together better than the rules.
        """
        numbers = self.model.combination["names"]
        if numbers["threshold"] is None:
            return None
        bodies = [name for name in self.sight.names if name.label == "AGENCY"]
        forms: dict[str, list[SeenName]] = defaultdict(list)
        for name in bodies:
            if self._may_be_body(name, numbers):
                forms[old_tone(squeeze(self.content[name.start : name.end]))].append(name)
        sure = [names for names in forms.values() if sum(name.probability for name in names) / len(names) >= numbers["threshold"]]
        likely = [Span(name.start, name.end) for name in bodies if name.probability >= numbers["likely"]]
        return Seen(sorted((Span(name.start, name.end) for names in sure for name in names), key=lambda span: span.start), likely)

    def _may_be_body(self, name: SeenName, numbers: dict[str, Any]) -> bool:
        """Whether a stretch can be the name of a body, by its letters and words; the model does not judge these well.

        It begins with a capital, and not behind another capitalised word; it has words in small letters, as the names of places have not,
        or is all capitals; it names no other thing. Where a known head noun begins it, the grammar has read it and found no name, so that
        the rules are not silent there: the model must be surer. Only of ministries and departments the list of fields may be at fault.
        """
        text = squeeze(self.content[name.start : name.end])
        words = folded_words(text)
        if not text[:1].isupper() or not numbers["shortest"] <= len(words) <= numbers["longest"] or any(mark in text for mark in NO_NAME):
            return False
        if text.count("(") != text.count(")") or text.isascii() or not (text.isupper() or any(word.islower() for word in text.split())):
            return False
        if CAPITAL_BEFORE.search(self.content, max(name.start - LONGEST_SYLLABLE, 0), name.start) or not NO_WORDS.isdisjoint(words):
            return False
        if other_things().longest(words, 0) or province_names().longest(words, 0):
            return False
        head = heads().longest(words, 0)
        return not (head and head[1].core != "field") or name.probability >= numbers["surer"]

    def agencies(self, mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
        """The mentions with their confidence."""
        calibration = Calibration.of(self.model.combination["confidence"]["agencies"])
        sight = self.sight if self.model.combination["names"]["threshold"] is not None else self._around(mentions)
        return tuple(
            mention.model_copy(update={"confidence": calibration.confidence(mention.rule, sight.support(mention.start, mention.end))})
            for mention in mentions
        )

    def _around(self, mentions: Sequence[AgencyMention]) -> Sight:
        """What the model sees around mentions: it looks no further than a few syllables, so that the rest of the text need not be shown."""
        shown: list[Span] = []
        for mention in sorted(mentions, key=lambda mention: mention.start):
            start = self.content.rfind(" ", 0, max(mention.start - NEAR, 0)) + 1
            after = self.content.find(" ", mention.end + NEAR)
            end = after if after >= 0 else len(self.content)
            if shown and start <= shown[-1].end:
                shown[-1] = Span(shown[-1].start, max(end, shown[-1].end))
            else:
                shown.append(Span(start, end))
        return see(self.model.nlp, self.content, shown)

    def citations(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """The citations with their confidence, which comes from the rule alone."""
        calibration = Calibration.of(self.model.combination["confidence"]["citations"])
        return tuple(one.model_copy(update={"confidence": calibration.confidence(one.rule, UNDECIDED)}) for one in citations)

    def tasks(self, tasks: Sequence[Task], *, doc_type: str | None, sections: Sequence[Section]) -> tuple[Task, ...]:
        """The tasks with their confidence."""
        calibration = Calibration.of(self.model.combination["confidence"]["tasks"])
        seen = self.work(tasks, doc_type=doc_type, sections=sections)
        return tuple(
            task.model_copy(update={"confidence": calibration.confidence(task.rule, value)}) for task, value in zip(tasks, seen, strict=True)
        )

    def work(self, tasks: Sequence[Task], *, doc_type: str | None, sections: Sequence[Section]) -> list[float]:
        """How far, 0 to 1, each task looks like work to be done: its words under their heading, in a document of that type."""
        units = [(squeeze(self.content[task.start : task.end]), heading_above(sections, task.start)) for task in tasks]
        return unit_classifier(self.model.nlp).work(units, doc_type=doc_type)


@cache
def other_things() -> Phrases[bool]:
    """Heads of names that are no bodies."""
    return Phrases((head, True) for head in load_values("other_names")["heads"])


def heading_above(sections: Sequence[Section], offset: int) -> str:
    """The heading of the innermost section around an offset that has one and begins before it.

    >>> heading_above([], 0)
    ''
    """
    around = (one for one in sections if one.start <= offset < one.end and one.heading and one.start + len(one.label) + len(one.heading) < offset)
    return next((one.heading for one in sorted(around, key=lambda one: -one.depth) if one.heading), "")
