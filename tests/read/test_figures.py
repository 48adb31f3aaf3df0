import pytest

from docparse.read.figures import correct_figures
from docparse.read.layout import Word


def corrected(text: str) -> str:
    return " ".join(word.text for word in correct_figures([Word(word, 0, 0, 1, 1) for word in text.split()]))


@pytest.mark.parametrize(
    ("recognised", "expected"),
    [
        ("ngày O5 tháng l2 năm 2OI9.", "ngày 05 tháng 12 năm 2019."),
        ("tháng II năm 20l7,", "tháng 11 năm 2017,"),
        ("Ngày Il Tháng |0", "Ngày 11 Tháng 10"),
        ("quý IH", "quý III"),
        ("(Quý H)", "(Quý II)"),
        ("Chương L", "Chương I"),
        ("khóa XIH", "khóa XIII"),
        ("chương Il.", "chương II."),
        ("Il. NHIỆM VỤ", "II. NHIỆM VỤ"),
        ("sau đây: lI. GIẢI PHÁP", "sau đây: II. GIẢI PHÁP"),
        ("05/NQ-HDND", "05/NQ-HĐND"),
        ("587/TB-UBNĐ", "587/TB-UBND"),
        ("12//2024//TT-BTC", "12/2024/TT-BTC"),
        ("12⁄QD-UBNND", "12/QĐ-UBND"),
        ("7a/BC-UBMD", "7a/BC-UBND"),
        ("1/QD-T1g;", "1/QĐ-TTg;"),
        ("02/QÐ-BCA", "02/QĐ-BCA"),
        ("/QD-UBND", "/QĐ-UBND"),
        ("3-QD/TU", "3-QĐ/TU"),
    ],
)
def test_figures_are_restored(recognised: str, expected: str) -> None:
    assert corrected(recognised) == expected


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("ngày 12 tháng 3 năm 2026", "right as it is"),
        ("ngày Oanh", "letters that are no figures"),
        ("tháng III", "longer than a month can be"),
        ("quý II, quý IV", "numerals already"),
        ("quý IIII", "no numeral by any reading"),
        ("theo Il. NHIỆM", "no heading begins behind a word"),
        ("Il. Nhiệm vụ", "the heading is not in capitals"),
        ("Phần 1, chương 2", "Arabic figures are printed so"),
        ("mục 1 Điều 3", "an item has an Arabic number"),
        ("tại Mục 11 của Phụ lục", "also of two figures"),
        ("khu vực 1", "also an area"),
        ("214/KH-SYT", "symbols of offices that are not on the list"),
        ("12/HD-UBND", "hướng dẫn, not hợp đồng"),
        ("1/QĐ-TTr", "the symbol of another office"),
        ("và/hoặc", "no symbol in capitals"),
        ("22/01/2026", "a date"),
        ("84,6%", "a figure"),
    ],
)
def test_what_can_be_right_is_left_alone(printed: str, reason: str) -> None:
    assert corrected(printed) == printed, reason


def test_raw_is_kept_where_and_only_where_a_figure_was_restored() -> None:
    words = [
        Word("tháng", 0, 0, 40, 10),
        Word("II", 50, 0, 60, 10, 0.9, doubtful=True),
        Word("năm", 70, 0, 90, 10),
        Word("2O17", 100, 0, 130, 10, raw="2Ol7"),
    ]
    assert correct_figures(words) == [
        words[0],
        Word("11", 50, 0, 60, 10, 0.9, raw="II", doubtful=True),
        words[2],
        Word("2017", 100, 0, 130, 10, raw="2Ol7"),
    ]
