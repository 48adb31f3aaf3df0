"""The closing block: made-up recipients and signatures in the line orders that readers give."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from docparse.find.closing import find_closing
from docparse.find.signers import read_name
from docparse.text import Text

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "closing.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"])
def test_closing(case: dict[str, Any]) -> None:
    text = Text.of_lines(case["lines"])
    closing = find_closing(text)
    found = [[value or "" for value in (signer.name, signer.position, signer.authority, signer.on_behalf_of)] for signer in closing.signers]
    assert found == case["signers"]
    assert list(closing.recipients) == case["recipients"]
    block = text.content[closing.start : closing.end]
    assert block.startswith(case["begins"])
    assert block.endswith(case["ends"])
    assert bool(block) == bool(case["begins"])


def test_text_without_closing_ends_where_the_text_ends() -> None:
    text = Text.of_lines(["Điều 1. Phạm vi", "Quy định này áp dụng cho các đơn vị."])
    closing = find_closing(text)
    assert (closing.start, closing.end) == (len(text.content), len(text.content))


def test_signer_range_covers_the_capacity_and_the_name() -> None:
    text = Text.of_lines(["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Thị Hoa", "Phụ lục"])
    (signer,) = find_closing(text).signers
    assert text.content[signer.start : signer.end] == "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nLê Thị Hoa"
    assert signer.rule == "closing.authority"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("PGS.TS. Trần Thị Bình", "Trần Thị Bình"),
        ("Đại tá, TS Lê Hải", "Lê Hải"),
        ("TRẦN THỊ BÌNH", "Trần Thị Bình"),
        ("Y Thanh Hà Niê Kđăm", "Y Thanh Hà Niê Kđăm"),
        ("HÀ NỘI", None),
        ("Website Cục Thuế", None),
        ("Lưu: VT", None),
        ("Kế hoạch 2025", None),
    ],
)
def test_read_name(printed: str, expected: str | None) -> None:
    assert read_name(printed, sure=True) == expected
