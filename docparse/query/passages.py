"""Near-identical passages: what a document repeats of others, and what is new in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from docparse.errors import MissingEntry
from docparse.query.documents import lines
from docparse.query.paragraphs import Paragraph, find_paragraphs
from docparse.query.repeats import Passage, find_passages, share_repeated
from docparse.query.search import Line, matching_ids
from docparse.store.corpus import Corpus
from docparse.store.schema import documents, sections

__all__ = ["Comparison", "Passage", "compare", "similar"]

PROBES = 8
PROBE_WORDS = 8
FOUND_BY_A_PROBE = 40
CANDIDATES = 30
NEIGHBOURS = 6  # documents of the same issuer and kind, before and after it in time
SAMPLES = 200
SAMPLE_WORDS = 5
LEAST_SHARE = 0.5  # short letters have a third of their text, letterhead and closing, in common
DIGITS = re.compile(r"\d+")
WORD = re.compile(r"\w+")
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document beside an earlier one; `repeated` is the share of its characters in passages that the other has too, 0 to 1."""

    document: Line
    other: Line
    repeated: float
    passages: tuple[Passage, ...]


def compare(corpus: Corpus, document_id: int, other_id: int) -> Comparison:
    """Paragraph by paragraph, what of a document stands in another one. Raises MissingEntry.

    Two texts of 300,000 characters take about a second: paragraphs are cut at 400 words, and more than 10,000 by 10,000 between two that
    stand once in both are not aligned in order.
    """
    with corpus.read() as connection:
        ours, theirs = (_paragraphs(connection, one) for one in (document_id, other_id))
    passages = find_passages(ours, theirs)
    named = lines(corpus, [document_id, other_id])
    return Comparison(named[document_id], named[other_id], share_repeated(ours, passages), passages)


def _paragraphs(connection: Connection, document_id: int) -> list[Paragraph]:
    starts = connection.scalars(select(sections.c.start).where(sections.c.document_id == document_id)).all()
    return find_paragraphs(*_texts(connection, document_id), starts)


def _texts(connection: Connection, document_id: int) -> tuple[str, str]:
    row = connection.execute(select(documents.c.text, documents.c.folded).where(documents.c.id == document_id)).one_or_none()
    if row is None:
        raise MissingEntry(str(document_id))
    return row[0], row[1]


def similar(corpus: Corpus, document_id: int, *, limit: int = 10) -> tuple[tuple[Line, float], ...]:
    """Documents that have most of the text of this one, with the share of it that they have (0.5 to 1), most first. Raises MissingEntry.

    At most 30 are looked at: those in which the index finds eight phrases spread over the document, and those that the same issuer issued
    of the same kind next before and after it. The share is that of 200 runs of five words, digits made alike: true to some 0.07.
    """
    with corpus.read() as connection:
        text, folded = _texts(connection, document_id)
        worth = dict.fromkeys(_neighbours(connection, document_id), 1.0)
    for phrase in probes(text):
        found = matching_ids(corpus, f'"{phrase}"', limit=FOUND_BY_A_PROBE)
        for one in found:
            worth[one] = worth.get(one, 0.0) + 1 / len(found)
    worth.pop(document_id, None)
    looked_at = sorted(worth, key=lambda one: (-worth[one], one))[:CANDIDATES]
    samples = _samples(folded)
    with corpus.read() as connection:
        rows = connection.execute(select(documents.c.id, documents.c.folded).where(documents.c.id.in_(looked_at)))
        shares = {one: share_of(samples, other) for one, other in rows}
    best = sorted((one for one in shares if shares[one] >= LEAST_SHARE), key=lambda one: (-shares[one], one))[:limit]
    named = lines(corpus, best)
    return tuple((named[one], shares[one]) for one in best)


def _neighbours(connection: Connection, document_id: int) -> list[int]:
    """Documents of the same issuer and kind, those next before and after it in time."""
    columns = (documents.c.issuer, documents.c.doc_type, documents.c.date)
    issuer, doc_type, date = connection.execute(select(*columns).where(documents.c.id == document_id)).one()
    if not (issuer and doc_type and date):
        return []
    alike = select(documents.c.id).where(documents.c.issuer == issuer, documents.c.doc_type == doc_type, documents.c.id != document_id)
    before = alike.where(documents.c.date <= date).order_by(documents.c.date.desc(), documents.c.id).limit(NEIGHBOURS)
    after = alike.where(documents.c.date > date).order_by(documents.c.date, documents.c.id).limit(NEIGHBOURS)
    return [*connection.scalars(before), *connection.scalars(after)]


def probes(text: str) -> list[str]:
    """Runs of eight words without digits, at most eight of them and evenly spread over the text.

    >>> probes("Sở Y tế yêu cầu các đơn vị báo cáo trước ngày 30/4/2026.")
    ['Sở Y tế yêu cầu các đơn vị']
    """
    runs: list[str] = []
    run: list[str] = []
    for match in WORD.finditer(text):
        run = [*run, match[0]] if LETTERS.fullmatch(match[0]) else []
        if len(run) == PROBE_WORDS:
            runs.append(" ".join(run))
            run = []
    return [runs[at] for at in _spread(len(runs), PROBES)]


def _spread(size: int, most: int) -> list[int]:
    """At most so many places of a list, evenly spread."""
    return sorted({(2 * step + 1) * size // (2 * most) for step in range(most)}) if size > most else list(range(size))


def _run(folded: str) -> list[str]:
    return DIGITS.sub("0", " ".join(WORD.findall(folded))).split()


def _samples(folded: str) -> list[str]:
    """Runs of words of a text, with a space on either side."""
    words = _run(folded)
    return [f" {' '.join(words[at : at + SAMPLE_WORDS])} " for at in _spread(max(len(words) - SAMPLE_WORDS + 1, 0), SAMPLES)]


def share_of(samples: list[str], folded: str) -> float:
    """The share of the runs of words that a text has."""
    whole = f" {' '.join(_run(folded))} "
    return round(sum(sample in whole for sample in samples) / max(len(samples), 1), 2)
