import pytest

from docparse.read.lines import RawLine, RawPage, build_text, clean
from docparse.text import Box, Span


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Đie\u0302\u0300u 5", "Điều 5"),
        ("QUYẾT ÐỊNH", "QUYẾT ĐỊNH"),
        ("TTĐТСР", "TTĐTCP"),
        ("12\u2011NQ\u2044TW", "12-NQ/TW"),
        ("\uf0b7 nội dung", "• nội dung"),
        ("\uf02d nội dung", "- nội dung"),
        ("Khoa học &amp;amp; Công nghệ", "Khoa học & Công nghệ"),
        ("  hai\u00a0bên\u200b \x07", "hai bên"),
    ],
)
def test_clean_gives_plain_vietnamese(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_empty_lines_and_drawn_rules_are_left_out() -> None:
    text = build_text([RawPage([RawLine("a"), RawLine(" "), RawLine("-------"), RawLine("* * *"), RawLine("- b")])], origin="plain")
    assert text.content == "a\n- b"
    assert [(line.start, line.end) for line in text.lines] == [(0, 1), (2, 5)]


def test_pages_are_ranges_of_the_content() -> None:
    pages = [RawPage([RawLine("một")], 595.0, 842.0), RawPage([]), RawPage([RawLine("hai"), RawLine("ba")])]
    text = build_text(pages, origin="text_layer")
    assert text.content == "một\nhai\nba"
    assert [(page.number, page.start, page.end, page.width) for page in text.pages] == [(1, 0, 3, 595.0), (2, 3, 3, None), (3, 4, 10, None)]
    assert [text.page_at(offset) for offset in (0, 2, 4, 9)] == [1, 1, 3, 3]


def test_cells_become_ranges_row_by_row() -> None:
    lines = [
        RawLine("TT", cell=(0, 0, 0)),
        RawLine("Nhiệm vụ", cell=(0, 0, 1)),
        RawLine("1", cell=(0, 1, 0)),
        RawLine("Rà soát", cell=(0, 1, 1)),
        RawLine("số liệu", cell=(0, 1, 1)),
        RawLine("2", cell=(0, 2, 0)),
    ]
    text = build_text([RawPage(lines)], origin="markup")
    (table,) = text.tables
    assert [[text.content[cell.start : cell.end] for cell in row] for row in table.rows] == [["TT", "Nhiệm vụ"], ["1", "Rà soát\nsố liệu"], ["2", ""]]
    assert table.rows[2][1] == Span(table.end, table.end)


def test_legacy_letters_become_unicode() -> None:
    lines = ["Céng hoµ x· héi chñ nghÜa ViÖt Nam", "§éc lËp - Tù do - H¹nh phóc", "KÕ ho¹ch ph¸t triÓn kinh tÕ cña tØnh"]
    text = build_text([RawPage([RawLine(line, box=Box(0, 0, 1, 1)) for line in lines])], origin="plain")
    assert text.content.split("\n") == ["Cộng hoà xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc", "Kế hoạch phát triển kinh tế của tỉnh"]
