"""What the trained model sees teaches the grammar of names: heads, fields, lists; without it the same text reads as before."""

from __future__ import annotations

import pytest

from docparse.find.agencies import find_agencies
from docparse.find.agency_learning import Seen, learn_vocabulary
from docparse.find.agency_words import lexicon_vocabulary
from docparse.find.closing import Closing
from docparse.find.tokens import Phrases, Tokens
from docparse.record import Header
from docparse.text import Span, Text


def seen_in(content: str, *, names: tuple[str, ...] = (), likely: tuple[str, ...] = ()) -> Seen:
    def spans(words: tuple[str, ...]) -> list[Span]:
        return [Span(at, at + len(word)) for word in words for at in [content.index(word)]]

    return Seen(spans(names), spans(likely))


def forms(content: str, seen: Seen | None = None) -> list[str]:
    end = Closing(len(content), len(content))
    return [mention.mention for mention in find_agencies(Text.of_lines([content]), header=Header(), closing=end, seen=seen) if not mention.collective]


def test_nothing_seen_leaves_the_vocabulary_of_the_lexicon() -> None:
    assert learn_vocabulary(Tokens.of_string("Giao Sở Y tế chủ trì."), Seen()) is lexicon_vocabulary()


@pytest.mark.parametrize(
    ("content", "names", "expected"),
    [
        ("Giao Nông trang huyện Ea Kar, Nông trang huyện Krông Pắc kiểm đếm.", ("Nông trang huyện Ea Kar",), ["Nông trang huyện Ea Kar", "Nông trang huyện Krông Pắc"]),
        ("Giao Nông trang huyện Ea Kar. Các Nông trang: Cà phê, Hồ tiêu báo cáo.", ("Nông trang huyện Ea Kar",), ["Nông trang huyện Ea Kar", "Nông trang Cà phê", "Nông trang Hồ tiêu"]),
        ("Nông trang Bắc Hà và Nông trang Đông Sơn họp; Nông trang Tây Hồ vắng.", ("Nông trang Bắc Hà", "Nông trang Đông Sơn"), ["Nông trang Bắc Hà", "Nông trang Đông Sơn", "Nông trang Tây Hồ"]),
    ],
)  # fmt: skip
def test_heads_are_learned_from_seen_names(content: str, names: tuple[str, ...], expected: list[str]) -> None:
    assert forms(content) == []
    assert forms(content, seen_in(content, names=names)) == expected


def test_a_likely_item_of_an_enumeration_is_a_field() -> None:
    content = "Giao các Sở: Tài chính, Vũ trụ học, Y tế báo cáo."
    assert forms(content) == ["Sở Tài chính"]
    assert forms(content, seen_in(content, likely=("Vũ trụ học",))) == ["Sở Tài chính", "Sở Vũ trụ học", "Sở Y tế"]


def test_a_seen_name_with_an_unknown_head_wins_over_the_body_that_ends_it() -> None:
    content = "Báo cáo Tiểu tổ của UBND tỉnh Lâm Đồng."
    assert forms(content) == ["UBND tỉnh Lâm Đồng"]
    assert forms(content, seen_in(content, names=("Tiểu tổ của UBND tỉnh Lâm Đồng",))) == ["Tiểu tổ của UBND tỉnh Lâm Đồng"]


def test_a_seen_name_that_goes_on_wins_over_the_body_that_begins_it() -> None:
    content = "Giao Phòng Nội vụ báo cáo viên chủ trì."
    assert forms(content) == ["Phòng Nội vụ"]
    assert forms(content, seen_in(content, names=("Phòng Nội vụ báo cáo viên",))) == ["Phòng Nội vụ báo cáo viên"]


def test_a_seen_name_with_a_known_head_does_not() -> None:
    content = "Báo cáo Sở của UBND tỉnh Lâm Đồng."
    assert forms(content, seen_in(content, names=("Sở của UBND tỉnh Lâm Đồng",))) == ["UBND tỉnh Lâm Đồng"]


def test_phrases_beyond_a_table_are_found_and_the_longer_one_wins() -> None:
    known = Phrases([("Ban Quản lý", 1), ("Sở", 2)])
    table = Phrases([("Ban Quản lý dự án", 3), ("Tiểu tổ", 4)], beyond=known)
    assert table.longest(["ban", "quản", "lý", "dự", "án"], 0) == (5, 3)
    assert table.longest(["ban", "quản", "lý", "rừng"], 0) == (3, 1)
    assert table.longest(["sở"], 0) == (1, 2)
    assert table.longest(["tổ"], 0) is None
    assert set(table.firsts) == {"ban", "sở", "tiểu"}
    assert "sở" in table and "tổ" not in table
