"""The section tree, on made-up texts with the whole list of units expected."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from docparse.find.closing import Closing
from docparse.find.sections import find_sections
from docparse.record import Header, Mark
from docparse.text import Line, Page, Text
from tests.conftest import ROOT

CASES = tomllib.loads((ROOT / "tests/cases/sections.toml").read_text(encoding="utf-8"))


def text_of(source: str) -> Text:
    """The lines of `source`; those with a "~" go on with the paragraph before them."""
    rows = source.strip("\n").split("\n")
    made, offset = [], 0
    for row in rows:
        line = row.removeprefix("~")
        made.append(Line(start=offset, end=offset + len(line), opens=line == row))
        offset += len(line) + 1
    content = "\n".join(row.removeprefix("~") for row in rows)
    return Text(content=content, pages=(Page(1, 0, len(content), None, None, tuple(made)),), origin="plain")


def no_closing(text: Text) -> Closing:
    return Closing(len(text.content), len(text.content))


@pytest.mark.parametrize("case", CASES["section"], ids=lambda case: case["reason"][:60])
def test_units(case: dict[str, Any]) -> None:
    text = text_of(case["text"])
    sections = find_sections(text, header=Header(), closing=no_closing(text))
    assert [[section.id, section.depth, section.heading or ""] for section in sections] == case["units"]


def test_label_kind_parent_and_rule() -> None:
    text = text_of("Chương II\nTHU PHÍ\nĐiều 5. Mức phí\n(1) Xe máy.\na.2) Hồ sơ.")
    sections = find_sections(text, header=Header(), closing=no_closing(text))
    assert [(section.label, section.kind, section.parent, section.rule) for section in sections] == [
        ("Chương II", "chuong", None, "numbering.chuong"),
        ("Điều 5", "dieu", "Chương II", "numbering.dieu"),
        ("1", "arabic", "Chương II.Điều 5", "numbering.arabic_parens"),
        ("a.2", "letter_digit", "Chương II.Điều 5.1", "numbering.letter_digit"),
    ]


def test_a_unit_ends_where_the_next_of_its_depth_or_above_begins() -> None:
    text = text_of("I. MỘT\n1. Việc\na) Nhỏ.\n2. Việc khác\nII. HAI\nHết.")
    found = {section.id: text.content[section.start : section.end] for section in find_sections(text, header=Header(), closing=no_closing(text))}
    assert found == {
        "I": "I. MỘT\n1. Việc\na) Nhỏ.\n2. Việc khác\n",
        "I.1": "1. Việc\na) Nhỏ.\n",
        "I.1.a": "a) Nhỏ.\n",
        "I.2": "2. Việc khác\n",
        "II": "II. HAI\nHết.",
    }


def test_units_end_at_the_closing_block_and_at_an_annex() -> None:
    text = text_of("1. Việc.\nNơi nhận:\n1. Như trên;\nPHỤ LỤC\n1. Bảng.\nHết.")
    closing = Closing(text.content.index("Nơi nhận"), text.content.index("PHỤ LỤC"))
    sections = find_sections(text, header=Header(), closing=closing)
    assert [(section.id, text.content[section.start : section.end]) for section in sections] == [("1", "1. Việc.\n"), ("1#2", "1. Bảng.\nHết.")]


def test_units_start_again_after_the_closing_block() -> None:
    text = text_of("Điều 1. Ban hành kế hoạch.\nNơi nhận:\n- Như trên;\nKẾ HOẠCH TRỒNG RỪNG NĂM SAU\nI. MỤC ĐÍCH")
    closing = Closing(text.content.index("Nơi nhận"), text.content.index("KẾ HOẠCH"))
    sections = find_sections(text, header=Header(), closing=closing)
    assert [(section.id, section.parent) for section in sections] == [("Điều 1", None), ("I", None)]


def test_addressees_are_no_units() -> None:
    text = text_of("Kính gửi:\n1. Sở Y tế;\n2. Sở Nội vụ.\n1. Về kinh phí")
    body = text.content.rindex("1. Về")
    header = Header(marks={"addressees": Mark(start=0, end=body - 1, rule="header.addressees")})
    sections = find_sections(text, header=header, closing=no_closing(text))
    assert [(section.id, section.start) for section in sections] == [("1", body)]


def test_pages() -> None:
    content = "1. Một.\n2. Hai."
    pages = (Page(1, 0, 7, None, None, (Line(0, 7),)), Page(2, 8, 15, None, None, (Line(8, 15),)))
    text = Text(content=content, pages=pages, origin="plain")
    assert [section.page for section in find_sections(text, header=Header(), closing=no_closing(text))] == [1, 2]


@pytest.mark.parametrize("content", ["", " ", "\n", "1.", "(", "Điều", "a)\nb)\n", "“" * 50, "I" * 200])
def test_any_text_is_taken(content: str) -> None:
    text = Text.of_lines(content.split("\n"))
    sections = find_sections(text, header=Header(), closing=no_closing(text))
    assert all(0 <= section.start < section.end <= len(content) for section in sections)
    assert len({section.id for section in sections}) == len(sections)
