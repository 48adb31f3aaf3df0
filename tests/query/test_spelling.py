"""What counts as the same word, and where it stands in a text."""

from __future__ import annotations

import pytest

from docparse.lexicon import load_rows
from docparse.query.language import Words
from docparse.query.spelling import as_phrase, equal_forms, marker, spellings, without_marks
from docparse.store.rows import fold

TEXT = "Quyết định của Uỷ ban nhân dân tỉnh về phân bổ vốn; Chủ tịch UBND huyện; Quyết định số 08/2021/QĐ-TTg; hoà bình"


@pytest.mark.parametrize(
    ("query", "close", "in_a_row"),
    [
        ("phan bo von", ["phân bổ vốn"], ["phân bổ vốn"]),
        ('"phân bổ vốn"', ["phân bổ vốn"], ["phân bổ vốn"]),
        ('"phan bo von"', [], []),
        ('~"phan bo von"', ["phân bổ vốn"], ["phân bổ vốn"]),
        ("ubnd", ["Uỷ ban nhân dân", "UBND"], ["Uỷ ban nhân dân", "UBND"]),
        ("chủ tịch ủy ban nhân dân", ["Uỷ ban nhân dân", "Chủ tịch UBND"], ["Chủ tịch UBND"]),
        ("8/2021/QD-TTg", ["08/2021/QĐ-TTg"], ["08/2021/QĐ-TTg"]),
        ("08/2021", ["08/2021"], ["08/2021"]),
        ("hòa", ["hoà"], ["hoà"]),
        ('"hòa bình"', ["hoà bình"], ["hoà bình"]),
        ("von bo", ["bổ", "vốn"], []),
        ("tỉnh OR huyện", ["tỉnh", "huyện"], ["tỉnh", "huyện"]),
        ("dinh* NOT tinh", ["định", "định"], ["định", "định"]),
        ("NEAR(von huyen)", ["vốn", "huyện"], ["vốn", "huyện"]),
    ],
)
def test_marks(query: str, close: list[str], in_a_row: list[str]) -> None:
    for wanted, found in ((close, marker(query)), (in_a_row, marker(as_phrase(query)))):
        assert [TEXT[start:end] for start, end in found.find(TEXT, fold(TEXT))] == wanted


def test_tone_placements_of_a_phrase() -> None:
    assert set(spellings(Words(("hòa", "thuận", "thủy"), exact=True))) == {
        ("hòa", "thuận", "thủy"),
        ("hoà", "thuận", "thủy"),
        ("hòa", "thuận", "thuỷ"),
        ("hoà", "thuận", "thuỷ"),
    }
    assert spellings(Words(("quý", "quỳ"), exact=True)) == (("quý", "quỳ"),)
    assert len(spellings(Words(("hòa",) * 7, exact=True))) == 2


def test_abbreviations_name_one_thing() -> None:
    rows = load_rows("abbreviations")
    shorts = [row["short"] for row in rows]
    assert sorted(shorts) == sorted(set(shorts))
    assert [row for row in rows if not (row["full"] and row["source"])] == []
    assert equal_forms()["hđnd",] == (("hội", "đồng", "nhân", "dân"),)
    assert equal_forms()["hdnd",] == (("hội", "đồng", "nhân", "dân"),)


@pytest.mark.parametrize(
    ("query", "loose"),
    [('"phan bo"', '~"phan bo"'), ("phân bổ", "phan bo"), ("phan bo", None), ('~"phân bổ"', None), ("28/2023/QĐ-TTg", None)],
)
def test_the_same_search_for_any_marks(query: str, loose: str | None) -> None:
    assert without_marks(query) == loose
