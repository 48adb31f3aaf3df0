"""Training examples from made documents: the text with exact offsets of bodies, people, positions and places, and of units with their class."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.made import make_documents
from generator.noise import recognised, unmarked
from generator.plain import paragraph_lines
from generator.source import Document, Paragraph

LABELS = {"a": "agency", "n": "person", "v": "position", "l": "place"}
CLASSES = ("assigned", "planned", "result", "basis", "description", "heading")


@dataclass(frozen=True)
class Entity:
    """A stretch of the text: `label` is agency, person, position or place; `mention` the form with an elliptic list expanded (agencies)."""

    start: int
    end: int
    label: str
    mention: str = ""


@dataclass(frozen=True)
class Unit:
    """A stretch of the text and its class: assigned, planned, result, basis, description or heading."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Example:
    """A made document. `units` are whole paragraphs, `clauses` the words of single tasks and of other classified stretches."""

    id: str
    doc_type: str
    era: str
    text: str
    entities: tuple[Entity, ...]
    units: tuple[Unit, ...]
    clauses: tuple[Unit, ...]


def training_examples(seed: int, count: int, noise: bool = True) -> Iterator[Example]:
    """Made documents as text with offsets. With `noise`, some have hard line breaks, letters misread by recognition, or no tone marks.

    >>> example = next(training_examples(seed=1, count=1))
    >>> all(example.text[one.start : one.end].strip() for one in example.entities)
    True
    """
    for document in make_documents(seed, count):
        example = exact(document)
        yield noisy(example, random.Random(f"noise {document.id}")) if noise else example


def exact(document: Document) -> Example:
    """The text of a document, one paragraph a line, with offsets."""
    texts: list[str] = []
    entities: list[Entity] = []
    units: list[Unit] = []
    clauses: list[Unit] = []
    length = 0
    for paragraph in paragraph_lines(document):
        texts.append(paragraph.text)
        entities += _entities(paragraph, length)
        found = [Unit(length + span.start, length + span.end, _class(span.kind, span.attrs)) for span in paragraph.spans if span.kind in "ku"]
        clauses += found
        if found and paragraph.text.strip():
            tasks = [unit.label for unit in found if unit.label in {"assigned", "planned"}]
            units.append(Unit(length, length + len(paragraph.text), tasks[0] if tasks else found[0].label))
        length += len(paragraph.text) + 1
    text = "\n".join(texts) + "\n"
    header = document.data["gold"]["header"]
    return Example(document.id, header["doc_type"], document.data["gold"].get("era", ""), text, _joined(entities, text), tuple(units), tuple(clauses))


def _class(kind: str, attrs: str) -> str:
    if kind == "u":
        return attrs
    return "planned" if attrs.endswith("~") else "assigned"


def _entities(paragraph: Paragraph, offset: int) -> Iterator[Entity]:
    for span in paragraph.spans:
        if span.kind in LABELS and span.end > span.start:
            text = paragraph.text[span.start : span.end]
            yield Entity(
                offset + span.start, offset + span.end, LABELS[span.kind], (span.attrs.partition("|")[2] or text) if span.kind == "a" else ""
            )


def _joined(entities: list[Entity], text: str) -> tuple[Entity, ...]:
    """Entities in order, with those joined that are one name over two lines."""
    out: list[Entity] = []
    for entity in sorted(entities, key=lambda one: one.start):
        last = out[-1] if out else None
        if last and entity.label == "agency" == last.label and entity.mention == last.mention and text[last.end : entity.start] == "\n":
            out[-1] = replace(last, end=entity.end)
        else:
            out.append(entity)
    return tuple(out)


def noisy(example: Example, rng: random.Random) -> Example:
    """The example as a worse text: hard line breaks (a third), misread letters (a quarter), no tone marks in some lines (a few)."""
    text = example.text
    if rng.random() < 0.25:
        text = capital_title(text, example.doc_type)
    if rng.random() < 0.35:
        text = broken(text, rng.choice((60, 72, 80, 90)))
    chance = rng.random()
    if chance < 0.25:
        text, places = recognised(text, rng, rng.choice((0.002, 0.005, 0.01, 0.02)))
        return _moved(example, text, places)
    if chance < 0.30:
        text = "\n".join(unmarked(line) if rng.random() < 0.15 else line for line in text.split("\n"))
    return replace(example, text=text)


def capital_title(text: str, doc_type: str) -> str:
    """The text with the line under the name of the type in capitals, as web sites print titles; its length stays."""
    head, mark, rest = text.partition(f"\n{doc_type.upper()}\n")
    title, end, body = rest.partition("\n")
    return head + mark + title.upper() + end + body if mark and len(title.upper()) == len(title) else text


def broken(text: str, width: int) -> str:
    """The text with spaces turned into line breaks where lines get longer than `width`; its length stays."""
    return "\n".join(_broken_line(line, width) for line in text.split("\n"))


def _broken_line(line: str, width: int) -> str:
    letters, start = list(line), 0
    for space in re.finditer(" ", line):
        following = line.find(" ", space.end())
        if (following if following >= 0 else len(line)) - start > width:
            letters[space.start()] = "\n"
            start = space.end()
    return "".join(letters)


def _moved(example: Example, text: str, places: list[int]) -> Example:
    def units(rows: tuple[Unit, ...]) -> tuple[Unit, ...]:
        return tuple(replace(row, start=places[row.start], end=places[row.end]) for row in rows)

    entities = tuple(replace(row, start=places[row.start], end=places[row.end]) for row in example.entities)
    return replace(example, text=text, entities=entities, units=units(example.units), clauses=units(example.clauses))
