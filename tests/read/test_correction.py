import pytest

from docparse.read.correction import correct_words
from docparse.read.layout import Word


def corrected(text: str) -> list[Word]:
    return correct_words([Word(word, 0, 0, 1, 1) for word in text.split()])


@pytest.mark.parametrize(
    ("recognised", "expected", "raw"),
    [
        ("tô chức thực hiện", "tổ chức thực hiện", ["tô"]),
        ("(tô chức)", "(tổ chức)", ["(tô"]),
        ("thực hiên nhiệm vụ", "thực hiện nhiệm vụ", ["hiên"]),
        ("quan lý nhà nước", "quản lý nhà nước", ["quan"]),
        ("Đê nghị", "Đề nghị", ["Đê"]),
        ("nhân đân", "nhân dân", ["đân"]),
        ("ban hành Nghi quyết", "ban hành Nghị quyết", ["Nghi"]),
        ("KÉ HOẠCH", "KẾ HOẠCH", ["KÉ"]),
        ("tháng II năm 20l7", "tháng 11 năm 2017", ["II", "20l7"]),
        ("12//QD-UBNND", "12/QĐ-UBND", ["12//QD-UBNND"]),
        ("Uỷ ban nhan dân", "Uỷ ban nhân dân", ["nhan"]),
    ],
)
def test_words_in_their_usual_company_are_corrected(recognised: str, expected: str, raw: list[str]) -> None:
    words = corrected(recognised)
    assert " ".join(word.text for word in words) == expected
    assert [word.raw for word in words if word.raw is not None] == raw


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("ông Tôn Thất Tùng", "a name of a person whose words are unusual together"),
        ("Tô Văn Chức", "also where each word has an accented twin"),
        ("ông Lê Quan Lý", "also where the pair is one mark away from a usual one"),
        ("bà Trần Thị Tô", "at the end of a line"),
        ("Thủ trưởng các cơ quan", "usual as it is"),
        ("quan hệ quốc tế", "quan has company of its own"),
        ("tô, chức", "a comma parts the two"),
        ("sô 12", "a figure is no company"),
        ("Uỷ ban, Uỷ viên", "another placement of the tone is no error"),
        ("ông Nguyễn Văn Phong", "a person, not Văn phòng"),
        ("PHƯỜNG AN KHÊ", "a ward, not PHƯƠNG ÁN"),
    ],
)
def test_what_can_be_right_is_left_alone(printed: str, reason: str) -> None:
    words = corrected(printed)
    assert (" ".join(word.text for word in words), [word.raw for word in words if word.raw]) == (printed, []), reason


def test_a_corrected_word_is_company_for_the_next() -> None:
    assert [word.text for word in corrected("hiên tôt")] == ["hiên", "tôt"]
    assert [word.text for word in corrected("thực hiên tôt")] == ["thực", "hiện", "tốt"]


def test_places_and_confidence_stay_and_nothing_gives_nothing() -> None:
    words = [Word("tô", 10, 20, 30, 40, 0.61, doubtful=True), Word("chức", 35, 20, 60, 40, 0.9)]
    assert correct_words(words) == [Word("tổ", 10, 20, 30, 40, 0.61, raw="tô", doubtful=True), words[1]]
    assert correct_words([]) == []
