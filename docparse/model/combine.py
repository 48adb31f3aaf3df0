"""How what the model sees joins what the rules find: rules stay where they read a name, the model speaks where they are silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docparse.find.blocks import Block
from docparse.model.confidence import Calibration
from docparse.model.load import Model
from docparse.model.sight import SeenName, Sight, see
from docparse.model.units import TASKS, unit_doc
from docparse.record import AgencyMention, Citation, Header, Section, Task
from docparse.text import Span
from docparse.words import old_tone, squeeze

UNDECIDED = 0.5  # what the model thinks of findings that it does not judge


@dataclass(frozen=True)
class Combination:
    """The model's view of one text, and the numbers of `combination.json` by which it joins the rules."""

    model: Model
    content: str
    sight: Sight

    @classmethod
    def of(cls, model: Model, content: str, blocks: Sequence[Block]) -> Combination:
        """The view of a text with its paragraphs."""
        return cls(model, content, see(model.nlp, content, blocks))

    def names(self) -> list[Span]:
        """The bodies that the model is sure of, for `find_agencies`: those whose form it sees surely on the whole, wherever it stands."""
        numbers = self.model.combination["names"]
        forms: dict[str, list[SeenName]] = defaultdict(list)
        for name in self.sight.names:
            if name.label == "AGENCY" and self._may_be_body(name, numbers):
                forms[old_tone(squeeze(self.content[name.start : name.end]))].append(name)
        sure = [names for names in forms.values() if sum(name.probability for name in names) / len(names) >= numbers["threshold"]]
        return sorted((Span(name.start, name.end) for names in sure for name in names), key=lambda span: span.start)

    def _may_be_body(self, name: SeenName, numbers: dict[str, Any]) -> bool:
        """Whether a stretch has the form of a name: it begins with a capital and has some syllables, or is initials, on one line of brackets."""
        text = self.content[name.start : name.end]
        words = text.split()
        initials = len(words) == 1 and text.isupper() and text.isalpha() and len(text) >= numbers["shortest_initials"]
        return text[0].isupper() and (numbers["shortest"] <= len(words) <= numbers["longest"] or initials) and text.count("(") == text.count(")")

    def agencies(self, mentions: Sequence[AgencyMention]) -> tuple[AgencyMention, ...]:
        """The mentions with their confidence."""
        calibration = Calibration.of(self.model.combination["confidence"]["agencies"])
        return tuple(
            mention.model_copy(update={"confidence": calibration.confidence(mention.rule, self.sight.support(mention.start, mention.end))})
            for mention in mentions
        )

    def citations(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """The citations with their confidence, which comes from the rule alone."""
        calibration = Calibration.of(self.model.combination["confidence"]["citations"])
        return tuple(one.model_copy(update={"confidence": calibration.confidence(one.rule, UNDECIDED)}) for one in citations)

    def tasks(self, tasks: Sequence[Task], *, header: Header, sections: Sequence[Section]) -> tuple[Task, ...]:
        """The tasks with their confidence, without those that the model is sure are none."""
        calibration = Calibration.of(self.model.combination["confidence"]["tasks"])
        least = self.model.combination["tasks"]["least"]
        judged = zip(tasks, self.judge(tasks, header=header, sections=sections), strict=True)
        rated = (task.model_copy(update={"confidence": calibration.confidence(task.rule, seen)}) for task, seen in judged)
        return tuple(task for task in rated if task.confidence >= least)

    def judge(self, tasks: Sequence[Task], *, header: Header, sections: Sequence[Section]) -> list[float]:
        """How likely each task is one, by its words, the heading above it and the type of the document."""
        classifier = self.model.nlp.get_pipe("units")
        columns = [classifier.labels.index(label) for label in TASKS]
        units = [unit_doc(self.model.nlp.vocab, task.action, doc_type=header.doc_type, heading=heading_above(sections, task.start)) for task in tasks]
        return [float(row[columns].sum()) for row in classifier.judge(units)]


def heading_above(sections: Sequence[Section], offset: int) -> str:
    """The heading of the innermost section around an offset that has one and begins before it.

    >>> heading_above([], 0)
    ''
    """
    around = (one for one in sections if one.start <= offset < one.end and one.heading and one.start + len(one.label) + len(one.heading) < offset)
    return next((one.heading for one in sorted(around, key=lambda one: -one.depth) if one.heading), "")
