"""What holds for every input: findings are slices, sections nest, nothing raises, hostile input ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docparse.pipeline import build_record
from docparse.read.lines import RawLine, RawPage, build_text
from docparse.record import Record, Section, Source
from docparse.text import Text

SOURCE = Source(filename="x.txt", media_type="text/plain", size=1, pages=None, text_origin="plain")
FRAGMENTS = (Path(__file__).parent / "cases" / "fragments.txt").read_text(encoding="utf-8").splitlines()

lines_of_documents = st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=5).map(" ".join), max_size=40)
lines_of_anything = st.lists(st.text(max_size=60), max_size=20)
HOSTILE = {
    "one letter": "a" * 100_000,
    "one capital": "Đ" * 100_000,
    "digits and slashes": "1/" * 50_000,
    "digits and dots": "1." * 50_000,
    "numbers and symbols": "12/QĐ-UBND" * 10_000,
    "hyphens": "A-" * 50_000,
    "spaces": " " * 50_000 + "x",
    "spaced letters": "a " * 50_000,
    "capital words": "Sở " * 30_000,
    "lists": "Sở A, B và C; " * 7_000,
    "days": "ngày 1/" * 15_000,
    "opening brackets": "(" * 100_000,
    "quotes": "“" * 100_000,
    "bullet lines": "- - - -\n" * 10_000,
    "label lines": "1.\n" * 10_000,
    "deep labels": "1.1.1.1.1.1.1.\n" * 5_000,
    "articles": "Điều 1\n" * 10_000,
    "colon lines": "yêu cầu:\n" * 8_000,
    "capital lines": "ỦY BAN NHÂN DÂN\n" * 5_000,
    "recipients": "Nơi nhận:\n- Lưu: VT.\n" * 3_000,
}


def text_of(lines: list[str]) -> Text:
    return build_text([RawPage([RawLine(line) for line in "\n".join(lines).splitlines()])], origin="plain")


def record_of(text: Text) -> Record:
    return build_record(text, document_id="0" * 64, source=SOURCE)


def check(text: Text) -> None:
    record = record_of(text)
    assert record.text == text.content
    for found in (*record.citations, *record.dates, *record.agencies, *record.tasks):
        assert 0 <= found.start < found.end <= len(record.text)
        assert record.text[found.start : found.end] == found.text
        assert found.rule
    for mark in (*record.header.marks.values(), *record.signers):
        assert 0 <= mark.start <= mark.end <= len(record.text)
    check_sections(record)
    section_ids = {section.id for section in record.sections}
    assert {found.section for found in (*record.citations, *record.dates, *record.agencies)} <= section_ids | {None}
    for date in record.dates:
        assert (date.first_day is None and date.last_day is None) if date.recurrence else date.first_day or date.last_day
        if date.first_day and date.last_day:
            assert date.first_day <= date.last_day
    assert len({task.id for task in record.tasks}) == len(record.tasks)
    for task in record.tasks:
        assert 0 <= task.confidence <= 1
        assert all(0 <= index < len(record.citations) for index in task.citations)
    assert Record.model_validate_json(record.model_dump_json()) == record
    assert record_of(text) == record


def check_sections(record: Record) -> None:
    """Sections stand in reading order, have ids of their own and lie inside their parents."""
    by_id: dict[str, Section] = {}
    before = -1
    for section in record.sections:
        assert section.id not in by_id
        by_id[section.id] = section
        assert before < section.start < section.end <= len(record.text)
        before = section.start
        if section.parent is None:
            continue
        parent = by_id[section.parent]
        assert parent.depth < section.depth
        assert parent.start < section.start
        assert section.end <= parent.end


@given(lines_of_documents)
def test_documents(lines: list[str]) -> None:
    check(text_of(lines))


@given(lines_of_anything)
def test_any_text(lines: list[str]) -> None:
    check(text_of(lines))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_ends(text: str) -> None:
    """A pattern that is not linear would run for hours here."""
    record = record_of(text_of([text]))
    check_sections(record)
