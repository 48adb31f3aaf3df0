"""Concordance: contexts, their order, counts, and what is read where a word is frequent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_corpus import add, letter

from docparse.query import places
from docparse.query.alphabet import alphabetical
from docparse.query.filters import Filters
from docparse.query.kwic import Sort, count_places, kwic
from docparse.query.outlines import Outline, Unit
from docparse.query.places import Reading
from docparse.store.corpus import Corpus

MARCH = letter(
    "31/BC-SYT",
    "12 tháng 3 năm 2025",
    "I. KẾT QUẢ\n1. Công tác\nSở đã phân bổ vốn cho xã Đèo và đề nghị phân bổ\nvốn đợt hai.\nII. KIẾN NGHỊ\nĐề xuất Phân bổ vốn sớm.",
)
APRIL = letter("42/BC-SYT", "10 tháng 4 năm 2026", "Tỉnh đã giao phân bổ vốn đầu tư. Xã chưa phân bố vốn.")
TRADE = letter("7/BC-SCT", "2 tháng 5 năm 2026", "Ngành dừng phân bổ vốn dự phòng.", issuer="SỞ CÔNG THƯƠNG")


@pytest.fixture(params=["sqlite", "postgresql"])
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Corpus]:
    where = str(tmp_path / "c.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = Corpus(where, create=True)
    add(opened, MARCH, APRIL, TRADE)
    yield opened
    opened.close()


def contexts(corpus: Corpus, query: str, sort: Sort) -> list[tuple[str, str, str]]:
    return [(line.left, line.keyword, line.right) for line in kwic(corpus, query, sort=sort, width=12).lines]


def test_places_with_context_section_and_offsets(corpus: Corpus) -> None:
    found = kwic(corpus, '"phân bổ vốn"', width=20)
    assert (found.total, found.documents, found.complete) == (5, 3, True)
    assert [(line.document.number, line.section, line.page, line.left, line.keyword, line.right) for line in found.lines] == [
        ("7/BC-SCT", None, 1, "công tác Ngành dừng ", "phân bổ vốn", " dự phòng. GIÁM ĐỐC"),
        ("42/BC-SYT", None, 1, "tác Tỉnh đã giao ", "phân bổ vốn", " đầu tư. Xã chưa"),
        ("31/BC-SYT", "I.1", 1, "1. Công tác Sở đã ", "phân bổ vốn", " cho xã Đèo và đề"),
        ("31/BC-SYT", "I.1", 1, "xã Đèo và đề nghị ", "phân bổ vốn", " đợt hai. II. KIẾN"),
        ("31/BC-SYT", "II", 1, "KIẾN NGHỊ Đề xuất ", "Phân bổ vốn", " sớm. GIÁM ĐỐC Lê"),
    ]
    assert [MARCH.text[line.start : line.end] for line in found.lines[2:]] == ["phân bổ vốn", "phân bổ\nvốn", "Phân bổ vốn"]


def test_a_page_of_a_concordance(corpus: Corpus) -> None:
    whole = kwic(corpus, '"phân bổ vốn"')
    assert kwic(corpus, '"phân bổ vốn"', limit=2, offset=3).lines == whole.lines[3:]
    assert kwic(corpus, '"phân bổ vốn"', limit=2, offset=5).lines == ()


def test_sorted_by_the_nearest_word_left_first(corpus: Corpus) -> None:
    assert [left for left, _, _ in contexts(corpus, '"phân bổ vốn"', "left")] == ["Ngành dừng ", "tác Sở đã ", "đã giao ", "và đề nghị ", "Đề xuất "]


def test_sorted_by_the_words_right(corpus: Corpus) -> None:
    assert [right for _, _, right in contexts(corpus, '"phân bổ vốn"', "right")] == [
        " cho xã Đèo",
        " dự phòng.",
        " đầu tư. Xã",
        " đợt hai.",
        " sớm. GIÁM",
    ]


def test_sorted_by_keyword_then_right(corpus: Corpus) -> None:
    assert [(keyword, right) for _, keyword, right in contexts(corpus, "phan bo von", "keyword")][-1] == ("phân bố vốn", ". GIÁM ĐỐC")


def test_sorted_by_day(corpus: Corpus) -> None:
    assert [line.document.date for line in kwic(corpus, '"phân bổ vốn"', sort="date").lines] == ["2025-03-12"] * 3 + ["2026-04-10", "2026-05-02"]


def test_filters_hold(corpus: Corpus) -> None:
    assert kwic(corpus, '"phân bổ vốn"', filters=Filters(year=("2026",))).total == 2


def test_counts(corpus: Corpus) -> None:
    query = '"phân bổ vốn"'
    assert count_places(corpus, query) == (("2025", 3), ("2026", 2))
    assert count_places(corpus, query, by="issuer") == (("Sở Y tế", 4), ("Sở Công Thương", 1))
    assert count_places(corpus, query, by="doc_type") == (("báo cáo", 5),)
    assert count_places(corpus, "phan bo von", by="keyword") == (("phân bổ vốn", 5), ("phân bố vốn", 1))


def test_nothing_asked_nothing_found(corpus: Corpus) -> None:
    assert kwic(corpus, "  ").total == 0
    assert count_places(corpus, "") == ()
    assert kwic(corpus, "thủy lợi").lines == ()


def test_of_a_frequent_word_a_sample_is_read(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(corpus, "vốn", filters=Filters(), most=2)
    assert [(len(list(reading)), reading.complete) for _ in range(2)] == [(2, False)] * 2
    monkeypatch.setattr(places, "AT_A_TIME", 1)
    monkeypatch.setattr(places, "MOST_PLACES", 0)
    found = kwic(corpus, "vốn")
    assert (found.documents, found.complete) == (1, False)


def test_the_innermost_unit_holds_a_place() -> None:
    outline = Outline([Unit(10, 90, "I", None), Unit(20, 40, "I.1", None), Unit(50, 60, "I.2", None)], [0, 30, 58])
    found = [(outline.unit(offset), outline.page(offset)) for offset in (5, 10, 39, 45, 55, 70, 95)]
    assert [(unit.address if unit else None, page) for unit, page in found] == [
        (None, 1),
        ("I", 1),
        ("I.1", 2),
        ("I", 2),
        ("I.2", 2),
        ("I", 3),
        (None, 3),
    ]


def test_vietnamese_alphabet() -> None:
    words = ["ương", "ung", "ưng", "đê", "dê", "12", "ma", "mã", "mà", "má", "mạ", "mả", "măng", "mận", "man", "Hoà", "hóa", "Ân", "ăn"]
    assert sorted(words, key=lambda word: alphabetical([word])) == [
        *("12", "ăn", "Ân", "dê", "đê", "Hoà", "hóa", "ma", "mà", "mả", "mã", "má", "mạ", "man", "măng", "mận", "ung", "ưng", "ương"),
    ]
    assert alphabetical(["văn", "bản"]) < alphabetical(["văn", "bằng"]) < alphabetical(["vân"])
