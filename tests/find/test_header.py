"""The header: made-up letterheads in the line orders that readers give."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from docparse.find.casing import Body, ordinary_case
from docparse.find.closing import find_closing
from docparse.find.header import find_header
from docparse.find.letterhead import clean_number
from docparse.record import Header
from docparse.text import Text

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "header.toml").read_text(encoding="utf-8"))["case"]


def header_of(lines: list[str]) -> Header:
    text = Text.of_lines(lines)
    return find_header(text, closing=find_closing(text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"])
def test_header(case: dict[str, Any]) -> None:
    header = header_of(case["lines"])
    filled = {field: value for field, value in header.model_dump(exclude={"marks"}).items() if value}
    expected = dict(case["expected"])
    if "addressees" in expected:
        expected["addressees"] = tuple(expected["addressees"])
    assert filled == expected
    assert set(header.marks) == set(filled)


def test_marks_are_slices_of_the_text() -> None:
    lines = ["SỞ Y TẾ", "Số: 12/SYT-VP", "Nam Sơn, ngày 05 tháng 3 năm 2025", "V/v gửi báo cáo", "Kính gửi: Sở Nội vụ", "Căn cứ kế hoạch."]
    header, content = header_of(lines), "\n".join(lines)
    assert {field: content[mark.start : mark.end] for field, mark in header.marks.items()} == {
        "issuer": "SỞ Y TẾ",
        "number": "12/SYT-VP",
        "date": "ngày 05 tháng 3 năm 2025",
        "place": "Nam Sơn",
        "doc_type": "gửi báo cáo",
        "title": "gửi báo cáo",
        "addressees": " Sở Nội vụ",
    }
    assert {mark.rule for mark in header.marks.values()} == {"header.agency", "header.number", "header.date", "header.subject", "header.addressed"}


@pytest.mark.parametrize(
    ("digits", "rest", "expected"),
    [
        ("11 ", "/2025/QĐ-UBND", "11/2025/QĐ-UBND"),
        ("27", "/NQ- TW", "27/NQ-TW"),
        ("43", "/TBUBND", "43/TB-UBND"),
        ("92", "/2017/NĐCP", "92/2017/NĐ-CP"),
        ("30a", "/2008/NQ-CP", "30a/2008/NQ-CP"),
        ("1899", "/QĐ-TTG", "1899/QĐ-TTg"),
        ("15", "-QĐ/TU", "15-QĐ/TU"),
        ("11554", "/VPCP-V.I", "11554/VPCP-V.I"),
    ],
)
def test_clean_number(digits: str, rest: str, expected: str) -> None:
    assert clean_number(digits, rest) == expected


@pytest.mark.parametrize(
    ("printed", "body", "expected"),
    [
        ("VỀ VIỆC THÀNH LẬP TỔ 389 TỈNH ĐẮK LẮK", "", "Về việc thành lập tổ 389 tỉnh Đắk Lắk"),
        ("HỘI THI HOA SEN", "Hội thi Hoa Sen mở ngày 5; hoa sen nở.", "Hội thi Hoa Sen"),
        ("GIẢI QUYẾT TTHC CỦA UBND TỈNH", "", "Giải quyết TTHC của UBND tỉnh"),
        ("ĐẠI HỘI LẦN THỨ XIV", "", "Đại hội lần thứ XIV"),
        ("Sở Y tế", "", "Sở Y tế"),
    ],
)
def test_ordinary_case(printed: str, body: str, expected: str) -> None:
    assert ordinary_case(printed, Body(body)) == expected


@pytest.mark.parametrize("filler", ["a", "1/2-3/4", " ", "- ", "\n", "Số: 1 ", "ngày ", "QUYẾT ĐỊNH\n", "CHỦ TỊCH\n", "|"])
def test_hostile_input_ends(filler: str) -> None:
    text = Text.of_lines((filler * (300_000 // len(filler))).split("\n"))
    header = find_header(text, closing=find_closing(text))
    assert header.number is None
