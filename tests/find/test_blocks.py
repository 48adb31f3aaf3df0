"""Paragraphs and list items."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from docparse.find.blocks import find_blocks
from docparse.text import Line, Page, Span, Table, Text
from tests.find.test_sections import CASES, text_of


@pytest.mark.parametrize("case", CASES["block"], ids=lambda case: case["reason"][:60])
def test_blocks(case: dict[str, Any]) -> None:
    text = text_of(case["text"])
    found = [[block.mark or "", text.content[block.body : block.end].replace("\n", "|")] for block in find_blocks(text)]
    assert found == case["blocks"]


def test_kinds_of_marks() -> None:
    text = text_of("I. MỘT\n1. Hai\n1.1. Ba\na) Bốn\n- Năm\nSáu")
    assert [(block.mark, block.mark_kind) for block in find_blocks(text)] == [
        ("I.", "roman"), ("1.", "arabic"), ("1.1.", "decimal"), ("a)", "letter"), ("-", "bullet"), (None, None),
    ]  # fmt: skip


def test_cells_of_a_ruled_table_are_blocks_of_their_own() -> None:
    content = "Danh mục:\n1. Lúa\ngạo\n2 tấn\nHết."
    lines = tuple(Line(start, end, opens=False) for start, end in ((0, 9), (10, 16), (17, 20), (21, 26), (27, 31)))
    table = Table(start=10, end=26, rows=((Span(10, 20), Span(21, 26)),))
    text = Text(content=content, pages=(Page(1, 0, 31, None, None, lines),), origin="plain", tables=(table,))
    assert [(content[block.start : block.end], block.cell) for block in find_blocks(text)] == [
        ("Danh mục:", False), ("1. Lúa\ngạo", True), ("2 tấn", True), ("Hết.", False),
    ]  # fmt: skip


def test_footnotes_interrupt_no_block() -> None:
    content = "1. Giao các xã kiểm\n(1) Xã A.\ntra chợ.\n(2) Xã B."
    lines = (Line(0, 19), Line(20, 29, note=True), Line(30, 38, opens=False), Line(39, 48, note=True))
    text = Text(content=content, pages=(Page(1, 0, 48, None, None, lines),), origin="plain")
    first, second = find_blocks(text)
    assert (first.start, first.end, first.notes, first.note) == (0, 38, (Span(20, 29),), False)
    assert (second.start, second.end, second.notes, second.note) == (39, 48, (), True)


def test_quoted_blocks() -> None:
    text = text_of("Điều 3 viết:\n“1. Xã lập danh sách.\n2. Huyện duyệt.”\nXin báo cáo.")
    assert [(block.mark, block.quoted) for block in find_blocks(text)] == [(None, False), (None, False), ("2.", True), (None, False)]


def test_blocks_are_in_order_and_apart() -> None:
    text = text_of("\n".join(case["text"] for case in CASES["section"]))
    blocks = find_blocks(text)
    assert all(block.start <= block.body <= block.end for block in blocks)
    assert all(before.end <= after.start for before, after in itertools.pairwise(blocks))
