"""A record as a spaCy `Doc` with span groups, and as displaCy HTML. Needs the extra `docparse[spacy]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from docparse.errors import MissingTool
from docparse.record import Mark, Record

if TYPE_CHECKING:
    from spacy.tokens import Doc

TOKEN = re.compile(r"\w+|[^\w\s]|\s")
COLORS = {"section": "#d5e8d4", "citation": "#ffe0b3", "date": "#cfe2ff", "agency": "#f5c6d6", "task": "#e4d7f5"}


def to_doc(record: Record) -> Doc:
    """A `Doc` whose text is the record's text, with the span groups header, sections, citations, dates, agencies, tasks and signers.

    Every finding is one span with the same offsets: its `label_` is the kind (section kind, relation, agency kind, task status), `id_` the rule,
    `kb_id_` the key it was resolved to. Tokens are words, punctuation marks and white space, cut where a finding starts or ends.
    Raises MissingTool if spaCy is not installed.

    >>> from docparse.record import DateMention, Source
    >>> source = Source(filename="a.txt", media_type="text/plain", size=11, pages=None, text_origin="plain")
    >>> date = DateMention(start=5, end=13, rule="date.day_slash", text="5/2/2024", first_day="2024-02-05", last_day="2024-02-05")
    >>> doc = to_doc(Record(document_id="0", source=source, text="ngày 5/2/2024", dates=(date,)))
    >>> [(span.text, span.label_) for span in doc.spans["dates"]]
    [('5/2/2024', 'date')]
    """
    try:
        from spacy.tokens import Doc
        from spacy.vocab import Vocab
    except ImportError as error:
        raise _missing(record) from error
    groups = dict(_groups(record))
    edges = {offset for spans in groups.values() for mark, _, _ in spans for offset in (mark.start, mark.end)}
    words, spaces = _tokens(record.text, edges)
    doc = Doc(Vocab(), words=words, spaces=spaces)
    doc.user_data["document_id"] = record.document_id
    for name, spans in groups.items():
        made = (doc.char_span(mark.start, mark.end, label=label, kb_id=key, span_id=mark.rule, alignment_mode="expand") for mark, label, key in spans)
        doc.spans[name] = [span for span in made if span is not None]
    return doc


def _groups(record: Record) -> Iterator[tuple[str, list[tuple[Mark, str, str]]]]:
    yield "header", [(mark, name, "") for name, mark in record.header.marks.items()]
    yield "sections", [(found, found.kind, found.id) for found in record.sections]
    yield "citations", [(found, found.relation, found.resolved or "") for found in record.citations]
    yield "dates", [(found, "date", "") for found in record.dates]
    yield "agencies", [(found, found.kind or "agency", found.agency_id or "") for found in record.agencies]
    yield "tasks", [(found, found.status, found.id) for found in record.tasks]
    yield "signers", [(found, "signer", "") for found in record.signers]


def _tokens(text: str, edges: Iterable[int]) -> tuple[list[str], list[bool]]:
    """Words and whether a space follows each; white space after white space is a word of its own."""
    words: list[str] = []
    spaces: list[bool] = []
    for start, end in pairwise(sorted({0, *edges, len(text)})):
        for match in TOKEN.finditer(text, start, end):
            if match[0] == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(match[0])
                spaces.append(False)
    return words, spaces


def to_html(record: Record) -> str:
    """The record as an HTML fragment made by displaCy: the text with its section labels, citations, dates and agencies, then with its tasks.

    Of findings that overlap the one that starts first and is longest is shown. Raises MissingTool if spaCy is not installed.
    """
    try:
        from spacy import displacy
    except ImportError as error:
        raise _missing(record) from error
    mentions = [
        *((found.start, found.start + len(found.label), "section") for found in record.sections),
        *((found.start, found.end, "citation") for found in record.citations),
        *((found.start, found.end, "date") for found in record.dates),
        *((found.start, found.end, "agency") for found in record.agencies),
    ]
    tasks = [(found.start, found.end, "task") for found in record.tasks]
    name = record.source.filename
    views = [_view(record, name, mentions), *([_view(record, f"{name}: tasks", tasks)] if tasks else [])]
    return displacy.render(views, style="ent", manual=True, jupyter=False, options={"colors": COLORS})


def _view(record: Record, title: str, spans: Iterable[tuple[int, int, str]]) -> dict[str, Any]:
    chosen: list[tuple[int, int, str]] = []
    taken = -1
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= taken:
            chosen.append((start, end, label))
            taken = end
    return {"title": escape(title), "text": record.text, "ents": [{"start": start, "end": end, "label": label} for start, end, label in chosen]}


def _missing(record: Record) -> MissingTool:
    return MissingTool(record.source.filename, "needs spaCy for this output", hint="Install it: pip install 'docparse[spacy]'.")
