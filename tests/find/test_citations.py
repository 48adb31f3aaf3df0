"""Mentions of documents, on made-up texts with the whole list of citations expected."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from docparse.find.citations import find_citations
from docparse.find.closing import Closing
from docparse.record import Citation, Header, Mark, Section
from docparse.text import Text
from tests.conftest import ROOT

CASES = tomllib.loads((ROOT / "tests/cases/citations.toml").read_text(encoding="utf-8"))["case"]


def find(content: str, header: Header | None = None, sections: tuple[Section, ...] = ()) -> tuple[Citation, ...]:
    text = Text.of_lines(content.split("\n"))
    return find_citations(text, header=header or Header(), closing=Closing(len(content), len(content)), sections=sections)


def row(citation: Citation) -> str:
    named = citation.title and (citation.number is None or citation.rule.startswith("law.") or citation.rule == "citation.standard")
    name = " ".join(part for part in (citation.number, f"“{citation.title}”" if named else None) if part)
    return " | ".join(value or "-" for value in (citation.doc_type, name, citation.date, citation.issuer, citation.relation))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"][:60])
def test_citations(case: dict[str, Any]) -> None:
    citations = find(case["text"], Header(**case.get("header", {})))
    assert [row(citation) for citation in citations] == case["citations"]
    assert [case["text"][citation.start : citation.end] for citation in citations] == [citation.text for citation in citations]
    if "provisions" in case:
        assert list(citations[0].provisions) == case["provisions"]
    if "keys" in case:
        assert [citation.resolved for citation in citations] == case["keys"]


def test_a_heading_of_grounds_makes_what_it_lists_the_basis() -> None:
    content = "1. Căn cứ pháp lý\na) Khoản 3 Điều 15 Nghị định số 126/2024/NĐ-CP quy định thẩm quyền.\n2. Kết quả\nNghị định số 45/2010/NĐ-CP nêu rõ."
    grounds = Section(
        id="1", parent=None, label="1", depth=1, kind="arabic", heading="Căn cứ pháp lý", start=0, end=content.index("2."), page=1, rule="r"
    )
    assert [citation.relation for citation in find(content, sections=(grounds,))] == ["basis", "mentions"]


def test_the_letterhead_number_is_none_even_when_the_header_was_not_read() -> None:
    assert find("Số: 12/SYT-NV\nHà Nội, ngày 5 tháng 5 năm 2025") == ()


def test_a_line_with_so_above_the_title_is_the_own_number_however_it_was_read() -> None:
    content = "SỞ Y TẾ\nSố 4131/TB-SYT\nTHÔNG BÁO\nVề việc trực lễ\nTheo Thông báo\nsố 12/TB-SYT."
    marks = {"doc_type": Mark(start=content.index("THÔNG"), end=content.index("\nVề"), rule="r")}
    (citation,) = find(content, Header(doc_type="thông báo", marks=marks))
    assert (citation.number, citation.relation) == ("12/TB-SYT", "implements")


def test_text_runs_from_the_provisions_to_the_issuer() -> None:
    (citation,) = find("Theo khoản 1 Điều 7 Nghị định số 26/2020/NĐ-CP ngày 28/02/2020 của Chính phủ quy định chi tiết.")
    assert citation.text == "khoản 1 Điều 7 Nghị định số 26/2020/NĐ-CP ngày 28/02/2020 của Chính phủ"
    assert (citation.title, citation.rule) == ("quy định chi tiết", "number.year")


@pytest.mark.parametrize("unit", ["Luật A ", "12/QĐ-", "1/", "\n- ", "điều 1 ", "Công văn số 1/A-B của Bộ A và ", "(", "Nghị quyết 57 và "])
def test_hostile_input_ends(unit: str) -> None:
    content = (unit * (40_000 // len(unit) + 1))[:40_000]
    assert all(citation.text == content[citation.start : citation.end] for citation in find(content))


def test_a_number_line_that_the_header_rejects_is_the_documents_own() -> None:
    content = "Số: 41/TB-CĐ\nTHÔNG BÁO\nTheo Công văn số 5/SNV-VP."
    header = Header(doc_type="thông báo", marks={"doc_type": Mark(start=13, end=22, rule="header.type_line")})
    text = Text.of_lines(content.split("\n"))
    found = find_citations(text, header=header, closing=Closing(len(content), len(content)), sections=())
    assert [citation.number for citation in found] == ["5/SNV-VP"]
