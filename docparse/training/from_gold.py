"""Examples from documents that people annotated: gold gives values without offsets, so they are looked for in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from docparse.find.blocks import find_blocks
from docparse.find.closing import find_closing
from docparse.find.task_items import find_items
from docparse.model.combine import heading_above
from docparse.record import AgencyMention, Citation, Record
from docparse.score import fold, word_f1
from docparse.text import Text
from docparse.training.examples import UNKNOWN, NameSpan
from docparse.training.fit_units import UnitExample
from docparse.training.silver import silver_names
from docparse.words import old_tone, squeeze

SAME_ACTION = 0.5


def gold_names(gold: dict[str, Any], record: Record) -> Iterator[NameSpan]:
    """The bodies of gold in the text of a record, and the people and positions that the rules read there.

    What the rules found and gold does not have is no name; of an elliptic list nothing is learned.
    """
    forms = {fold(row["text"]): row["text"] for row in gold["agencies"]}
    found: set[str] = set()
    for mention in record.agencies:
        form = fold(mention.mention)
        if form in forms and not mention.collective:
            found.add(form)
            yield NameSpan(mention.start, mention.end, "AGENCY" if fold(squeeze(mention.text)) == form else UNKNOWN)
    flat = old_tone(record.text)
    for form, text in forms.items():
        if form not in found:
            pattern = r"\s+".join(map(re.escape, old_tone(text).split()))
            for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", flat):
                yield NameSpan(match.start(), match.end(), "AGENCY")
    yield from (span for span in silver_names(record) if span.label not in ("AGENCY", UNKNOWN))


def gold_units(gold: dict[str, Any], text: Text, record: Record) -> Iterator[UnitExample]:
    """The paragraphs of the body with their class: those that hold an action of gold are tasks, the others descriptions, bases or headings."""
    closing = find_closing(text)
    mentions: list[AgencyMention | Citation] = [*record.agencies, *record.citations]
    items = find_items(text, find_blocks(text), header=record.header, closing=closing, sections=record.sections, mentions=mentions)
    doc_type = record.header.doc_type
    for item in items:
        words = squeeze(text.content[item.block.body : item.block.end])
        heading = heading_above(record.sections, item.block.start)
        status = task_status(words, gold["tasks"])
        if status:
            yield UnitExample(words, status, doc_type, heading)
        elif words:
            label = "basis" if old_tone(words).startswith("căn cứ") else "heading" if item.heads and len(words) < 200 else "description"
            yield UnitExample(words, label, doc_type, heading)
    for task in gold["tasks"]:
        yield UnitExample(task["action"], task["status"], doc_type, "")


def task_status(words: str, tasks: Sequence[dict[str, Any]]) -> str | None:
    """The status of the task of gold whose action a paragraph holds, None where it holds none."""
    best = max(tasks, key=lambda task: word_f1(task["action"], words), default=None)
    if best is None:
        return None
    inside = fold(best["action"])[:80] in fold(words) or word_f1(best["action"], words) >= SAME_ACTION
    return str(best["status"]) if inside else None
