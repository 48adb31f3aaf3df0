"""Annotated documents, read once, and what rules, model and both make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docparse.errors import GoldError
from docparse.find.blocks import find_blocks
from docparse.find.closing import find_closing
from docparse.find.task_items import find_items
from docparse.gold import find_input, load_gold
from docparse.model.combine import UNDECIDED, Combination, heading_above
from docparse.model.load import Model
from docparse.model.units import TASKS, unit_classifier, unit_doc
from docparse.pipeline import build_record
from docparse.read import read_bytes
from docparse.record import AgencyMention, Citation, Record, Source
from docparse.score import fold, pair, word_f1
from docparse.settings import Settings
from docparse.text import Text
from docparse.words import squeeze

SOURCE = Source(filename="", media_type="text/plain", size=0, pages=None, text_origin="plain")
CONFIDENT = ("agencies", "citations", "tasks")


@dataclass(frozen=True)
class Case:
    """A gold document with its text; `issuer` names the group that is left out together."""

    gold: dict[str, Any]
    text: Text

    @property
    def issuer(self) -> str:
        """The issuer with the body above it, folded."""
        header = self.gold["header"]
        return f"{fold(header['issuer'])} / {fold(header['parent_issuer'])}"


@dataclass
class Findings:
    """Findings of one layer with their rule, what the model thinks of them, and whether gold has them."""

    rules: list[str] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)

    def add(self, rule: str, seen: float, right: bool) -> None:
        """Note one more finding."""
        self.rules.append(rule)
        self.seen.append(seen)
        self.right.append(right)

    def extend(self, others: Iterable[Findings]) -> Findings:
        """The findings with those of others."""
        for other in others:
            self.rules += other.rules
            self.seen += other.seen
            self.right += other.right
        return self


def read_cases(folder: Path, settings: Settings) -> list[Case]:
    """The documents of a gold folder. Raises GoldError where a file or its input is wrong, DocparseError where an input cannot be read."""
    cases = []
    for file in sorted(folder.glob("*.json")):
        gold = load_gold(file)
        source = find_input(file, gold.input)
        if source is None:
            raise GoldError(str(file), f"names the input {gold.input}, which is not there")
        cases.append(Case(gold.model_dump(mode="json"), read_bytes(source.read_bytes(), filename=str(source), settings=settings)))
    if not cases:
        raise GoldError(str(folder), "holds no gold file (*.json)")
    return cases


def record_of(case: Case, model: Model | None = None) -> Record:
    """The record of a case, by the rules alone where no model is given."""
    return build_record(case.text, document_id="0", source=SOURCE, model=model)


def of_model_alone(case: Case, model: Model, rules: Record) -> dict[str, Any]:
    """The record with those agencies and tasks that the model alone would find; leads and deadlines are none of its findings."""
    blocks = find_blocks(case.text)
    sight = Combination.of(model, case.text.content, blocks).sight
    named = [name for name in sight.names if name.label == "AGENCY"]
    values = rules.model_dump(mode="json")
    values["agencies"] = [{"text": case.text.content[name.start : name.end]} for name in named]
    values["tasks"] = [{"action": words, "status": status, "leads": [], "supports": []} for words, status in _judged(case, model, rules)]
    return values


def _judged(case: Case, model: Model, rules: Record) -> Iterable[tuple[str, str]]:
    """The paragraphs that the model takes for tasks."""
    mentions: list[AgencyMention | Citation] = [*rules.agencies, *rules.citations]
    closing = find_closing(case.text)
    items = find_items(case.text, find_blocks(case.text), header=rules.header, closing=closing, sections=rules.sections, mentions=mentions)
    classifier = unit_classifier(model.nlp)
    texts = [squeeze(case.text.content[item.block.body : item.block.end]) for item in items]
    headings = [heading_above(rules.sections, item.block.start) for item in items]
    docs = [unit_doc(model.nlp.vocab, text, doc_type=rules.header.doc_type, heading=heading) for text, heading in zip(texts, headings, strict=True)]
    for text, row in zip(texts, classifier.judge(docs), strict=True):
        label = classifier.labels[int(row.argmax())]
        if label in TASKS:
            yield text, label


def findings_of(case: Case, model: Model, record: Record) -> dict[str, Findings]:
    """The agencies, citations and tasks of a record with what the model thinks of them and whether they are right."""
    found = {layer: Findings() for layer in CONFIDENT}
    sight = Combination.of(model, case.text.content, find_blocks(case.text))
    forms = {fold(row["text"]) for row in case.gold["agencies"]}
    for mention in record.agencies:
        if not mention.collective:
            found["agencies"].add(mention.rule, sight.sight.support(mention.start, mention.end), fold(mention.mention) in forms)
    right = _right(case.gold["tasks"], record.tasks)
    work = sight.work(record.tasks, doc_type=record.header.doc_type, sections=record.sections)
    for task, seen in zip(record.tasks, work, strict=True):
        found["tasks"].add(task.rule, seen, task.id in right)
    numbers = {fold(row["number"]) for row in case.gold["citations"] if row["number"]}
    for citation in record.citations:
        if citation.number:
            found["citations"].add(citation.rule, UNDECIDED, fold(citation.number) in numbers)
    return found


def _right(gold: Sequence[dict[str, Any]], tasks: Sequence[Any]) -> set[str]:
    def overlap(wanted: dict[str, Any], task: Any) -> float:
        value = word_f1(wanted["action"], task.action)
        return value if value >= 0.5 else 0.0

    pairs, _, _ = pair(gold, tasks, overlap)
    return {task.id for _, task in pairs}
